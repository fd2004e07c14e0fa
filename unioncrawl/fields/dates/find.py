"""Take the printed publish date: visible label, bare date, meta, then the URL.

All candidates are kept as evidence: templates, migrations and uploads print days that contradict them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from lxml import etree

from unioncrawl.fields.dates.clean import MAY_BE_DATE, Published, parse_published
from unioncrawl.fields.dates.forms import SINCE_1970
from unioncrawl.language.label_folding import narrow_digits
from unioncrawl.language.zones import CHINA
from unioncrawl.model import Precision
from unioncrawl.page.document import Document
from unioncrawl.page.labelled_lines import ABOVE, AFTER, HEAD, TAIL, MetaLine, labelled
from unioncrawl.page.labels import Label, Labelled, split_labels
from unioncrawl.page.line_kinds import names_event_time
from unioncrawl.urls import year_in_url


class DateClaim(NamedTuple):
    """A date that the page prints, and the rule that found it."""

    rule: str
    raw: str
    published: Published


# 大汉's Maketime is the time of the last republishing, so it is not here.
_METAS = tuple(
    """pubdate publishdate article:published_time og:release_date datepublished publishtime publish_time
    pubtime firstpublishedtime dc.date.issued dcterms.created dc.date article:published og:published_time
    _pubtime apub:time bytedance:published_time publish-date releasedate date created""".split()
)
# How much of 2024-04-08T09:32:34 each precision says.
_LENGTHS = {Precision.MONTH: 7, Precision.DAY: 10, Precision.MINUTE: 16, Precision.SECOND: 19}
_COMPANY = (
    Label.SOURCE,
    Label.AUTHOR,
    Label.EDITOR,
    Label.HITS,
    Label.ISSUER,
    Label.REVIEWER,
    Label.PROOFREADER,
)
_MACHINE_READABLE = etree.XPath(
    "descendant-or-self::*/@datetime | descendant-or-self::*[starts-with(@itemprop, 'date')]/@content"
)
_PUBLISHED_TIMES = etree.XPath(
    "//article//time[contains(@class, 'published') or contains(@class, 'entry-date')"
    " or @itemprop='datePublished' or @pubdate]/@datetime"
)
_MOST_ATTRIBUTES = 5
_LONGEST_CREDIT = 60
_TITLE_LENGTH = 8
_LONGEST_ENTRY = 5
_TIME_FIRST = re.compile(r"\s*[012]?\d:[0-5]\d(?::[0-5]\d)?(?![\d:：，。,])")
_DAY_ALONE = re.compile(r"[0-3]?\d")
_MONTH_FIRST = re.compile(r"\s*+(?:/\s*+)?(?:19|20)\d\d\s?[-/.年]\s?[01]?\d月?\s*$")
_SENTENCE = re.compile("[。；，]")
_RELATIVE = re.compile(
    r"刚刚|[今昨前][天日]|(?:\d{1,3}|半)\s?个?(?:秒钟?|分钟|小时|天|日|周|星期|月)[以之]?前"
)
_NOT_PUBLISHED = re.compile(
    r"(?=[今现当截报有版c©])"
    r"(?:今天是|今日(?:是|为|日期)?[:：\s]*(?=\d)|现在时间|当前时间|截止|报名|有效期|版权|copyright|©)",
    re.IGNORECASE,
)
_URL_DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/_]?(?P<month>0[1-9]|1[0-2]|[1-9](?=[/_-]))"
    r"[-/_]?(?P<day>0[1-9]|[12]\d|3[01]|[1-9](?=[/_]))(?!\d{1,3}(?!\d))"
)
_URL_TRS = re.compile(r"/t(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)_\d")
_PROPERTY = re.compile(r"<date>\s*(?P<date>[^<]+)</date>|(?P<plain>(?:19|20)\d\d-\d\d-\d\d)", re.IGNORECASE)
_WECHAT = re.compile(r"""var\s+ct\s*=\s*["'](?P<seconds>\d{10})["']""")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"(?P<date>[^"]+)"|"pubDate"\s*:\s*"(?P<pub>[^"]+)"')


def read_dates(document: Document, metas: tuple[MetaLine, ...]) -> list[DateClaim]:
    """Every publish date that the page gives, most trusted first; empty when it gives no date."""
    head = tuple(meta for meta in metas if meta.zone is HEAD)
    rest = tuple(meta for meta in metas if meta.zone is not HEAD)
    above = tuple(meta for meta in metas if meta.zone is ABOVE)
    machine = [*_from_metas(document), *_from_comments(document), *_from_article(document)]
    named = machine
    signed = _bare(document, tuple(meta for meta in metas if meta.zone is TAIL))
    signatures, updates = signed, _labelled(document, metas, Label.UPDATED)
    updated = updates
    if updates:  # it is the date of publishing only where the article gives no other one
        named, signed, updated = [], [], [*named, *signed, *updates]
    claims = [
        *_labelled(document, head, Label.PUBLISHED),
        *_bare(document, head),
        *_labelled(document, rest, Label.PUBLISHED),
        *updated,
        *_bare(document, above),
        *named,
        *_labelled(document, metas, Label.DRAWN_UP),
        *signed,
        *_bare(document, tuple(meta for meta in metas if meta.zone is AFTER)),
        *_from_url(document),
    ]
    exact = [*machine, *updates] if claims[:1] == signatures[:1] else machine
    return [*_more_exact(claims[0], exact), *claims] if claims else []


def _more_exact(claim: DateClaim, others: Iterable[DateClaim]) -> list[DateClaim]:
    """The first other claim that says the same as a printed one, and more: the time of its day.

    ``others`` are the machine-readable ones, and for the day under a signature that of 更新时间.
    """
    printed = claim.published
    return [
        other
        for other in others
        if _LENGTHS[other.published.precision] > _LENGTHS[printed.precision]
        and _cut(other.published.at, printed.precision) == _cut(printed.at, printed.precision)
    ][:1]


def _cut(at: datetime, precision: Precision) -> str:
    return at.isoformat()[: _LENGTHS[precision]]


def _labelled(document: Document, metas: tuple[MetaLine, ...], label: Label) -> list[DateClaim]:
    fetched_at = document.page.fetched_at
    claims = []
    for meta, part in labelled(metas, label):
        year_hint = year_in_url(document.page.url)
        if meta.zone in (TAIL, AFTER) and _may_be_of_event(document, meta, part):
            continue
        value = part.value.replace("\x1f", " ")[:60]
        if part is meta.parts[-1]:
            value = _with_time(document, meta, value)
        published = parse_published(value, fetched_at=fetched_at, year_hint=year_hint)
        if published is not None:
            claims += _with_machine(document, meta, DateClaim(f"label:{part.name}", published.raw, published))
    return claims


def _may_be_of_event(document: Document, meta: MetaLine, part: Labelled) -> bool:
    """Whether a plain 时间 or 日期 stands alone: among credits it is the time of the publishing."""
    if len(part.name) > 2 or any(other.label in _COMPANY for other in meta.parts if other is not part):
        return False
    near = document.lines[max(0, meta.place - 1) : meta.place + 2]
    return not any(
        other.label in _COMPANY
        for line in near
        if len(line.text) < _LONGEST_CREDIT
        for other in split_labels(line.parts)
    )


def _with_time(document: Document, meta: MetaLine, value: str) -> str:
    """A date at a line's end and the time with which the next line starts."""
    following = document.lines[meta.place + 1 : meta.place + 2]
    found = _TIME_FIRST.match(narrow_digits(following[0].text)) if following else None
    return f"{value} {following[0].text[: found.end()]}" if found else value


def _with_rest(document: Document, meta: MetaLine, value: str) -> str:
    """A date with the time from the line below, or a month with the day set large above it."""
    above = document.lines[meta.place - 1].text if meta.place else ""
    if _MONTH_FIRST.match(value) and _DAY_ALONE.fullmatch(above):
        return f"{above} {value}"
    return _with_time(document, meta, value)


def _bare(document: Document, metas: tuple[MetaLine, ...]) -> list[DateClaim]:
    fetched_at = document.page.fetched_at
    claims = []
    for meta in metas:
        text = meta.undated
        if MAY_BE_DATE.search(text) is None:
            continue
        if not meta.parts:
            text = _with_rest(document, meta, text)
        # Most lines of the text are sentences: to read their dates takes the most of this.
        if _SENTENCE.search(text) or _NOT_PUBLISHED.search(text) or names_event_time(text):
            continue
        if len(text) < 6 and not (meta.zone is HEAD and _RELATIVE.fullmatch(text)):
            continue
        if meta.zone is not HEAD and _is_of_entry(document, meta):
            continue
        published = parse_published(text, fetched_at=fetched_at)
        if published is None or not _mostly_date(text, published.raw, meta):
            continue
        if not _is_drawn_up(document, meta):
            claims += _with_machine(document, meta, DateClaim("bare", published.raw, published))
    return claims


def _is_drawn_up(document: Document, meta: MetaLine) -> bool:
    """Whether a line is the value of 生成日期 in the cell before it."""
    above = split_labels(document.lines[meta.place - 1].parts) if meta.place else ()
    return bool(above) and above[-1].label is Label.DRAWN_UP and not above[-1].value


def _with_machine(document: Document, meta: MetaLine, claim: DateClaim) -> list[DateClaim]:
    """A printed date, after the attribute of its line that says it more exactly: ``<time datetime>``."""
    found = []
    may_have = "datetime" in document.lowered or "itemprop" in document.lowered
    element = document.lines[meta.place].element
    for value in _MACHINE_READABLE(element)[:_MOST_ATTRIBUTES] if may_have else ():
        published = _machine_time(document, value)
        if published is not None:
            found.append(DateClaim("time:datetime", published.raw, published))
    if _RELATIVE.search(claim.raw):
        return [*found[:1], claim]
    return [*_more_exact(claim, found), claim]


def _machine_time(document: Document, value: str) -> Published | None:
    """The time of an attribute. Typecho 1.x prints its local time with +00:00 (``date('c')`` in UTC)."""
    if document.metas.get("generator", "").startswith("Typecho"):
        value = value.removesuffix("+00:00")
    return parse_published(value, fetched_at=document.page.fetched_at)


def _from_article(document: Document) -> list[DateClaim]:
    """The one time that the page's only article marks as its publishing, also in its foot (WordPress)."""
    if document.root is None or "<time" not in document.lowered:
        return []
    values = dict.fromkeys(_PUBLISHED_TIMES(document.root))
    if len(values) != 1:
        return []
    published = _machine_time(document, next(iter(values)))
    return [DateClaim("time:published", published.raw, published)] if published else []


def _is_of_entry(document: Document, meta: MetaLine) -> bool:
    """Whether a date belongs to an entry of a list: a link in its line or, in a box it opens, under it."""
    if document.lines[meta.place].link_length:
        return True
    if meta.zone is not AFTER:
        return False
    box = next((span for span in document.spans if span.start <= meta.place < span.stop - 1), None)
    if box is None or box.stop - box.start > _LONGEST_ENTRY or meta.place - box.start > 1:
        return False
    following = document.lines[meta.place + 1]
    return len(following.text) >= _TITLE_LENGTH and 2 * following.link_length > len(following.text)


def _mostly_date(text: str, raw: str, meta: MetaLine) -> bool:
    """Whether a bare date stands first in its line or fills much of it."""
    # Ten digits without a label may be anybody's number of QQ.
    if SINCE_1970.fullmatch(raw):
        return False
    return bool(meta.parts) or len(text) - len(raw) <= 30 or text.startswith(raw)


def _from_metas(document: Document) -> list[DateClaim]:
    claims = []
    for name in _METAS:
        content = document.metas.get(name)
        if content:
            published = parse_published(content, fetched_at=document.page.fetched_at)
            if published is not None:
                claims.append(DateClaim(f"meta:{name}", content, published))
    return claims


def _from_comments(document: Document) -> list[DateClaim]:
    """方正 e-papers carry an ``enpproperty`` comment, others JSON-LD, with the date."""
    text = document.page.text
    claims = _from_wechat(document)
    place = text.find("enpproperty")
    spots = [_PROPERTY.search(text, place, place + 1500)] if place >= 0 else []
    spots.append(_JSON_DATE.search(text) if '"datePublished"' in text or '"pubDate"' in text else None)
    for found in spots:
        if found is None:
            continue
        raw = next(group for group in found.groups() if group)
        published = parse_published(raw, fetched_at=document.page.fetched_at)
        if published is not None:
            claims.append(
                DateClaim("comment:enpproperty" if found.re is _PROPERTY else "json-ld", raw, published)
            )
    return claims


def _from_wechat(document: Document) -> list[DateClaim]:
    """WeChat writes the time by script: ``var ct = "1581475200"`` (seconds since 1970)."""
    found = _WECHAT.search(document.page.text) if document.is_wechat else None
    if found is None:
        return []
    at = datetime.fromtimestamp(int(found["seconds"]), CHINA)
    published = parse_published(f"{at:%Y-%m-%d %H:%M}", fetched_at=document.page.fetched_at)
    return [DateClaim("script:ct", f"{at:%Y-%m-%d %H:%M}", published)] if published else []


def _from_url(document: Document) -> list[DateClaim]:
    url = document.page.url.split("?")[0]
    for form in (_URL_TRS, _URL_DATE):
        for found in form.finditer(url):
            try:
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                continue
            published = parse_published(day.isoformat(), fetched_at=document.page.fetched_at)
            if published is not None:
                return [DateClaim("url", day.isoformat(), published)]
    return []
