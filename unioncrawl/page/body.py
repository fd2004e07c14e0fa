"""Find the part of a page that is the article's text.

Each line is worth something: running text is worth its length, link lists and
boilerplate cost. The body is the element whose lines sum up best; sums are
differences of prefix sums, so the whole search is one pass over the elements.
"""

from __future__ import annotations

import re
from itertools import accumulate, takewhile
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.dated_lines import DATED, LONGEST_TIME, is_dated
from unioncrawl.page.document import Document, Line, in_one_flow
from unioncrawl.page.line_kinds import DATE_ONLY, EVENT_PLACE, EVENT_TIME, is_meta
from unioncrawl.page.line_worths import line_worths
from unioncrawl.page.regions import BODY, PLAIN, region_of
from unioncrawl.page.shown.below_headline import Place, text_below_headline
from unioncrawl.page.shown.files import NAMED_AS_FILE
from unioncrawl.page.shown.site_lines import opens_tail
from unioncrawl.page.shown.teasers import start_of_others

# 评论（1） 编号：1000 is no text where sentences stand; a list of names has no numbers.
_SHORTEST_WORD = 30
_IN_BRACKETS = re.compile(r"[（(].{2,80}[）)]")
_CLOSING_CREDIT = re.compile(r"[\s（(【\[■]*(?:责任编[辑校]|责编|编辑)\s*[:：/|丨｜].{2,20}")
# （原载《雁川日报》2024年3月5日）says where the text is from.
_NOTE = re.compile(r"\s*[（(【\[]")
_LONGEST_NAME = 20
# Below this worth a page has no running text, and its build says where the text is: the panels and feet
# of made pages are worth up to 190, two sentences of news 120 and more.
_HARDLY_ANY = 200.0
_LAST_LINES, _DATED_LINES = 6, 8


class Range(NamedTuple):
    """Lines ``start`` to ``stop`` (exclusive), what they are worth, and the element that holds them.

    The lines from ``stop`` to ``end`` stand in the same element and were cut off.
    """

    start: int
    stop: int
    worth: float
    element: Any = None
    end: int = 0


def find_body(document: Document, after: int) -> Range:
    """The body's range of lines: the element with the best sum among the lines from ``after`` on.

    ``after`` is the first line after the headline and its metadata line; the lines
    before it never add. An empty range means that nothing on the page looks like
    a text.
    """
    worths = list(line_worths(document))
    for index in (
        *range(min(after, len(worths))),
        *range(start_of_others(document.lines, after), len(worths)),
    ):
        worths[index] = min(worths[index], -12.0)
    _cut_tail(document, worths, after)
    sums = [0.0, *accumulate(worths)]
    best = Range(0, 0, 0.0)
    for span in document.spans:
        worth = sums[span.stop] - sums[span.start]
        if worth > best.worth or (worth == best.worth and span.stop - span.start < best.stop - best.start):
            best = Range(span.start, span.stop, worth, span.element)
    spare = _spare(document, worths, best, after)
    if spare is not None:
        best = spare
    elif best.stop - best.start <= 2 and best.element is not None:
        best = _with_siblings(document, best, worths, after)
    trimmed = _trimmed(_widened(document, best, sums, after), worths)
    dated = _with_signed_date(document, _with_dated_lines(document, trimmed, best.stop, worths))
    whole = _with_file_lines(document, dated, best.stop)
    return whole._replace(end=max(best.stop, whole.stop))


def _spare(document: Document, worths: list[float], best: Range, after: int) -> Range | None:
    """The text below the headline where the page has hardly any; None where the best element stands.

    A picture or a file that the template names as the text yields to no long text outside its article:
    the rules for comments, a site's word of welcome.
    """
    is_named = best.stop > best.start and document.lines[best.start].region is BODY
    if best.worth > _HARDLY_ANY and is_named:
        return None
    place = text_below_headline(document, worths, after)
    if place is None or (not place.has_pieces and _is_within(best.element, place.element)):
        return None
    if not place.has_pieces and _is_left_over(document, place, best):
        return None
    if best.worth > _HARDLY_ANY and not _is_named_apart(place, best):
        return None
    return Range(place.start, place.stop, place.worth, place.element)


def _is_left_over(document: Document, place: Place, best: Range) -> bool:
    """Whether a place holds only numbers that the metadata leaves over, while sentences stand elsewhere."""
    short, long = ([line.text for line in document.lines[one.start : one.stop]] for one in (place, best))
    if sum(map(len, short), 0) >= _SHORTEST_WORD or any("。" in text for text in short):
        return False
    return all(re.search(r"\d", text) for text in short) and any("。" in text for text in long)


def _is_named_apart(place: Place, best: Range) -> bool:
    """Whether a template names a picture or a file as the text, and the longer text stands elsewhere."""
    named = (one for one in (place.element, *place.element.iterancestors()) if one is not place.around)
    inner = takewhile(lambda one: not _is_within(place.around, one), named)
    is_named = any(region_of(one, PLAIN) is BODY for one in inner)
    return place.has_pieces and is_named and not _is_within(best.element, place.around)


def _is_within(element: Any, outer: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    return element is not None and (element is outer or outer in element.iterancestors())


def _with_file_lines(document: Document, body: Range, stop: int) -> Range:
    """Keep the lines that are links to files and close the text in its own element: 附件：报名表.doc."""
    end = body.stop
    while body.start < end < stop and _links_file(document.lines[end]):
        end += 1
    return body._replace(stop=end)


def _links_file(line: Line) -> bool:
    return bool(line.link_length) and NAMED_AS_FILE.search(line.text) is not None


def _with_signed_date(document: Document, body: Range) -> Range:
    """Keep the date under the name of the union that signs a notice."""
    signed = document.lines[body.stop - 1 : body.stop + 1]
    if body.stop - body.start < 2 or len(signed) < 2:
        return body
    name, day = (line.text for line in signed)
    if len(name) <= _LONGEST_NAME and names_source(name) and len(day) <= LONGEST_TIME and is_dated(day):
        return body._replace(stop=body.stop + 1)
    return body


def _with_dated_lines(document: Document, body: Range, stop: int, worths: list[float]) -> Range:
    """Keep the dated lines at both ends that are set as paragraphs of the text.

    时间：… above 地点：… opens a notice. A date without a time closes one, where another date stands
    above the text, and so does a line that says more than a date: 报名截止时间：5月31日.
    """
    lines = document.lines
    if body.stop == body.start:
        return body
    start = body.start
    if start and EVENT_PLACE.match(lines[start].text) and _opens_notice(lines[start - 1], lines[start]):
        start -= 1
    last = lines[body.stop - 1]
    for index in range(body.stop, min(stop, body.stop + _LAST_LINES)):
        if worths[index] <= -12.0 and not lines[index].link_length:
            break
        if _closes_notice(document, body, last, lines[index]):
            return body._replace(start=start, stop=index + 1)
    return body._replace(start=start)


def _opens_notice(line: Line, following: Line) -> bool:
    return EVENT_TIME.match(line.text) is not None and in_one_flow(line, following)


def _closes_notice(document: Document, body: Range, last: Line, line: Line) -> bool:
    if DATE_ONLY.match(narrow_digits(line.text)):
        return is_closing_date(last, line) and is_dated_above(document, body)
    says_more = is_dated(line.text) and not line.link_length and not _NOTE.match(line.text)
    says_more = says_more and not is_meta(line.text)
    return says_more and last.element.tag == line.element.tag and in_one_flow(last, line)


def is_dated_above(document: Document, body: Range) -> bool:
    """Whether a date stands above the text; where none does, the date below it is that of publishing."""
    above = document.lines[max(0, body.start - _DATED_LINES) : body.start]
    return any(DATED.search(narrow_digits(line.text)) for line in above)


def is_closing_date(before: Line, line: Line) -> bool:
    """Whether a date belongs to the text above it: it stands in the same element and names no time of day."""
    return ":" not in line.text and "：" not in line.text and in_one_flow(before, line)


def _with_siblings(document: Document, best: Range, worths: list[float], after: int) -> Range:
    """Grow a single paragraph over its neighbours: plain pages set their text straight into the page."""
    holders = {span.element: span for span in document.spans}
    parent = next((element for element in best.element.iterancestors() if element in holders), None)
    if parent is None:
        return best
    around = holders[parent]
    start = best.start - _reach(worths[max(around.start, after) : best.start][::-1])
    stop = best.stop + _reach(worths[best.stop : around.stop])
    grown = stop - start > best.stop - best.start
    worth = sum(worths[start:stop], 0.0)
    return Range(start, stop, worth, parent if grown else best.element)


def _reach(worths: list[float]) -> int:
    """How many of these lines continue the text; lines with a small cost are bridged."""
    reached, run = 0, 0.0
    for place, worth in enumerate(worths, start=1):
        run += worth
        if run > 0.0:
            reached, run = place, 0.0
        elif run < -20.0:
            break
    return reached


def _widened(document: Document, best: Range, sums: list[float], after: int) -> Range:
    """The largest element around the body that adds no text: a caption's picture stands beside it."""
    widest = best
    if best.stop == best.start:
        return best  # its pictures stand in an element without lines
    for span in document.spans:
        holds = after <= span.start <= best.start and best.stop <= span.stop
        if holds and round(sums[span.stop] - sums[span.start] - best.worth) >= 0:
            widest = widest._replace(element=span.element)
    return widest


def _cut_tail(document: Document, worths: list[float], after: int) -> None:
    """Let no line after 上一篇, 相关新闻 or 责任编辑 add, once most of the running text was seen."""
    lines = document.lines
    whole = sum([max(worth, 0.0) for worth in worths[after:]], 0.0)
    seen = 0.0
    for index in range(after, len(worths)):
        text = lines[index].text
        closes = seen > 0.8 * whole and "编" in text and _CLOSING_CREDIT.fullmatch(text)
        if closes or (seen > 0.4 * whole and opens_tail(lines, index)):
            first = index + 1 if closes else index
            while closes and first < len(lines) and _IN_BRACKETS.fullmatch(lines[first].text):
                first += 1
            for later in range(first, len(worths)):
                worths[later] = min(worths[later], -12.0)
            return
        seen += max(worths[index], 0.0)


def _trimmed(best: Range, worths: list[float]) -> Range:
    """Drop the lines at both ends that cost."""
    start, stop = best.start, best.stop
    while start < stop and worths[start] < 0:
        start += 1
    while stop > start and worths[stop - 1] < 0:
        stop -= 1
    return best._replace(start=start, stop=stop)
