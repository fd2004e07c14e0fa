"""Collect the labelled values around the headline, at the body's end and after it."""

from __future__ import annotations

import re

from unioncrawl.fields.hits.clean import parse_hits
from unioncrawl.language.label_folding import is_longer
from unioncrawl.language.names import is_person_list, names_source
from unioncrawl.page.body import Range
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labelled_lines import MetaLine, Zone
from unioncrawl.page.labels import Label, Labelled, split_labels
from unioncrawl.page.line_kinds import is_boilerplate, is_foot, is_meta, is_running
from unioncrawl.page.regions import Region

_HEAD_LINES = 14
_ABOVE_LINES = 6
_BODY_HEAD_LINES = 5
_TAIL_LINES = 8
_LINES_AFTER = 12
_LONGEST = 240
_LONGEST_TOOLS = 16
_LONGEST_VALUE = 40
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
_NO_VALUE = re.compile(
    r"^\W*(?:[大中小](?![一-鿿])|打印|关闭|收藏|分享|默认|繁体|字号|字体|评论|复制|纠错|正文|返回|推荐|下载|投稿|扫一扫|手机|微信|微博|更多|次|加入收藏)"
)
_COUNT_STARTS = frozenset("0123456789０１２３４５６７８９[【(（〖")
_ENDS_OPEN = re.compile(r"[:：∶]\s*$")


def collect_meta(document: Document, headline: Headline, body: Range) -> tuple[MetaLine, ...]:
    """The metadata lines of a page, by zone and page order."""
    found = []
    for index, zone in _places(document, headline, body):
        line = document.lines[index]
        if is_longer(line.text, _LONGEST):
            continue
        parts = _parts(document, index, headline)
        if zone is Zone.AFTER and _is_of_a_list(document, index, parts):
            parts = tuple(part for part in parts if part.label not in _OF_OTHERS)
        elif zone is Zone.AFTER and len(parts) == 1 and _is_above_foot(document, index):
            parts = tuple(part for part in parts if part.label is not Label.HITS)
        found.append(MetaLine(index, zone, line.parts, parts))
    return tuple(sorted(found, key=lambda meta: (meta.zone, meta.place)))


def _is_above_foot(document: Document, index: int) -> bool:
    """Whether the foot of the site follows: a count alone there is the site's."""
    return any(is_foot(line.text) for line in document.lines[index + 1 : index + 2])


def _is_of_a_list(document: Document, index: int, parts: tuple[Labelled, ...]) -> bool:
    """Whether a line after the text belongs to a link, its own or the one above it."""
    line, above = document.lines[index], document.lines[index - 1]
    labels = sum(part.label in _OF_OTHERS for part in parts)
    linked = bool(line.link_length) or above.link_length > 0.5 * len(above.text)
    if is_boilerplate(line.text):
        return True
    if (
        labels > 1 and parts[0].start < 2 and line.link_length <= _LONGEST_TOOLS
    ):  # 打印 and 关闭 are links too
        linked = above.link_length > 0.5 * len(above.text)
    credited = any(part.label in (Label.SOURCE, *_PEOPLE) for part in parts)
    return linked or (line.region is Region.NOISE and labels + credited < 2)


def _places(document: Document, headline: Headline, body: Range) -> list[tuple[int, Zone]]:
    count = len(document.lines)
    places: dict[int, Zone] = {}
    anchored = headline.stop > headline.start
    head_start = headline.stop if anchored else max(0, body.start - _HEAD_LINES)
    head_stop = (
        min(body.start, head_start + _HEAD_LINES) if body.stop else min(count, head_start + _HEAD_LINES)
    )
    for index in range(head_start, head_stop):
        places[index] = Zone.HEAD
    running = [index for index in range(body.start, body.stop) if is_running(document.lines[index])]
    first, last = (running[0], running[-1]) if running else (body.stop, body.start)
    for index in range(max(body.start, head_start), min(body.start + _BODY_HEAD_LINES, first)):
        text = document.lines[index].text
        if is_meta(text) or is_dated(text) or _open_before(document, index):
            places.setdefault(index, Zone.HEAD)
    for index in range(max(last, body.stop - _TAIL_LINES), body.stop):
        places.setdefault(index, Zone.TAIL)
    if anchored:
        for index in range(max(0, headline.start - _ABOVE_LINES), headline.start):
            places.setdefault(index, Zone.ABOVE)
    for index in range(max(body.stop, head_stop), min(count, max(body.stop, head_stop) + _LINES_AFTER)):
        places.setdefault(index, Zone.AFTER)
    return sorted(places.items())


def _open_before(document: Document, index: int) -> bool:
    return index > 0 and bool(_ENDS_OPEN.search(document.lines[index - 1].text))


def _parts(document: Document, index: int, headline: Headline) -> tuple[Labelled, ...]:
    """The labelled values of a line; a label at its end takes the next line as its value."""
    line = document.lines[index]
    parts = split_labels(line.parts)
    following = index + 1
    if not parts or parts[-1].value or following >= len(document.lines):
        return parts
    if parts[-1].label is Label.BREADCRUMB or headline.start <= following < headline.stop:
        return parts
    value = _before_label(document.lines[following])
    if len(value) > _LONGEST_VALUE or not _is_value(value, parts[-1].label):
        return parts
    return (*parts[:-1], parts[-1]._replace(value=value))


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
