"""Which articles stand in which longer ones, as a batch finds them; and which longer ones are roundups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from itertools import combinations

from sqlalchemy import Connection, bindparam, delete, or_, select

from unioncrawl.archive.reprints.find_part import (
    SHORTEST_TITLE,
    Place,
    begins_as_news,
    is_announced,
    repeat_words,
)
from unioncrawl.archive.reprints.texts_at_hand import TextsAtHand
from unioncrawl.archive.schema import story_part
from unioncrawl.archive.sql import chunks, upsert

# Two stories stand beside each other when so little of the shorter one's place is the other's too.
_MAX_OVERLAP = 0.1
# Between two stories of a roundup stands no more than a heading; paragraphs are longer.
_LONGEST_HEADING = 45
# A text that begins as a story does, within a lead and a heading, may itself be the story's beginning.
_AT_THE_TOP = 80
# A story that was reprinted more often still is found by any of its copies.
_MAX_PARTS = 400


_FORGET = delete(story_part).where(
    or_(
        story_part.c.article_id.in_(bindparam("wholes", expanding=True)),
        story_part.c.part_article_id.in_(bindparam("parts", expanding=True)),
    )
)
_PARTS_OF = select(story_part).where(story_part.c.article_id.in_(bindparam("wholes", expanding=True)))


class Relation(StrEnum):
    """How a longer text holds another article's story."""

    # The longer text is the same story, of which the other article is an excerpt; or nobody knows better.
    EXCERPT = "excerpt"
    # The longer text holds it beside others, or quotes it whole: a roundup, a week's news.
    CONTAINS = "contains"


@dataclass(frozen=True, slots=True)
class StoryPart:
    """The story of ``part_article_id`` stands in ``article_id``, at these characters of its text."""

    article_id: int
    part_article_id: int
    start_at: int
    end_at: int
    share: float
    relation: str = Relation.EXCERPT.value

    @property
    def is_contained(self) -> bool:
        """Whether this is a roundup's story, not an excerpt of the longer text."""
        return self.relation == Relation.CONTAINS

    @property
    def is_cut(self) -> bool:
        """Whether only the opening of the story stands there."""
        return Place(self.start_at, self.end_at, self.share).is_cut

    @property
    def may_be_reversed(self) -> bool:
        """Whether both texts begin alike and go on apart: either may hold the beginning of the other."""
        return self.is_cut and self.start_at <= _AT_THE_TOP

    def stands_within(self, other: StoryPart) -> bool:
        """Whether nine tenths of this part's place are the other's, too."""
        common = min(self.end_at, other.end_at) - max(self.start_at, other.start_at)
        return common >= (1 - _MAX_OVERLAP) * (self.end_at - self.start_at)


class StoryParts:
    """Which article holds which, within one transaction; `write` puts out what changed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of: defaultdict[int, dict[int, StoryPart]] = defaultdict(dict)
        self._loaded: set[int] = set()
        self._changed: set[tuple[int, int]] = set()
        self.apart: defaultdict[int, set[int]] = defaultdict(set)

    def forget(self, fresh: Collection[int]) -> None:
        """Delete what is known of articles whose text is new."""
        for some in chunks(sorted(fresh)):
            self._connection.execute(_FORGET, {"wholes": some, "parts": some})
        self._loaded.update(fresh)

    def load(self, wholes: Iterable[int]) -> None:
        """Read which stories these articles hold."""
        wanted = sorted(set(wholes) - self._loaded)
        self._loaded.update(wanted)
        for some in chunks(wanted):
            for row in self._connection.execute(_PARTS_OF, {"wholes": some}):
                self._keep(StoryPart(*row))

    def add(self, part: StoryPart) -> None:
        """Take a place that was found."""
        if len(self._of[part.article_id]) < _MAX_PARTS or part.is_contained:
            self._change(part)

    def settle(self, whole: int, texts: TextsAtHand) -> list[StoryPart]:
        """Decide which parts of an article are stories of their own; return those that became so now.

        Two excerpts of one story may stand apart in it, too: what proves a roundup is said at
        `_is_roundup`. A part with the longer text's own title is that text.
        """
        known = sorted(self._of[whole].values(), key=lambda part: (part.start_at, part.part_article_id))
        title_of = texts.titles([whole, *(part.part_article_id for part in known)])
        title = title_of.get(whole, "")
        others = [part for part in known if not _is_same(title, title_of.get(part.part_article_id, ""))]
        body = texts.body(whole)
        # A text that is announced below a story proves nothing about that story.
        unannounced = [
            part for part in known if not (part.is_contained and is_announced(body, part.start_at))
        ]
        contained = _beside_each_other(unannounced, title_of, texts)
        contained += [part for part in others if part.is_contained]
        new = [
            replace(part, relation=Relation.CONTAINS.value)
            for part in others
            if not part.is_contained and any(map(part.stands_within, contained))
        ]
        for part in new:
            self._change(part)
        return new

    def are_apart(self, articles: Collection[int], others: Collection[int]) -> bool:
        """Whether one of these articles is a roundup of one of the others, or the other way round."""
        return any(not self.apart[number].isdisjoint(others) for number in articles if number in self.apart)

    def _change(self, part: StoryPart) -> None:
        self._keep(part)
        self._changed.add((part.article_id, part.part_article_id))

    def _keep(self, part: StoryPart) -> None:
        self._of[part.article_id][part.part_article_id] = part
        if part.is_contained:
            self.apart[part.article_id].add(part.part_article_id)
            self.apart[part.part_article_id].add(part.article_id)

    def write(self) -> None:
        """Write what changed."""
        rows = [asdict(self._of[whole][part]) for whole, part in sorted(self._changed)]
        self._changed.clear()
        if rows:
            values = upsert(self._connection, story_part)
            renewed = {name: values.excluded[name] for name in ("start_at", "end_at", "share", "relation")}
            keys = ["article_id", "part_article_id"]
            self._connection.execute(values.on_conflict_do_update(index_elements=keys, set_=renewed), rows)


def _beside_each_other(
    known: Sequence[StoryPart], title_of: Mapping[int, str], texts: TextsAtHand
) -> list[StoryPart]:
    """Return the parts of a roundup that prove each other; none when the longer text may be one story."""
    pairs = [pair for pair in combinations(known, 2) if _are_beside(*pair)]
    beside = [
        pair
        for pair in pairs
        if (not any(part.may_be_reversed for part in pair) or _is_followed_by_news(*pair, texts))
        and not _is_same(*(title_of.get(one.part_article_id, "") for one in pair))
    ]
    if not beside or not _is_roundup(beside, texts):
        return []
    return [part for pair in beside for part in pair] + [part for part in known if part.may_be_reversed]


def _are_beside(left: StoryPart, right: StoryPart) -> bool:
    common = min(left.end_at, right.end_at) - max(left.start_at, right.start_at)
    return common <= _MAX_OVERLAP * min(left.end_at - left.start_at, right.end_at - right.start_at)


def _is_roundup(beside: Sequence[tuple[StoryPart, StoryPart]], texts: TextsAtHand) -> bool:
    """Whether stories that stand beside each other are no excerpts of one.

    A heading was found; or a story goes on elsewhere than in the longer text; or nothing but
    a heading has room between two, and the second begins as news does, or both are dated no
    later and in other words; or they are more than two. Else they may be its first and its last third.
    """
    if any(part.is_contained or part.is_cut for pair in beside for part in pair):
        return True
    if any(_are_two_stories(*pair, texts) for pair in beside):
        return True
    return any(left.part_article_id in {right.part_article_id for _, right in beside} for left, _ in beside)


def _is_followed_by_news(left: StoryPart, right: StoryPart, texts: TextsAtHand) -> bool:
    """Whether nothing but a heading has room between two parts, and the second begins as news does."""
    close = right.start_at - left.end_at <= _LONGEST_HEADING
    return close and begins_as_news(texts.body(left.article_id)[right.start_at : right.end_at])


def _are_two_stories(left: StoryPart, right: StoryPart, texts: TextsAtHand) -> bool:
    """Whether two neighbours in a longer text are no two excerpts of one story."""
    if _is_followed_by_news(left, right, texts):
        return True
    if right.start_at - left.end_at > _LONGEST_HEADING:
        return False
    if any(texts.is_later(one.part_article_id, one.article_id) for one in (left, right)):
        return False
    body = texts.body(left.article_id)
    return not repeat_words(body[left.start_at : left.end_at], body[right.start_at : right.end_at])


def _is_same(title: str, other: str) -> bool:
    """Whether two titles are one; 通知公告 heads many articles."""
    return len(title) >= SHORTEST_TITLE and title == other
