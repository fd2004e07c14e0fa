"""The article's text as clean paragraphs and as safe HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import is_longer, narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.body import Range, is_closing_date, is_dated_above
from unioncrawl.page.document import Document, Line, in_one_flow, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.line_kinds import (
    DATE_ONLY,
    EVENT_PLACE,
    EVENT_TIME,
    NEIGHBOURS,
    is_credit,
    is_disclaimer,
    is_meta,
    is_tool,
)
from unioncrawl.page.regions import META, NOISE
from unioncrawl.page.shown.site_lines import is_site_line, opens_tail, text_beside


class Paragraph(NamedTuple):
    """A paragraph of the body and the line at which it stands."""

    line: int
    text: str


class DropRule(StrEnum):
    """Why a visible line of the page is no part of the text. docs/fields.md says what each means."""

    ABOVE = "above-text"
    BELOW = "below-text"
    BOX = "box"
    LINKS = "links"
    SIGNS = "no-words"
    TOOLS = "page-tools"
    SITE = "site-line"
    HEADLINE = "headline-again"
    DATE = "bare-date"
    NUMBER = "bare-number"
    CREDIT = "credit-line"
    TAIL = "after-tail-mark"
    ABSTRACT = "abstract-repeats-text"
    COPY = "copy-of-text"


class Drop(NamedTuple):
    """A line that was left out, and the rule."""

    line: int
    rule: DropRule


class BodyText(NamedTuple):
    """The paragraphs of the text, and the lines from the headline to its end that are no part of it."""

    paragraphs: tuple[Paragraph, ...]
    drops: tuple[Drop, ...]


_HEAD_LINES = 6
_RUNNING_LENGTH = 40
_LONGEST_CELL = 60
# A template's tags, each with the address of its list; a page's own address.
_ADDRESS = re.compile(r"[^。，]{0,12}[:：]\s*https?://\S+")
_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"\d{1,5}")
_SUMMARY = re.compile(r"\W*(?:内容)?(?:摘要|提要|导读|简介)\s*[:：]\s*(?P<start>.{8,})")
_SHORTEST_ABSTRACT = 20
_IS_CUT = re.compile(r"(?:…|\.{3})\s*$")
_LONGEST_OPENED = 16
# 猜你喜欢, above a list that is no part of the text.
_LONGEST_CAPTION = 12
_FILE = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|zip|rar|7z|txt|ofd)(?:$|[?#])|download|attach", re.IGNORECASE
)
_OPEN_CREDIT = re.compile(r"(?:编辑|责编|审核|校对|作者|来源|編輯|責編)\s*[:：]\s*$")


def body_paragraphs(document: Document, headline: Headline, body: Range) -> BodyText:
    """The paragraphs of the body in page order; headline, credits, tools and boxes are dropped by name."""
    kept: list[Paragraph] = []
    drops: list[Drop] = []
    previous: Line | None = None
    opened = is_running = False
    for index in range(body.start, body.stop):
        line = document.lines[index]
        # Running text ends the head.
        rule = _drop_rule(document, index, headline, _HEAD_LINES if is_running else index - body.start)
        if rule is not None and index >= headline.stop and _names_event(document, index, kept):
            rule = None
        if rule is not None:
            opened = _OPEN_CREDIT.search(line.text) is not None
        elif opened and len(line.text) <= _LONGEST_OPENED:
            rule = DropRule.CREDIT
        if rule is not None:
            drops.append(Drop(index, rule))
            continue
        opened = False
        if previous is not None and kept and _same_row(previous, line):
            kept[-1] = Paragraph(kept[-1].line, f"{kept[-1].text}\t{line.text}")
        else:
            kept.append(Paragraph(index, line.text))
        is_running = is_running or (len(kept) <= _HEAD_LINES and len(kept[-1].text) > _RUNNING_LENGTH)
        previous = line
    drops.extend(_cut_off(document, headline, body))
    return _without_edges(document, body, kept, drops)


def _cut_off(document: Document, headline: Headline, body: Range) -> Iterator[Drop]:
    """Yield the lines between the headline and the text, and those after it in its own element."""
    above = range(headline.stop or body.start, body.start)
    for rule, places in ((DropRule.ABOVE, above), (DropRule.BELOW, range(body.stop, body.end))):
        for index in places:
            yield Drop(index, _drop_rule(document, index, headline, 0) or rule)


def _names_event(document: Document, index: int, kept: list[Paragraph]) -> bool:
    """Whether 时间：… is the time of an event: after running text, or above the event's place."""
    return EVENT_TIME.match(document.lines[index].text) is not None and (
        any(len(paragraph.text) > _RUNNING_LENGTH for paragraph in kept[-3:])
        or any(EVENT_PLACE.match(other.text) for other in document.lines[index + 1 : index + 2])
    )


def _drop_rule(document: Document, index: int, headline: Headline, place: int) -> DropRule | None:
    """The rule that drops a line of the range; None where it is text.

    What an element is (a box, a menu) drops a line anywhere. Words drop one only at the edges:
    between two sentences of one element 登录, 来源：… and 打印 are text.
    """
    if index < headline.stop:
        return DropRule.HEADLINE
    if index in document.copies:
        return DropRule.COPY
    return _rule_of_place(document, index) or _rule_of_words(document, index, headline, place)


def _rule_of_place(document: Document, index: int) -> DropRule | None:
    line = document.lines[index]
    text = line.text
    if line.region is NOISE:
        return DropRule.BOX
    if not _WORD.search(text):
        return DropRule.SIGNS
    is_linked = line.link_length > len(text) * 0.7
    if is_linked and is_tool(text):
        return DropRule.TOOLS
    if is_linked and (line.link_count > 2 or NEIGHBOURS.match(text)) and not _has_files(document, index):
        return DropRule.LINKS
    return None


def _rule_of_words(document: Document, index: int, headline: Headline, place: int) -> DropRule | None:
    line = document.lines[index]
    text = line.text
    if is_longer(text, 160):
        return None
    if len(text) < 80 and is_site_line(document.lines, index):
        return DropRule.SITE
    repeats = place < _HEAD_LINES and squash(text) == squash(headline.text)
    is_date = place < _HEAD_LINES and DATE_ONLY.match(narrow_digits(text)) is not None
    is_date = is_date and not (place and _is_last_of_text(document.lines, index))
    rule = (
        (DropRule.TOOLS if is_tool(text) else None)
        or (DropRule.HEADLINE if repeats else None)
        or (DropRule.DATE if is_date else None)
        or (DropRule.CREDIT if is_credit(text) else None)
    )
    if rule is None or line.region is META:
        return rule
    return None if all(text_beside(document.lines, index)) else rule


def _is_last_of_text(lines: list[Line], index: int) -> bool:
    """Whether a date is the last of some lines in one element: it closes a notice of a line or two."""
    line, above, below = lines[index], lines[index - 1], lines[index + 1 : index + 2]
    if is_meta(above.text) or above.link_length or not in_one_flow(above, line):
        return False
    return not any(in_one_flow(line, other) and not other.link_length for other in below)


def _has_files(document: Document, index: int) -> bool:
    """Whether a line's links lead to files, as those of 附件 do."""
    return any(_FILE.search(link.href) for link in document.links if link.line == index)


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


def _without_edges(document: Document, body: Range, kept: list[Paragraph], drops: list[Drop]) -> BodyText:
    """Drop what stands after 相关新闻, what the last line leaves over, an abstract above the text."""
    lines = document.lines
    whole = sum((len(paragraph.text) for paragraph in kept), 0)
    seen = 0
    for place, paragraph in enumerate(kept):
        if seen > 0.4 * whole and opens_tail(lines, paragraph.line):
            drops.extend(Drop(later.line, DropRule.TAIL) for later in kept[place:])
            del kept[place:]
            break
        seen += len(paragraph.text)
    is_dated = is_dated_above(document, body)
    while len(kept) > 1 and (rule := _left_over(lines, kept[-2], kept[-1], is_dated=is_dated)):
        drops.append(Drop(kept.pop().line, rule))
    if _is_summary(lines, kept):
        drops.append(Drop(kept.pop(0).line, DropRule.ABSTRACT))
    return BodyText(tuple(kept), tuple(sorted(drops)))


def _heads_links(lines: list[Line], before: int, last: int) -> bool:
    """Whether a short line apart from the text stands above links, whatever it calls them."""
    line, following = lines[last], lines[last + 1 : last + 2]
    if len(line.text) > _LONGEST_CAPTION or in_one_flow(lines[before], line):
        return False
    return any(other.link_length > 0.5 * len(other.text) for other in following)


def _is_summary(lines: list[Line], kept: list[Paragraph]) -> bool:
    """Whether the first paragraph only repeats how the text begins: a labelled summary, or its own box."""
    if not kept[1:]:
        return False
    found = _SUMMARY.fullmatch(kept[0].text)
    if found is not None:
        return squash(kept[1].text).startswith(squash(found["start"]))
    start = squash(kept[0].text)
    return bool(
        len(start) >= _SHORTEST_ABSTRACT
        and _begin_with(start, kept[1 : 1 + len(start)])
        and (_IS_CUT.search(kept[0].text) or _are_set_apart(lines[kept[0].line], lines[kept[1].line]))
    )


def _begin_with(start: str, paragraphs: list[Paragraph]) -> bool:
    """Whether some paragraphs, squashed and joined, begin with a text."""
    for paragraph in paragraphs:
        own = squash(paragraph.text)
        if not own.startswith(start[: len(own)]):
            return False
        start = start[len(own) :]
        if not start:
            return True
    return False


def _are_set_apart(one: Line, other: Line) -> bool:
    """Whether two lines stand in different elements, or are elements of two kinds: a refrain's are alike."""
    kinds = [(line.element.tag, line.element.get("class")) for line in (one, other)]
    return kinds[0] != kinds[1] or not in_one_flow(one, other)


def _left_over(lines: list[Line], before: Paragraph, last: Paragraph, *, is_dated: bool) -> DropRule | None:
    """Why the last line is no text: a disclaimer, a bare count or address, a date that nobody signs."""
    if is_disclaimer(last.text) and is_site_line(lines, last.line):
        return DropRule.SITE
    if _NUMBER.fullmatch(last.text) or _ADDRESS.fullmatch(last.text):
        return DropRule.NUMBER
    if _heads_links(lines, before.line, last.line):
        return DropRule.LINKS
    if not DATE_ONLY.match(last.text) or names_source(before.text):
        return None
    is_closing = is_dated and is_closing_date(lines[before.line], lines[last.line])
    return None if is_closing else DropRule.DATE
