"""Decide whether two stories are one: verified likeness without shared boilerplate."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from unioncrawl.archive.reprints.filled_in_forms import describe_different_events
from unioncrawl.archive.reprints.fingerprints import (
    GRAM,
    ReprintText,
    Similarity,
    measure,
    paragraph_hash,
    reprint_folded,
)
from unioncrawl.language.folding import fold

# Two texts are one story when they share half of all they say …
_MIN_JACCARD = 0.45
# … or when one is an excerpt of at least about a third of the other.
_MIN_CONTAINMENT, _MIN_SHARE = 0.64, 0.25
_COPY_JACCARD = 0.98
_SAME = Similarity(1.0, 1.0, 1.0)
# Like stories share a quarter of the longer one; a sample may miss most of that.
_LEAST_SAMPLED = 0.08
# A story of fewer characters (after boilerplate is taken off) says too little.
MIN_STORY = 40
# A common ending up to this long, after stories that differ, is a disclaimer
# or a blurb even when it was never seen before.
_MAX_BLURB = 250
# The rests of one story share at least this much, whatever was dropped or added.
_MIN_BEYOND_ENDING = 0.3
_EDGE = 3
_MIN_PARAGRAPH = 6


class Kind(StrEnum):
    """How one member of a group relates to the other that it was matched with."""

    COPY = "copy"
    EDITED = "edited"
    EXCERPT = "excerpt"
    # The same words about another body: no reprint, and never stored.
    OTHER = "other"


@dataclass(frozen=True)
class Story:
    """A body as reprints are compared: its paragraphs as reprint texts, empty ones left out."""

    paragraphs: tuple[str, ...]

    @classmethod
    def of(cls, body_text: str) -> Story:
        """The story of a body with one paragraph a line."""
        return cls.of_folded(fold(body_text))

    @classmethod
    def of_folded(cls, folded: str) -> Story:
        """The story of a body that is folded already."""
        return cls(tuple(filter(None, reprint_folded(folded).split("\n"))))

    @cached_property
    def text(self) -> str:
        """Return the characters of all paragraphs."""
        return "".join(self.paragraphs)

    @cached_property
    def whole(self) -> ReprintText:
        """Return all paragraphs as one text."""
        return ReprintText(self.text)

    @cached_property
    def edges(self) -> dict[int, str]:
        """Return the first and last paragraphs, where boilerplate stands, by digest."""
        outer = (*self.paragraphs[:_EDGE], *self.paragraphs[-_EDGE:])
        return {paragraph_hash(line): line for line in outer if len(line) >= _MIN_PARAGRAPH}

    def without(self, lines: AbstractSet[str]) -> Story:
        """Return the story without these paragraphs."""
        if lines.isdisjoint(self.paragraphs):
            return self
        rest = tuple(line for line in self.paragraphs if line not in lines)
        # Cached: a story is compared with many others that share its boilerplate.
        return self._rests.setdefault(rest, Story(rest))

    @cached_property
    def _rests(self) -> dict[tuple[str, ...], Story]:
        return {}


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two stories are one: how, and how much."""

    kind: Kind
    similarity: Similarity


def compare(left: Story, right: Story, boilerplate: AbstractSet[str] = frozenset()) -> Likeness | None:
    """Return how two stories are one; ``None`` when they are not.

    ``boilerplate`` holds paragraphs (reprint texts) known to stand under many
    stories. A short common ending after different stories joins nothing.

    >>> a = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，并同职工亲切交谈，叮嘱大家注意安全。"
    >>> compare(Story.of(a), Story.of("本报讯 " + a)).kind
    <Kind.EDITED: 'edited'>
    >>> compare(Story.of(a), Story.of("五一劳动节")) is None
    True
    """
    found = liken(left, right, boilerplate)
    return None if found is None or found.kind is Kind.OTHER else found


def liken(left: Story, right: Story, boilerplate: AbstractSet[str] = frozenset()) -> Likeness | None:
    """Compare as `compare` does, but report stories in the same words about other bodies (`Kind.OTHER`)."""
    left, right = left.without(boilerplate), right.without(boilerplate)
    if min(len(left.text), len(right.text)) < MIN_STORY:
        return None
    if left.text == right.text:
        return Likeness(Kind.COPY, _SAME)
    if not _may_be_like(left, right):
        return None
    similarity = measure(left.whole, right.whole)
    kind = _kind(similarity)
    if kind is None:
        return None
    # A story that is whole within the other swaps nothing.
    if similarity.containment < 1 and describe_different_events(left.whole, right.whole):
        return Likeness(Kind.OTHER, similarity)
    if kind is not Kind.COPY and _share_only_an_ending(left, right, similarity):
        return None
    return Likeness(kind, similarity)


def _may_be_like(left: Story, right: Story) -> bool:
    """Whether a look at every fourth gram of ``right`` leaves likeness possible; cheap."""
    sample = right.whole.sampled
    return sum(map(left.whole.grams.__contains__, sample)) >= _LEAST_SAMPLED * len(sample)


def _kind(similarity: Similarity) -> Kind | None:
    if similarity.jaccard >= _COPY_JACCARD:
        return Kind.COPY
    if similarity.jaccard >= _MIN_JACCARD:
        return Kind.EDITED
    if similarity.containment >= _MIN_CONTAINMENT and similarity.share >= _MIN_SHARE:
        return Kind.EXCERPT
    return None


def _share_only_an_ending(left: Story, right: Story, similarity: Similarity) -> bool:
    ending = 0
    while (
        ending < min(len(left.paragraphs), len(right.paragraphs))
        and left.paragraphs[-1 - ending] == right.paragraphs[-1 - ending]
    ):
        ending += 1
    length = sum(map(len, left.paragraphs[-ending:])) if ending else 0
    if not 0 < length <= _MAX_BLURB:
        return False
    # No more grams than these reach into the ending: what else is common may suffice.
    longest = max(len(left.whole.grams), len(right.whole.grams))
    if similarity.jaccard - (length + GRAM) / longest >= _MIN_JACCARD:
        return False
    rests = [Story(story.paragraphs[:-ending]) for story in (left, right)]
    if min(len(rest.text) for rest in rests) < MIN_STORY:
        return False
    return measure(rests[0].whole, rests[1].whole).containment < _MIN_BEYOND_ENDING
