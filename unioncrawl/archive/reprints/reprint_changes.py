"""Say in words what a reprint changed of the first publication."""

from __future__ import annotations

from enum import StrEnum

from unioncrawl.archive.content_hash import normal_text
from unioncrawl.archive.reprints.fingerprints import ReprintText
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.model import Article

# Of a paragraph that stands in the other text, edited, so much is there at least.
_MIN_KEPT = 0.4
# 本报讯, a place, a date and bylines are no longer than this.
_LONGEST_LEAD = 60
_LEAST_PARAGRAPH = 12


class Change(StrEnum):
    """One way in which a reprint differs from the first publication."""

    TITLE = "title"
    LEAD_ADDED = "lead added"
    LEAD_DROPPED = "lead dropped"
    PARAGRAPHS_ADDED = "paragraphs added"
    PARAGRAPHS_DROPPED = "paragraphs dropped"
    WORDS = "words"
    SIGNS = "signs"
    DAMAGED = "damaged"


def what_changed(first: Article, reprint: Article) -> tuple[Change, ...]:
    """What a reprint changed, in a fixed order; nothing when it is the same to the letter.

    ``WORDS`` are changes within paragraphs; ``SIGNS``: only punctuation, width, script or the
    division into paragraphs differ; ``DAMAGED``: it has places that no repair could read.

    >>> body = "市总工会慰问环卫职工，送去清凉饮料和防暑药品。"
    >>> first = Article(url="http://a/1", site="a", title="送清凉", body_text=body)
    >>> reprint = Article(url="http://b/1", site="b", title="送清凉", body_text=f"本报讯 {body}")
    >>> [str(change) for change in what_changed(first, reprint)]
    ['lead added']
    >>> what_changed(first, first)
    ()
    """
    found = [Change.TITLE] if normal_text(first.title) != normal_text(reprint.title) else []
    found += _of_bodies(first.body_text, reprint.body_text)
    return tuple([*found, Change.DAMAGED] if reprint.unresolved else found)


def _of_bodies(first: str, reprint: str) -> list[Change]:
    before, after = Story.of(first), Story.of(reprint)
    if before.text == after.text:
        return [] if first == reprint else [Change.SIGNS]
    found: list[Change] = []
    for one, other, lead, paragraphs in (
        (after, before, Change.LEAD_ADDED, Change.PARAGRAPHS_ADDED),
        (before, after, Change.LEAD_DROPPED, Change.PARAGRAPHS_DROPPED),
    ):
        if _has_lead(one, other):
            found.append(lead)
        if any(_share(line, other) < _MIN_KEPT for line in one.paragraphs):
            found.append(paragraphs)
    return [*found, Change.WORDS] if not found or _differ_within(before, after) else found


def _has_lead(one: Story, other: Story) -> bool:
    """Whether a text begins like a paragraph of the other, but for a lead."""
    return bool(one.paragraphs) and any(
        len(line) < len(one.paragraphs[0]) <= len(line) + _LONGEST_LEAD and one.paragraphs[0].endswith(line)
        for line in (*other.paragraphs, other.text)
    )


def _share(line: str, other: Story) -> float:
    """How much of a paragraph stands in the other text; a very short one does or doesn't."""
    grams = ReprintText(line).grams
    return len(grams & other.whole.grams) / len(grams) if grams else float(line in other.text)


def _differ_within(before: Story, after: Story) -> bool:
    """Whether a paragraph that both have differs, its lead aside."""
    ends = tuple(line for line in before.paragraphs if len(line) >= _LEAST_PARAGRAPH)
    return any(
        line not in before.text and not line.endswith(ends) and _share(line, before) >= _MIN_KEPT
        for line in after.paragraphs
    )
