"""Name a site, and the page itself, from what one of its pages says."""

from __future__ import annotations

import html
import ipaddress
import re
from collections.abc import Iterable

from unioncrawl.model import DecodedPage

_SEPARATOR = re.compile(r"[-_|—–>»]+")
_TITLE = re.compile(r"<title[^<>]*>([^<]*)", re.IGNORECASE)
_TAG = re.compile(r"<(?:meta|link)\s[^<>]*>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(?<![\w-])([\w-]+)\s*=\s*(["'])(.*?)\2""", re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAME_ENDS = re.compile(r"(?:工会|[报网])$")
_NAME_HOLDS = re.compile(r"工会|[报网]")
_SAYS_NO_NAME = frozenset({"首页", "网站首页", "主页", "返回首页"})
# Of a host these say nothing about the site.
_COMMON_LABELS = frozenset({"www", "com", "cn", "org", "gov", "net"})
_LONGEST_ID = 24


def title_parts(page: DecodedPage) -> list[str]:
    """The parts of the page's title between separators, its character references read.

    >>> text = "<title>工会要闻 &#8211; 临溪市总工会</title>"
    >>> title_parts(DecodedPage(url="", text=text, encoding="utf-8"))
    ['工会要闻', '临溪市总工会']
    >>> title_parts(DecodedPage(url="", text="<title>临溪市总工会</title>", encoding="utf-8"))
    ['临溪市总工会']
    """
    found = _TITLE.search(page.text)
    return _parts(found[1]) if found else []


def site_name(page: DecodedPage, home_texts: Iterable[str] = (), headline: str = "") -> str:
    """The site's name as its page gives it, empty where the page gives none.

    The page may say it outright (``og:site_name``). Else it is the part of the title that
    stands elsewhere too: in the titles of the page's feeds, or in ``home_texts``, the
    texts of links to the home page. Else it is the part that reads like a name. An
    article's ``headline`` is no name.

    >>> text = "<title>职工之家 服务之窗网 | 临溪市总工会</title>"
    >>> site_name(DecodedPage(url="", text=text, encoding="utf-8"))
    '临溪市总工会'
    """
    tags = [dict(_attributes(tag)) for tag in _TAG.findall(page.text)]
    for tag in tags:
        if tag.get("property", "").lower() == "og:site_name" and _HAN.search(tag.get("content", "")):
            return tag["content"]
    parts = [part for part in title_parts(page) if _joined(part) != _joined(headline)]
    feeds = [_parts(tag.get("title", "")) for tag in tags if "alternate" in tag.get("rel", "").lower()]
    shared = {_joined(text) for text in home_texts} | {_joined(part) for feed in feeds for part in feed}
    common = [part for part in parts if _joined(part) in shared and part not in _SAYS_NO_NAME]
    union = [part for part in parts if "工会" in part and _NAME_ENDS.search(part)]
    ending = [part for part in parts if _NAME_ENDS.search(part)]
    holding = [part for part in parts if _NAME_HOLDS.search(part)]
    return (common or union or ending or holding or parts or [""])[-1]


def site_id(host: str, name: str) -> str:
    """An id from the host's first own label that has a letter, else from the name's initials.

    >>> site_id("www.qhszgh.com", "青海省总工会"), site_id("127.0.0.1", "临溪市总工会")
    ('qhszgh', 'lxszgh')
    """
    labels = [] if _is_ip_address(host) else host.lower().split(".")
    own = [_plain(label) for label in labels if label not in _COMMON_LABELS and not label.startswith("xn--")]
    lettered = [label for label in own if re.search("[a-z]", label)]
    initials = "" if lettered else _initials(name)
    return (lettered or [initials if re.search("[a-z]", initials) else "site"])[0]


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(html.unescape(text)) if part.strip()]


def _attributes(tag: str) -> list[tuple[str, str]]:
    return [(name.lower(), html.unescape(value).strip()) for name, _, value in _ATTRIBUTE.findall(tag)]


def _joined(text: str) -> str:
    return "".join(text.split())


def _plain(label: str) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", label).strip("-_")


def _initials(name: str) -> str:
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - half a second that other proposals do not pay

    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return re.sub(r"[^a-z0-9]", "", letters)[:_LONGEST_ID]


def _is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
