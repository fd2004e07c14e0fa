"""What became of each line of a page: kept as text, taken as a field, dropped by a rule, outside the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from unioncrawl.model import Attachment, Evidence
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labelled_lines import MetaLine
from unioncrawl.page.labels import is_label
from unioncrawl.page.paragraphs import BodyText, DropRule


class Fate(StrEnum):
    """What became of a line."""

    KEPT = "kept"
    TAKEN = "taken"
    DROPPED = "dropped"
    OUTSIDE = "outside"
    HIDDEN = "hidden"


class LineFate(NamedTuple):
    """A line of a page by its number (from 1), what became of it, by which field or rule, its text.

    A hidden piece has the number of the line before which it stands.
    """

    line: int
    fate: Fate
    by: str
    text: str


class Found(NamedTuple):
    """What was found on a page: the places that decide what becomes of its lines."""

    document: Document
    headline: Headline
    body: Range
    text: BodyText
    metas: tuple[MetaLine, ...]
    title_lines: frozenset[int]
    attachments: tuple[Attachment, ...] = ()


# A page whose element holds its whole frame too would fill the evidence with it.
MOST_DROPS = 60
_ABOVE_HEADLINE = "above-headline"
# These are claims about a page as a whole.
_OF_NO_LINE = frozenset(("encoding", "body_text"))


def drop_evidence(found: Found, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Yield the lines from the headline to the end of the text that were dropped, with the rule.

    A line whose value was taken as a field (``evidence`` has it) is none of them. Beyond
    `MOST_DROPS` only their number is given.
    """
    lines = found.document.lines
    taken = _Taken(found, evidence)
    pieces = [
        Evidence("body_text", drop.rule.value, lines[drop.line].text)
        for drop in found.text.drops
        if not taken.fields(drop.line) and drop.line not in found.title_lines
    ]
    pieces.extend(Evidence("body_text", rule, text) for _, rule, text in _hidden(found))
    if found.document.copies - {drop.line for drop in found.text.drops}:
        first = lines[min(found.document.copies)].text
        pieces.append(Evidence("body_text", DropRule.COPY.value, first))
    yield from pieces[:MOST_DROPS]
    if len(pieces) > MOST_DROPS:
        yield Evidence("body_text", "further-drops", str(len(pieces) - MOST_DROPS))


def _hidden(found: Found) -> Iterator[tuple[int, str, str]]:
    """Yield what is hidden from the headline to the end of the text: line, rule, text."""
    start = found.headline.stop or found.body.start
    for one in found.document.hidden:
        if start <= one.line <= max(found.body.stop, found.body.end):
            text = one.text
            if text:
                yield one.line, one.hiding.value, text


def page_fates(found: Found, evidence: Iterable[Evidence]) -> Iterator[LineFate]:
    """Yield what became of every visible line of a page, in page order, and of what is hidden in its text."""
    taken = _Taken(found, evidence)
    drops = dict(found.text.drops)
    hidden = [LineFate(line + 1, Fate.HIDDEN, rule, text) for line, rule, text in _hidden(found)]
    for index, line in enumerate(found.document.lines):
        yield from (one for one in hidden if one.line == index + 1)
        fate, by = _fate(found, index, taken, drops)
        yield LineFate(index + 1, fate, by, line.text)
    yield from (one for one in hidden if one.line > len(found.document.lines))


def outside_fates(document: Document) -> Iterator[LineFate]:
    """Yield the lines of a page that has no article."""
    for index, line in enumerate(document.lines):
        yield LineFate(index + 1, Fate.OUTSIDE, "no-article", line.text)


def _fate(found: Found, index: int, taken: _Taken, drops: dict[int, DropRule]) -> tuple[Fate, str]:
    body = found.body
    if body.start <= index < body.stop and index not in drops and index not in found.title_lines:
        return Fate.KEPT, ""
    if index in found.document.copies:
        return Fate.DROPPED, DropRule.COPY.value
    fields = taken.fields(index)
    if fields:
        return Fate.TAKEN, ",".join(fields)
    if index in found.title_lines:
        return Fate.TAKEN, "title"
    if index in drops:
        return Fate.DROPPED, drops[index].value
    if index < body.start:
        return Fate.OUTSIDE, _ABOVE_HEADLINE if found.headline.stop else DropRule.ABOVE.value
    return Fate.OUTSIDE, DropRule.BELOW.value


class _Taken:
    """Which fields were read from which line, by the evidence and by where fields are read."""

    def __init__(self, found: Found, evidence: Iterable[Evidence]) -> None:
        self._found = found
        self._read_at = {meta.place for meta in found.metas}
        self._raws = [
            (piece.field, squash(piece.raw))
            for piece in evidence
            if piece.raw and piece.field not in _OF_NO_LINE and piece.rule not in ("url", "meta")
        ]

    def fields(self, index: int) -> list[str]:
        """The fields whose printed value a line holds, in the order of the evidence."""
        found = self._found
        text = squash(found.document.lines[index].text)
        if found.document.lines[index].link_length and any(
            squash(one.name) in text for one in found.attachments if one.name
        ):
            return ["attachments"]
        of_headline = found.headline.start <= index < found.headline.stop
        if not of_headline and index not in self._read_at and index not in found.title_lines:
            below = found.headline.stop <= index < found.body.start
            return [name for name, raw in self._raws if below and raw == text]
        names = dict.fromkeys(name for name, raw in self._raws if raw and raw in text)
        if of_headline:
            names = {"title": None, **names}
        if not names and is_label(found.document.lines[index].text) and index + 1 < len(found.document.lines):
            return self.fields(index + 1)
        return list(names)


def count_fates(fates: Iterable[LineFate]) -> dict[str, int]:
    """How many lines had each fate; hidden pieces are no visible lines."""
    counts = dict.fromkeys((fate.value for fate in Fate), 0)
    for one in fates:
        counts[one.fate.value] += 1
    return counts
