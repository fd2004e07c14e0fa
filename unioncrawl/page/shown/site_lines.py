"""Which lines of a page belong to the site: by their words and by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.page.document import Line, flow_of, in_one_flow
from unioncrawl.page.line_kinds import (
    BOILERPLATE,
    NEIGHBOURS,
    PROSE,
    SPEECH,
    is_boilerplate,
    is_disclaimer,
    is_foot,
    is_tail_mark,
)
from unioncrawl.page.regions import NOISE

_LEAST_ROWS, _LEAST_CELLS = 2, 2
# 谢谢合作 and 本文系本站原创 say less than a clause of an article.
_SHORTEST_CLAUSE = 8
_CLAUSE_ENDS = re.compile(r"[，。；：！？:;?!]")
_SHORTEST_TEXT, _LONGEST_SITE_LINE = 16, 80
# How far text beside a line is looked for: over lists and tables between paragraphs.
_REACH, _FOOT_LINES, _TAIL_LINES = 12, 6, 4
_SENTENCE_END = re.compile(r"[。！？；?!]”?$")
# 第五条, 三、, （二）: an entry of a document.
_ENTRY = re.compile(
    r"\W*(?:第[一二三四五六七八九十百\d]+[条章节款项]|[一二三四五六七八九十\d]{1,3}\s*[、.．)）])"
)


def text_beside(lines: list[Line], index: int) -> tuple[bool, bool]:
    """Whether text stands above a line, and below it, in the same element."""
    line, flow = lines[index], flow_of(lines[index])
    above = lines[max(0, index - _REACH) : index][::-1]
    below = lines[index + 1 : index + 1 + _REACH]
    return (
        any(_is_text(other) and in_one_flow(line, other, flow) for other in above),
        any(_is_text(other) and in_one_flow(line, other, flow) for other in below),
    )


def _is_text(line: Line) -> bool:
    """Whether a line is a sentence or a part of one that no menu, tool or foot prints."""
    text = line.text
    if len(text) < _SHORTEST_TEXT or line.link_length or line.region is NOISE:
        return False
    if not SPEECH.search(text) or is_disclaimer(text):
        return False
    return len(text) >= _LONGEST_SITE_LINE or not is_boilerplate(text)


def is_site_line(lines: list[Line], index: int) -> bool:
    """Whether a line belongs to the site, by its words and by its place.

    Words alone drop no line of a text: between two sentences of one element it stays, whatever it
    says; so does a cell of a table of values, an entry or sentence among others, and one at the
    edge with words that news uses too (主办单位) or a number in front, where the foot of the site
    does not follow in the same element.
    """
    line = lines[index]
    text = line.text
    words = len(text) - line.link_length < _LONGEST_SITE_LINE and is_boilerplate(text)
    if not words and not is_disclaimer(text):
        return False
    if line.link_length > 0.5 * len(text):
        return True
    if not line.link_length and _is_value_cell(line):
        return False
    above, below = text_beside(lines, index)
    if is_tail_mark(text):
        return not above or opens_tail(lines, index)
    if above and below:
        return False
    if _is_of_sites_only(text) or _is_near_foot(lines, index):
        return True
    if above or below:
        return not _is_set_as_text(lines, index)
    return not _is_among_sentences(lines, index)


def _is_of_sites_only(text: str) -> bool:
    """Whether a line at the edge of a text has words of a site's foot, and says no more than they do."""
    if is_disclaimer(text):
        return True
    folded = fold_labels(text).text
    if BOILERPLATE.search(folded) is None or _ENTRY.match(text):
        return False
    return not _says_more(folded)


@lru_cache(maxsize=1024)
def _says_more(text: str) -> bool:
    """Whether a sentence with words of a site's foot asks something, or has a clause without them."""
    if not _SENTENCE_END.search(text):
        return False
    return text[-1] in "？?" or any(
        len(clause) >= _SHORTEST_CLAUSE and not BOILERPLATE.search(clause)
        for clause in _CLAUSE_ENDS.split(text)
    )


def _is_set_as_text(lines: list[Line], index: int) -> bool:
    """Whether a line at the edge of a text is an element of the same kind as the text's own lines."""
    return any(_is_text(other) for other in _alike(lines, index))


def _is_among_sentences(lines: list[Line], index: int) -> bool:
    """Whether a line without long text beside it is set as short sentences or entries are.

    Contacts (邮编：410000) close such a text, so a line itself need be no sentence where one that
    ends as a sentence with several clauses stands beside it.
    """
    alike = [other for other in _alike(lines, index) if not is_boilerplate(other.text)]
    if _is_sentence_or_entry(lines[index].text):
        return any(_is_sentence_or_entry(other.text) for other in alike)
    return any(PROSE.search(other.text) for other in alike)


def _is_sentence_or_entry(text: str) -> bool:
    return _SENTENCE_END.search(text) is not None or _ENTRY.match(text) is not None


def _alike(lines: list[Line], index: int) -> Iterator[Line]:
    """Yield the lines near another one that are set in the same element with the same tag, no links."""
    line = lines[index]
    for place in range(max(0, index - _REACH), min(len(lines), index + 1 + _REACH)):
        other = lines[place]
        if place == index or other.link_length or other.region is NOISE:
            continue
        if other.element.tag == line.element.tag and in_one_flow(other, line):
            yield other


def _is_value_cell(line: Line) -> bool:
    """Whether a line is in a table of values: rows of several short cells, no table within, no links.

    The site's menu has links, its foot names who owns it, and its columns hold tables.
    """
    row = next(line.element.iterancestors("tr"), None)
    table = next(line.element.iterancestors("table"), None)
    if (
        row is None
        or table is None
        or next(table.iterdescendants("table", "a", "form", "input"), None) is not None
    ):
        return False
    rows = [list(other.iterchildren("td", "th")) for other in row.getparent().iterchildren("tr")]
    if len(rows) < _LEAST_ROWS or any(len(cells) < _LEAST_CELLS for cells in rows):
        return False
    return not any(is_foot("".join(cell.itertext())) for cells in rows for cell in cells)


def _is_near_foot(lines: list[Line], index: int) -> bool:
    """Whether the foot of the site follows in the same element; an entry of a document is no foot."""
    below = lines[index + 1 : index + 1 + _FOOT_LINES]
    return any(
        is_foot(other.text) and not _is_sentence_or_entry(other.text) and in_one_flow(lines[index], other)
        for other in below
    )


def opens_tail(lines: list[Line], index: int) -> bool:
    """Whether what follows 上一篇, 相关链接 or 网友评论 is no text any more.

    Newspapers print 相关链接 above a paragraph that explains something: there a sentence follows in
    the same element, and no link.
    """
    line = lines[index]
    if line.link_length and NEIGHBOURS.match(line.text):
        return True
    if not is_tail_mark(line.text):
        return False
    if NEIGHBOURS.match(line.text) or line.link_length:
        return True
    for other in lines[index + 1 : index + 1 + _TAIL_LINES]:
        if other.link_length > 0.5 * len(other.text):
            return True
        if _is_text(other) and in_one_flow(line, other):
            return False
    return True
