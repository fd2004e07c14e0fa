"""The pictures and files of an article, with absolute URLs."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.language.printed_number import small_number
from unioncrawl.model import Attachment, Image
from unioncrawl.page.body import Range
from unioncrawl.page.document import Document, Placed, clean_text
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.lists.script_links import script_address
from unioncrawl.page.regions import Region, region_of
from unioncrawl.urls import absolute_url

# Lazy loaders keep the true address beside a spacer in src; TRS keeps it in oldsrc.
_SOURCES = tuple(
    """data-original data-src data-echo data-lazy-src data-lazyload data-url lazy-src original zoomfile file
    src _src oldsrc""".split()
)
_NO_ADDRESS = ("data:", "file:", "javascript:", "about:", "#")
_LOOSE = ("original", "file", "oldsrc")  # names that other scripts use for other things
_ICON = re.compile(
    r"spacer|blank\.gif|grey\.gif|loading|/icon|icon_|\bicons?\b|logo|qrcode|erweima|ewm|"
    r"weixin|wechat|share|arrow|line\.gif|dot\.|"
    r"filetypeimages|/fileicon|attachicons|emotion|smil|/face/|button|btn|print\.|avatar|"
    r"counter|next_?page|prev_?page|/skin/|/template/|/images/(?:bg|top|foot)|"
    r"doc\.(?:gif|png)|pdf\.(?:gif|png)|xls\.(?:gif|png)|rar\.(?:gif|png)|cnzz|50yc|hm\.baidu|"
    r"red\.png|zc_|jiucuo|sydw|ghs\.",
    re.IGNORECASE,
)
_ENDINGS = r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|dps|ofd|txt|csv|caj|jpe?g|mp[34])"
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|dps|ofd|txt|csv)(?:$|[?#])", re.IGNORECASE)
# A link that is called as a file leads to it, whatever its address: 附件1：报名表.doc, 指南.pdf (1.2MB).
_NAMED_AS_FILE = re.compile(
    rf"[^/?#]{_ENDINGS}[”\"』》]?\s*(?:[（(\[【][^）)\]】]{{1,16}}[）)\]】])?$", re.IGNORECASE
)
_DOWNLOAD = re.compile(
    r"/system/_content/download\.jsp|DownloadAttachUrl|/module/download/downfile\.jsp|"
    r"plus/download\.php|[?&]wbfileid=|"
    r"attachment(?:/download|\.php|\.jspx)|/e/DownSys/|DownloadFile|m=download|a=download|"
    r"/(?:down|download|downfile|getfile)(?:\.\w{2,4})?\?",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"^(?:▲|△|↑|图[为：:①②③④⑤一二三四12345]|图片说明|资料图|左图|右图|上图|下图)|(?:摄|供图|"
    r"摄影|制图|资料图|图片|图|/文)[)）】]?\s*$|(?:记者|通讯员).{1,12}摄"
)
_CENTERED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_LINES_AFTER = 12


def body_images(document: Document, headline: Headline, body: Range) -> tuple[tuple[int, Image], ...]:
    """The pictures of the body with the line at which each stands, in page order, each URL once."""
    seen: set[str] = set()
    found: list[tuple[int, Image]] = []
    for placed in document.images:
        if not _inside(placed, headline, body):
            continue
        url = _address(placed.element, document.base_url)
        if url and url not in seen and not _is_icon(placed.element, url):
            seen.add(url)
            found.append((placed.line, Image(url, _caption(document, placed, headline))))
    return tuple(found)


def _inside(placed: Placed, headline: Headline, body: Range) -> bool:
    if body.element is not None:
        if not any(ancestor is body.element for ancestor in placed.element.iterancestors()):
            return False
        return placed.line >= headline.stop and not _in_noise(placed.element, body.element)
    return (
        headline.stop > 0
        and headline.stop <= placed.line <= headline.stop + 6
        and not _in_noise(placed.element, None)
    )


def _in_noise(element: Any, stop: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    for ancestor in element.iterancestors():
        if ancestor is stop:
            return False
        if region_of(ancestor, Region.PLAIN) is Region.NOISE:
            return True
    return False


def _address(element: Any, base_url: str) -> str:  # noqa: ANN401 - the same
    for name in _SOURCES:
        value = (element.get(name) or "").strip()
        if not value or value.startswith(_NO_ADDRESS) or (name == "src" and "blank" in value):
            continue
        if name in _LOOSE and "/" not in value and "." not in value:
            continue
        return absolute_url(base_url, value)
    return ""


def _is_icon(element: Any, url: str) -> bool:  # noqa: ANN401 - the same
    if _ICON.search(urlsplit(url).path):
        return True
    sizes = [element.get(side) or "" for side in ("width", "height")]
    pixels = (small_number(size.rstrip("px")) for size in sizes)
    return any(number is not None and number <= 32 for number in pixels)


def _caption(document: Document, placed: Placed, headline: Headline) -> str:
    figure = next(placed.element.iterancestors("figure"), None)
    if figure is not None:
        caption = figure.find(".//figcaption")
        text = clean_text("".join(caption.itertext())) if caption is not None else ""
        if text:
            return text
    for line in document.lines[placed.line : placed.line + 2]:
        if len(line.text) <= 90 and (_CAPTION.search(line.text) or _is_centered(line.element)):
            return line.text
    for name in ("alt", "title"):
        text = clean_text(placed.element.get(name) or "")
        if len(re.findall(r"[㐀-鿿]", text)) >= 4 and text != headline.text and "." not in text:
            return text
    return ""


def _is_centered(element: Any) -> bool:  # noqa: ANN401 - the same
    if element.get("align") == "center" or element.tag == "center":
        return True
    return bool(_CENTERED.search(element.get("style") or ""))


def body_attachments(document: Document, headline: Headline, body: Range) -> tuple[Attachment, ...]:
    """The files that the article offers, in its text or shortly after it."""
    found: dict[str, Attachment] = {}
    last = max(body.stop, headline.stop) + _LINES_AFTER
    for placed in document.links:
        if not headline.stop <= placed.line <= last:
            continue
        name = clean_text("".join(placed.element.itertext())) or placed.element.get("title") or ""
        url = _file_address(document, placed.element, name)
        if url:
            found.setdefault(url, Attachment(url, name))
    return tuple(found.values())


def _file_address(document: Document, element: Any, name: str) -> str:  # noqa: ANN401 - lxml is untyped
    """The address of a link to a file; empty for a link to anything else."""
    href = (element.get("href") or "").strip()
    is_named = any(
        _NAMED_AS_FILE.search(one)
        for one in (name, element.get("title") or "", element.get("download") or "")
    )
    if is_named and href.lower().startswith(("#", "javascript:")):
        href = script_address(document.page.text, element)
    if not href or not (is_named or _FILE.search(href) or _DOWNLOAD.search(href)):
        return ""
    return absolute_url(document.base_url, href)
