"""Take the printed hit count, or say why the page has none.

Most union sites print none: a script fills the place. A number counts only from
the metadata line, never from prose (网络点击量达到10万余次), and a ``0`` in a
place that a script fills is a placeholder.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from unioncrawl.extract.body import DATED
from unioncrawl.extract.document import Document
from unioncrawl.extract.metadata import MetaLine, Zone, labelled
from unioncrawl.label_folding import narrow_digits
from unioncrawl.labels import Label
from unioncrawl.model import Counter, HitsStatus
from unioncrawl.normalize.hits import parse_hits
from unioncrawl.normalize.urls import absolute_url


class PrintedHits(NamedTuple):
    """What stands behind the hits label, what to make of it, and the label."""

    raw: str
    status: HitsStatus
    rule: str


_PLACEHOLDER = re.compile(
    r"加载|载入|读取|统计中|获取|计算|loading|^[-—–.…?？*]+$|^null$|^undefined$|^NaN$|\{\{|\$\{",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?&/=_-]\d+|[?&=][0-9a-f-]{16,}")
_NEAR_LINES = 4
_LONGEST_LEAD = 4
_BARE_UNITS = ("次", "人次", "人", "℃")
_SUFFIXED = re.compile(
    r"(?<![\d.,:：∶︰﹕/年月-])(?P<count>\d[\d,]*(?:\.\d+)?\s?[万w]?\+?)\s?(?:人次|次|人)?\s?(?:浏览|阅读|点击|访问|围观)(?![一-鿿]|\s*[:：∶︰﹕])"
)
_BESIDE_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?\s+(?P<count>\d{1,7})\s+(?:分享|评论|收藏)"
)
# Places that a CMS's script fills after loading; XunRui prints 0 there.
_FILLED = re.compile(
    r"""(?:class|id)\s*=\s*["']?[^"'>]*(?:dr_show_hits|hits|click|viewcount|view_count|visit|pageview|readnum|readcount|liulan)"""
    r"""[^"'>]*["']?[^>]*>\s*0\s*<""",
    re.IGNORECASE,
)


def read_hits(document: Document, metas: tuple[MetaLine, ...], counter: Counter | None) -> PrintedHits:
    """The printed hits of a page; ``counter`` is the request found in it, if any."""
    behind = min((meta.place for meta in metas if meta.zone is Zone.BEHIND), default=0)
    found = [
        (meta, part)
        for meta, part in labelled(metas, Label.HITS)
        if (meta.zone is not Zone.ABOVE or part.value) and not _is_far(meta, behind) and not _is_told(meta)
    ]
    for _, part in found:
        raw = _first_piece(part.value)
        if parse_hits(raw) is not None:
            status = _status_of(raw, document, counter)
            return PrintedHits(raw, status, f"label:{part.name}")
    for meta in metas:
        text = narrow_digits(" ".join(meta.text.replace("\x1f", " ").split()))
        if meta.zone is Zone.HEAD and len(text) < 160:
            match = _SUFFIXED.search(text) or _BESIDE_DATE.search(text)
            if match is not None:
                return PrintedHits(match["count"], _status_of(match["count"], document, counter), "suffix")
    if found:
        return _without_number(found[0][1].value, found[0][1].name, counter)
    return PrintedHits("", HitsStatus.PENDING if counter else HitsStatus.NO_COUNTER, "")


def selected_hits(printed: str, document: Document, counter: Counter | None) -> PrintedHits:
    """What the element of a site's selector prints, read by the same rules."""
    raw = _first_piece(printed.rpartition("：")[2].rpartition(":")[2])
    if parse_hits(raw) is None:
        return _without_number(raw, "selector", counter)._replace(rule="selector")
    return PrintedHits(raw, _status_of(raw, document, counter), "selector")


def counter_at_label(document: Document, metas: tuple[MetaLine, ...]) -> Counter | None:
    """The script that stands behind a hits label without a number, when it asks for this article.

    Whatever CMS it is: a script that is loaded in that place with an id writes the number.
    """
    for meta, part in labelled(metas, Label.HITS):
        if parse_hits(_first_piece(part.value)):
            continue
        for script in document.scripts:
            source = (script.element.get("src") or "").strip()
            if script.line == meta.place and _ASKS.search(source):
                return Counter(url=absolute_url(document.base_url, source), family="generic")
    return None


def _is_told(meta: MetaLine) -> bool:
    """Whether words stand before the label in a line of the text: 直播观看人数：64.5万 点击量：10万."""
    return (
        meta.zone is Zone.TAIL and len(meta.unlabelled) > _LONGEST_LEAD and not DATED.search(meta.unlabelled)
    )


def _is_far(meta: MetaLine, behind: int) -> bool:
    """Further behind the text stand the counts of other articles."""
    return meta.zone is Zone.BEHIND and meta.place > behind + _NEAR_LINES


def _without_number(value: str, name: str, counter: Counter | None) -> PrintedHits:
    piece = re.split(r"[\x1f\]】）)〗|]", value.strip(), maxsplit=1)[0].strip()
    if _PLACEHOLDER.search(piece):
        return PrintedHits(piece, HitsStatus.PLACEHOLDER, f"label:{name}")
    raw = piece if piece in _BARE_UNITS else ""
    return PrintedHits(raw, HitsStatus.PENDING if counter else HitsStatus.EMPTY, f"label:{name}")


def _first_piece(value: str) -> str:
    whole = value.replace("\x1f", "").strip()
    if parse_hits(whole) is not None:
        return whole
    return re.split(r"[\s\x1f\]】）)〗|]", value.strip(" \x1f[【("), maxsplit=1)[0]


def _status_of(raw: str, document: Document, counter: Counter | None) -> HitsStatus:
    if parse_hits(raw) == 0 and (counter is not None or _FILLED.search(document.page.text)):
        return HitsStatus.PLACEHOLDER
    return HitsStatus.PAGE
