"""The article's text as clean paragraphs and as safe HTML."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import is_longer, narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.line_kinds import (
    DATE_ONLY,
    DISCLAIMER,
    NEIGHBOURS,
    is_boilerplate,
    is_credit,
    is_tail_mark,
    is_tool,
)
from unioncrawl.page.regions import Region


class Paragraph(NamedTuple):
    """A paragraph of the body and the line at which it stands."""

    line: int
    text: str


_HEAD_LINES = 6
_RUNNING_LENGTH = 40
_LONGEST_CELL = 60
# 时间 after running text is the time of an event, not of the publishing.
_EVENT_TIME = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:时\s*间|日\s*期)\s*[:：][^:：]*(?:[:：]\d\d[^:：]*)*$"
)
_EVENT_PLACE = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:活动|会议)?(?:地\s*点|地址|主题|主讲人?|对象|议程)\s*[:：]"
)
# A template's tags, each with the address of its list; a page's own address.
_ADDRESS = re.compile(r"[^。，]{0,12}[:：]\s*https?://\S+")
_NUMBER = re.compile(r"\d{1,5}")
_SUMMARY = re.compile(r"\W*(?:内容)?(?:摘要|提要|导读|简介)\s*[:：]\s*(?P<start>.{8,}?)(?:\.{2,}|…+)?")
_OPEN_CREDIT = re.compile(r"(?:编辑|责编|审核|校对|作者|来源|編輯|責編)\s*[:：]\s*$")


def body_paragraphs(document: Document, headline: Headline, body: Range) -> tuple[Paragraph, ...]:
    """The paragraphs of the body in page order, without headline, credits and tools."""
    kept: list[Paragraph] = []
    previous: Line | None = None
    opened = False
    for index in range(body.start, body.stop):
        line = document.lines[index]
        names_event = _EVENT_TIME.match(line.text) is not None and (
            any(len(paragraph.text) > _RUNNING_LENGTH for paragraph in kept[-3:])
            or any(_EVENT_PLACE.match(other.text) for other in document.lines[index + 1 : index + 2])
        )
        running = any(len(paragraph.text) > _RUNNING_LENGTH for paragraph in kept[:_HEAD_LINES])
        place = _HEAD_LINES if running else index - body.start
        if index < headline.stop or not (names_event or _belongs(line, place, headline)):
            opened = _OPEN_CREDIT.search(line.text) is not None and len(line.text) < 60
            continue
        if opened and len(line.text) <= 16:
            continue
        opened = False
        if previous is not None and kept and _same_row(previous, line):
            kept[-1] = Paragraph(kept[-1].line, f"{kept[-1].text}\t{line.text}")
        else:
            kept.append(Paragraph(index, line.text))
        previous = line
    return _without_related(kept)


def _belongs(line: Line, place: int, headline: Headline) -> bool:
    text = line.text
    if line.region is Region.NOISE or not re.search(r"\w", text) or is_tool(text):
        return False
    if line.link_length > len(text) * 0.7 and (line.link_count > 2 or NEIGHBOURS.match(text)):
        return False
    if is_longer(text, 160):
        return True
    if len(text) < 80 and is_boilerplate(text):
        return False
    repeats = squash(text) == squash(headline.text) or DATE_ONLY.match(narrow_digits(text))
    return not (place < _HEAD_LINES and repeats) and not is_credit(text)


def _same_row(one: Line, other: Line) -> bool:
    """Whether two lines are cells of one table row."""
    cells = (cell_of(one), cell_of(other))
    if cells[0] is None or cells[1] is None or cells[0] is cells[1]:
        return False
    return cells[0].getparent() is cells[1].getparent()


def cell_of(line: Line) -> Any:  # noqa: ANN401 - lxml is untyped
    """The table cell that a line is in; a long paragraph inside a cell does not count as a cell of a row."""
    element = line.element
    if element.tag in ("td", "th"):
        return element
    parent = element.getparent()
    within = parent is not None and parent.tag in ("td", "th") and len(line.text) <= _LONGEST_CELL
    return parent if within else None


def _without_related(kept: list[Paragraph]) -> tuple[Paragraph, ...]:
    whole = sum(len(paragraph.text) for paragraph in kept)
    seen = 0
    for place, paragraph in enumerate(kept):
        if seen > 0.4 * whole and is_tail_mark(paragraph.text):
            return tuple(kept[:place])
        seen += len(paragraph.text)
    while len(kept) > 1 and _is_left_over(kept[-2].text, kept[-1].text):
        kept.pop()
    return tuple(kept[1:] if _is_summary(kept) else kept)


def _is_summary(kept: list[Paragraph]) -> bool:
    """Whether the first paragraph is a labelled summary that only repeats how the text begins."""
    found = _SUMMARY.fullmatch(kept[0].text) if len(kept) > 1 else None
    return found is not None and squash(kept[1].text).startswith(squash(found["start"]))


def _is_left_over(before: str, last: str) -> bool:
    """Whether the last line is a disclaimer, a bare count or address, or a date that nobody signs."""
    bare = _NUMBER.fullmatch(last) or _ADDRESS.fullmatch(last)
    return bool(DISCLAIMER.match(last) or bare or (DATE_ONLY.match(last) and not names_source(before)))
