"""Take the printed hit count, or say why the page does not print it.

Most union sites do not print it: a script fills the place. A number counts only from
the metadata line, never from prose (网络点击量达到10万余次), and a ``0`` in a
place that a script fills is a placeholder.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from unioncrawl.fields.hits.clean import is_implausible, parse_hits
from unioncrawl.language.label_folding import narrow_digits
from unioncrawl.model import Counter, HitsStatus
from unioncrawl.page.dated_lines import DATED
from unioncrawl.page.document import Document
from unioncrawl.page.labelled_lines import ABOVE, AFTER, HEAD, TAIL, MetaLine, labelled
from unioncrawl.page.labels import Label, Labelled
from unioncrawl.urls import absolute_url


class PrintedHits(NamedTuple):
    """The text after the hits label, its status, and the rule that found it."""

    raw: str
    status: HitsStatus
    rule: str


_PLACEHOLDER = re.compile(
    r"加载|载入|读取|统计中|获取|计算|loading|^[-—–.…?？*]+$|^null$|^undefined$|^NaN$|\{\{|\$\{",
    re.IGNORECASE,
)
# Digits after a count and white space may be its next thousands; a day or a time after it is not.
_GOES_ON = re.compile(r"\d{3}(?![\d:：年月/.人条个-])")
# Elements with white space between them print two things, unless each holds one digit.
_APART = re.compile(r"\s{2,}")
_DIGIT_TAGS = re.compile(r"\d(?:\|+\d)+")
_ASKS = re.compile(r"[?&/=_-]\d+|[?&=][0-9a-f-]{16,}")
_NEAR_LINES = 4
_NEAR_COMPANY = 2
_LONGEST_LEAD = 4
_COMPANY = (Label.PUBLISHED, Label.UPDATED, Label.SOURCE, Label.AUTHOR, Label.ACCOUNT, Label.EDITOR)
_OF_SITE = re.compile("访问|总|热度|人气")
_SIGN_FOLLOWS = re.compile(r"[^\d:：∶︰﹕]{1,14}[:：∶︰﹕\[【（(]")
_BARE_UNITS = ("次", "人次", "人", "℃")
_SUFFIXED = re.compile(
    r"(?=\d)(?<![\d.,:：∶︰﹕/年月-])(?P<count>\d[\d,]*(?:\.\d+)?\s?[万w]?\+?)\s?(?:人次|次|人)?\s?(?:浏览|阅读|点击|访问|围观)(?![一-鿿]|\s*[:：∶︰﹕])"
)
# 跟帖 93 次浏览: the number is the comments', the place of the hits is still empty.
_OF_ANOTHER = re.compile(
    r"(?<![条人次个点已])(?:点赞|赞|打赏|藏|评论|跟帖|参与|转发|分享|推荐|投票|下载|字数|编号)\s*[:：(（\[]?\s*\Z"
    r"|字[号体]\s*[:：][^一-鿿]{0,20}\Z"
)
_BESIDE_DATE = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?\s+(?P<count>\d{1,7})\s+(?:分享|评论|收藏)"
)
_EYE = re.compile(
    r"(?:^|[\s_/-])(?:eyes?|eye-open|browse|liulan|yuedu|chakan|(?:icon|ico|i)[-_]?(?:eye|views?|hits?|clicks?|browse|read))"
    r"(?:$|[\s_.-])",
    re.IGNORECASE,
)
# <span class="view">1326</span>: a style sheet draws the eye.
_VIEWS = re.compile(
    r"(?:^|[\s_-])(?:views?|hits?|clicks?|pv|liulan|yuedu|chakan|(?:view|hit|click|read)[-_]?(?:num|count|s)?)(?:$|\s)",
    re.IGNORECASE,
)
_COUNT_ALONE = re.compile(r"[1-9][\d,]*(?:\.\d+)?\s?[万w]?\+?")
_NUMBER_FIRST = re.compile(r"\s*+(?:[:(]\s*+)?(?P<count>\d[\d,]*(?:\.\d+)?\s?[万w]?\+?)(?![\d:.年/-])")
_INLINE = frozenset(("i", "span", "em", "a", "b", "small", "svg", "img"))
# Places that a CMS's script fills after loading; XunRui prints 0 there.
_FILLED = re.compile(
    r"""(?:class|id)\s*=\s*["']?[^"'>]*(?:dr_show_hits|hits|click|viewcount|view_count|visit|pageview|readnum|readcount|liulan)"""
    r"""[^"'>]*["']?[^>]*>\s*0\s*<""",
    re.IGNORECASE,
)


def read_hits(document: Document, metas: tuple[MetaLine, ...], counter: Counter | None) -> PrintedHits:
    """The printed hits of a page; ``counter`` is the request found in it, if any."""
    after = min((meta.place for meta in metas if meta.zone is AFTER), default=0)
    found = [
        (meta, part)
        for meta, part in labelled(metas, Label.HITS)
        if _is_of_article(document, meta, part, metas)
        and not _is_far(meta, after)
        and not _follows_words(meta)
    ]
    # A place under the headline that is still to be filled says that a number elsewhere is another's.
    found = [(meta, part) for meta, part in found if meta.zone is HEAD] or found
    for _, part in found:
        raw = _first_piece(part.value)
        if parse_hits(raw) is not None:
            status = _status_of(raw, document, counter)
            return PrintedHits(raw, status, f"label:{part.name}")
    for meta in metas:
        text = narrow_digits(" ".join(meta.text.replace("\x1f", " ").split()))
        if (meta.zone is HEAD or _has_company(meta)) and len(text) < 160:
            match = _SUFFIXED.search(text) or _BESIDE_DATE.search(text)
            if match is not None and not _OF_ANOTHER.search(text[: match.start("count")]):
                return PrintedHits(match["count"], _status_of(match["count"], document, counter), "suffix")
    after_icon = _number_after_icon(document, metas)
    if after_icon:
        return PrintedHits(after_icon, _status_of(after_icon, document, counter), "icon")
    if found:
        return _without_number(found[0][1].value, found[0][1].name, counter)
    return PrintedHits("", HitsStatus.PENDING if counter else HitsStatus.NO_COUNTER, "")


def _number_after_icon(document: Document, metas: tuple[MetaLine, ...]) -> str:
    """The number after the picture of an eye, which stands for 浏览 in templates without labels."""
    for meta in metas:
        if meta.zone is not HEAD:
            continue
        for icon in document.lines[meta.place].element.iter("i", "span", "em", "img", "svg"):
            names = f"{icon.get('class') or ''} {icon.get('src') or ''}"
            number = _NUMBER_FIRST.match(_text_after(icon)) if _EYE.search(names) else None
            if number is not None:
                return number["count"].strip()
            own = narrow_digits("".join(icon.itertext())).strip() if _VIEWS.search(names) else ""
            if _COUNT_ALONE.fullmatch(own):
                return own
    return ""


def _text_after(icon: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The text right after an empty element: its tail, else what follows it or its parent."""
    for node in (icon, icon.getparent()):
        following = node.getnext()
        text = node.tail or ""
        if not text.strip() and following is not None and isinstance(following.tag, str):
            text = "".join(following.itertext())
        if text.strip():
            return narrow_digits(text)
        if node.tag not in _INLINE:
            break
    return ""


def selected_hits(printed: str, document: Document, counter: Counter | None) -> PrintedHits:
    """What the element of a site's selector prints, read by the same rules."""
    raw = _first_piece(printed.rpartition("：")[2].rpartition(":")[2])
    if parse_hits(raw) is None:
        return _without_number(raw, "selector", counter)._replace(rule="selector")
    return PrintedHits(raw, _status_of(raw, document, counter), "selector")


def counter_at_label(document: Document, metas: tuple[MetaLine, ...]) -> Counter | None:
    """The script after a hits label without a number, when it asks for this article.

    This holds for any CMS: a script that is loaded in that place with an id writes the number.
    """
    for meta, part in labelled(metas, Label.HITS):
        if parse_hits(_first_piece(part.value)):
            continue
        for script in document.scripts:
            source = (script.element.get("src") or "").strip()
            if script.line == meta.place and _ASKS.search(source):
                return Counter(url=absolute_url(document.base_url, source), family="generic")
    return None


def _has_company(meta: MetaLine) -> bool:
    """Whether the line also names the article's date, source or people."""
    return any(part.label in _COMPANY for part in meta.parts) or DATED.search(meta.unlabelled) is not None


def _is_of_article(document: Document, meta: MetaLine, part: Labelled, metas: tuple[MetaLine, ...]) -> bool:
    """Whether a count is the article's by its place: 访问量 alone at the page's head or foot is the site's.

    Alone in or after the text it needs its colon or bracket: 总浏览量 3.2万 closes a report.
    """
    if meta.zone is HEAD or _has_company(meta):
        return True
    near = (other for other in metas if 0 < abs(other.place - meta.place) <= _NEAR_COMPANY)
    if any(_has_company(other) and _is_beside(document, meta, other) for other in near):
        return True
    if meta.zone is ABOVE or _OF_SITE.match(part.name):
        return False
    return _SIGN_FOLLOWS.match(meta.text[part.start :]) is not None


def _is_beside(document: Document, one: MetaLine, other: MetaLine) -> bool:
    """Whether two lines lie in one element, or in two elements of one."""
    ours, theirs = document.lines[one.place].element, document.lines[other.place].element
    return one.zone is other.zone and (ours is theirs or _holder(ours) is _holder(theirs))


def _holder(element: Any) -> Any:  # noqa: ANN401 - lxml is untyped
    """The element that holds another; for a cell or a row it is the table."""
    holder = element.getparent()
    while holder is not None and holder.tag in ("tr", "tbody"):
        holder = holder.getparent()
    return holder


def _follows_words(meta: MetaLine) -> bool:
    """Whether words stand before the label in a line of the text: 直播观看人数：64.5万 点击量：10万."""
    return meta.zone is TAIL and len(meta.unlabelled) > _LONGEST_LEAD and not DATED.search(meta.unlabelled)


def _is_far(meta: MetaLine, after: int) -> bool:
    """Whether a line stands so far after the text that its count is another article's."""
    return meta.zone is AFTER and meta.place > after + _NEAR_LINES


def _without_number(value: str, name: str, counter: Counter | None) -> PrintedHits:
    piece = re.split(r"[\x1f\]】）)〗|]", value.strip(), maxsplit=1)[0].strip()
    if _PLACEHOLDER.search(piece):
        return PrintedHits(piece, HitsStatus.PLACEHOLDER, f"label:{name}")
    if is_implausible(piece):
        return PrintedHits(piece, HitsStatus.IMPLAUSIBLE, f"label:{name}")
    raw = piece if piece in _BARE_UNITS else ""
    return PrintedHits(raw, HitsStatus.PENDING if counter else HitsStatus.EMPTY, f"label:{name}")


def _tag_end(blanks: re.Match[str]) -> str:
    return "|" if "\x1f" in blanks[0] else blanks[0]


def _first_piece(value: str) -> str:
    """The count with which a value starts; nothing where white space may part its thousands unseen."""
    parted = _APART.sub(_tag_end, value.strip(" \x1f[【(")).replace("\x1f", "")
    if _DIGIT_TAGS.fullmatch(parted):
        return parted.replace("|", "")
    whole = parted.strip()
    if parse_hits(whole) is not None:
        return whole
    words = re.split(r"[\]】）)〗|]", parted, maxsplit=1)[0].split(maxsplit=1)
    if len(words) > 1 and _GOES_ON.match(words[1]) and parse_hits(words[0]) is not None:
        return ""
    return words[0] if words else ""


def _status_of(raw: str, document: Document, counter: Counter | None) -> HitsStatus:
    if parse_hits(raw) == 0 and (counter is not None or _FILLED.search(document.page.text)):
        return HitsStatus.PLACEHOLDER
    return HitsStatus.PAGE
