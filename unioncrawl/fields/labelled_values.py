"""Collect the labelled values around the headline, at the body's end and after it."""

from __future__ import annotations

import re
from typing import Any

from unioncrawl.fields.hits.clean import parse_hits
from unioncrawl.language.label_folding import fold_labels, is_longer
from unioncrawl.language.names import is_person_list, names_source
from unioncrawl.page.body import Range
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labelled_lines import (
    ABOVE,
    AFTER,
    HEAD,
    TAIL,
    MetaLine,
    Zone,
    heads_columns,
    value_below,
)
from unioncrawl.page.labels import Label, Labelled, names_label, split_labels
from unioncrawl.page.line_kinds import (
    NEIGHBOURS,
    RELATED,
    is_boilerplate,
    is_foot,
    is_meta,
    is_running,
)
from unioncrawl.page.regions import NOISE
from unioncrawl.page.shown.files import file_lines

_HEAD_LINES = 14
_ABOVE_LINES = 6
_BODY_HEAD_LINES = 5
_TAIL_LINES = 8
_LINES_AFTER = 12
_LONGEST = 240
_LONGEST_TOOLS = 16
_LONGEST_VALUE = 40
# A blog's footer line 作者 | 分类 | 浏览 names as many things of its article.
_WHOLE_LINE = 3
# After the text, lines of menus and lists give these values of other articles.
_OF_OTHERS = (Label.HITS, Label.PUBLISHED, Label.UPDATED)
_PEOPLE = (
    Label.AUTHOR,
    Label.ACCOUNT,
    Label.CORRESPONDENT,
    Label.PHOTOGRAPHER,
    Label.EDITOR,
    Label.REVIEWER,
    Label.PROOFREADER,
    Label.STAFF,
)
# Who made an article stands above the lists of others; its editors may stand at the page's end.
_MADE_BY = (Label.SOURCE, Label.AUTHOR, Label.ACCOUNT, Label.CORRESPONDENT, Label.PHOTOGRAPHER)
# Tools (打印, 关闭) are links too; a headline is longer.
_SHORTEST_ENTRY = 8
_COMPANY = (*_MADE_BY, Label.EDITOR, Label.COLUMN)
_NO_VALUE = re.compile(
    r"^\W*(?:[大中小](?![一-鿿])|打印|关闭|收藏|分享|默认|繁体|字号|字体|评论|复制|纠错|正文|返回|推荐|下载|投稿|扫一扫|手机|微信|微博|更多|次|加入收藏)"
)
_COUNT_STARTS = frozenset("0123456789０１２３４５６７８９[【(（〖")
_ENDS_OPEN = re.compile(r"[:：∶]\s*$")


def collect_meta(document: Document, headline: Headline, body: Range) -> tuple[MetaLine, ...]:
    """The metadata lines of a page, by zone and page order."""
    found = []
    related = _first_related(document, body)
    for index, zone in _places(document, headline, body):
        line = document.lines[index]
        if is_longer(line.text, _LONGEST):
            continue
        parts = _parts(document, index, headline)
        if zone is AFTER:
            parts = _of_article(document, index, parts, is_related=index > related)
        found.append(MetaLine(index, zone, line.parts, parts))
    return tuple(sorted(found, key=lambda meta: (meta.zone, meta.place)))


def _of_article(
    document: Document, index: int, parts: tuple[Labelled, ...], *, is_related: bool
) -> tuple[Labelled, ...]:
    """The values of a line after the text that are not another article's or the site's."""
    others: tuple[Label, ...] = ()
    if _is_of_a_list(document, index, parts):
        others = _OF_OTHERS
    elif len(parts) == 1 and _is_above_foot(document, index):
        others = (Label.HITS,)
    if is_related or _is_of_entry(document, index, parts):
        others = (*others, *_MADE_BY)
    return tuple(part for part in parts if part.label not in others)


def _first_related(document: Document, body: Range) -> int:
    """The line after the text that opens a list of other articles: 相关新闻, 猜你喜欢."""
    for index in range(body.stop, min(len(document.lines), body.stop + _LINES_AFTER)):
        if RELATED.match(fold_labels(document.lines[index].text).text):
            return index
    return len(document.lines)


def _is_of_entry(document: Document, index: int, parts: tuple[Labelled, ...]) -> bool:
    """Whether a line belongs to an entry of a list: in its link, beside it, or right below it."""
    line, above = document.lines[index], document.lines[index - 1]
    if not parts:
        return False
    if line.link_length:
        lead = line.text[: parts[0].start].strip()
        return len(lead) >= _SHORTEST_ENTRY and line.link_length >= _SHORTEST_ENTRY
    is_entry = above.link_length >= _SHORTEST_ENTRY and 2 * above.link_length > len(above.text)
    return is_entry and above.link_count == 1 and not NEIGHBOURS.match(fold_labels(above.text).text)


def _is_above_foot(document: Document, index: int) -> bool:
    """Whether the foot of the site follows: a count alone there is the site's."""
    return any(is_foot(line.text) for line in document.lines[index + 1 : index + 2])


def _is_of_a_list(document: Document, index: int, parts: tuple[Labelled, ...]) -> bool:
    """Whether a line after the text belongs to a link, its own or the one above it; no file's."""
    line, above = document.lines[index], document.lines[index - 1]
    labels = sum((part.label in _OF_OTHERS for part in parts), 0)
    below_link = above.link_length > 0.5 * len(above.text) and index - 1 not in file_lines(document)
    linked = bool(line.link_length) or below_link
    if is_boilerplate(line.text):
        return True
    if (
        labels > 1 and parts[0].start < 2 and line.link_length <= _LONGEST_TOOLS
    ):  # 打印 and 关闭 are links too
        linked = below_link
    company = labels + sum((part.label in _COMPANY for part in parts), 0)
    return linked or (line.region is NOISE and labels < 2 and company < _WHOLE_LINE)


def _places(document: Document, headline: Headline, body: Range) -> list[tuple[int, Zone]]:
    count = len(document.lines)
    places: dict[int, Zone] = {}
    anchored = headline.stop > headline.start
    head_start = headline.stop if anchored else max(0, body.start - _HEAD_LINES)
    head_stop = (
        min(body.start, head_start + _HEAD_LINES) if body.stop else min(count, head_start + _HEAD_LINES)
    )
    for index in range(head_start, head_stop):
        places[index] = HEAD
    running = [index for index in range(body.start, body.stop) if is_running(document.lines[index])]
    first, last = (running[0], running[-1]) if running else (body.stop, body.start)
    for index in range(max(body.start, head_start), min(body.start + _BODY_HEAD_LINES, first)):
        text = document.lines[index].text
        if is_meta(text) or is_dated(text) or _open_before(document, index):
            places.setdefault(index, HEAD)
    for index in range(max(body.start, head_start), min(body.start + _HEAD_LINES, first)):
        if _head_of_column(document.lines[index]) is not None:
            places.setdefault(index, HEAD)
    for index in range(max(last, body.stop - _TAIL_LINES), body.stop):
        places.setdefault(index, TAIL)
    if anchored:
        for index in range(max(0, headline.start - _ABOVE_LINES), headline.start):
            places.setdefault(index, ABOVE)
    for index in range(max(body.stop, head_stop), min(count, max(body.stop, head_stop) + _LINES_AFTER)):
        places.setdefault(index, AFTER)
    return sorted(places.items())


def _open_before(document: Document, index: int) -> bool:
    return index > 0 and bool(_ENDS_OPEN.search(document.lines[index - 1].text))


def _parts(document: Document, index: int, headline: Headline) -> tuple[Labelled, ...]:
    """The labelled values of a line; a label at its end takes the next line as its value."""
    line = document.lines[index]
    parts = split_labels(line.parts) or _of_column(line)
    following = index + 1
    if not parts or parts[-1].value or following >= len(document.lines):
        return parts
    if parts[-1].label is Label.BREADCRUMB or headline.start <= following < headline.stop:
        return parts
    value = _before_label(document.lines[following])
    if len(value) > _LONGEST_VALUE or not _is_value(value, parts[-1].label):
        return parts
    return (*parts[:-1], parts[-1]._replace(value=value))


def _of_column(line: Line) -> tuple[Labelled, ...]:
    """The label in the head of a table's column, with the value below it."""
    cell = _head_of_column(line)
    parts = split_labels(f"{line.text}：") if cell is not None else ()
    return tuple(part._replace(value=value_below(cell)) for part in parts)


def _head_of_column(line: Line) -> Any:  # noqa: ANN401 - lxml is untyped
    """The table cell of a line that names what is below it; None for any other line."""
    if not names_label(line.text):
        return None
    element = line.element
    cell = element if element.tag in ("td", "th") else next(element.iterancestors("td", "th"), None)
    return cell if cell is not None and heads_columns(cell) else None


def _before_label(line: Line) -> str:
    """What a line prints before its first label: 马娜 责任编辑: gives 马娜."""
    parts = split_labels(line.parts)
    text = line.parts[: parts[0].start] if parts else line.parts
    return " ".join(text.replace("\x1f", " ").split()).strip(" []【】〖〗〔〕|")


def _is_value(text: str, label: Label) -> bool:
    if not text or is_boilerplate(text) or _NO_VALUE.match(text) or re.search(r"[，。；！？]", text):
        return False
    if label in (Label.PUBLISHED, Label.UPDATED, Label.DRAWN_UP):
        return bool(re.match(r"\D{0,3}\d", text))
    if label is Label.HITS:
        return text[0] in _COUNT_STARTS and parse_hits(text) is not None
    if label in (Label.SOURCE, Label.REPRINTED, Label.ISSUER):
        return names_source(text)
    return label not in _PEOPLE or is_person_list(text) or names_source(text)
