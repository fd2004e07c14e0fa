"""Which files and films a page offers or shows: links to them, frames, players, what a script embeds.

A viewer's address names the file that it shows (pdf.js: ``viewer.html?file=``; Office Online:
``embed.aspx?src=``). VSB embeds a PDF by a script (``showVsbpdfIframe("/__local/…pdf")``), 博达's
pages without any other text; Sudy by an attribute (``<div class="wp_pdf_player" pdfsrc="…">``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from unioncrawl.model import Attachment
from unioncrawl.page.document import Document, Link, LinkedFile, clean_text
from unioncrawl.page.lists.script_links import script_address
from unioncrawl.urls import absolute_url

_DOCUMENTS = r"docx?|xlsx?|pptx?|pdf|zip|rar|7z|wps|et|dps|ofd|txt|csv"
_FILMS = r"mp[34]|m4[av]|webm|ogg|flv|f4v|m3u8|wm[av]|avi|mov|rm(?:vb)?|asf|swf"
# The point is first, so that `re` looks for it at once.
_ENDINGS = rf"\.(?<=[^/?#]\.)(?:{_DOCUMENTS}|caj|jpe?g|mp[34])"
_FILE = re.compile(rf"\.(?:{_DOCUMENTS})(?:$|[?#])", re.IGNORECASE)
# In some of many addresses, a line each.
_SOME_FILE = re.compile(rf"\.(?:{_DOCUMENTS})(?:\s|$|[?#])")
_SHOWN_FILE = re.compile(rf"\.(?:{_DOCUMENTS}|{_FILMS})(?:$|[?#&])", re.IGNORECASE)
# A link that is called as a file leads to it, whatever its address: 附件1：报名表.doc, 指南.pdf (1.2MB).
NAMED_AS_FILE = re.compile(
    rf"{_ENDINGS}[”\"』》]?\s*(?:[（(\[【][^）)\]】]{{1,16}}[）)\]】])?$", re.IGNORECASE
)
# An attribute with a point in it, which may be written as a reference.
_NAMED = tuple(
    re.compile(rf"""{name}\s*=\s*(?:"[^".&]*+|'[^'.&]*+|[^\s"'>.&]*+)[.&]""")
    for name in ("title", "download")
)
_DOWNLOAD = re.compile(
    r"/system/_content/download\.jsp|DownloadAttachUrl|/module/download/downfile\.jsp|"
    r"plus/download\.php|[?&]wbfileid=|"
    r"attachment(?:/download|\.php|\.jspx)|/e/DownSys/|DownloadFile|m=download|a=download|"
    r"/(?:down|download|downfile|getfile)(?:\.\w{2,4})?\?",
    re.IGNORECASE,
)
# One of these stands in each of them; most pages have no such link.
_DOWNLOAD_CUES = ("down", "wbfileid", "attachment", "getfile")
# A script's quoted address of a file. A player's own program (.swf) and lists (.txt, .csv) are no article's.
_EMBEDDED = r"""\.(?:pdf|docx?|xlsx?|pptx?|ofd|wps|mp[34]|m4[av]|webm|flv|f4v|m3u8|wmv)"""
_QUOTED = re.compile(rf"""["'](?P<url>[^"'<>\s\\]{{1,400}}?{_EMBEDDED})["'?#]""", re.IGNORECASE)
# A part of it that `re` finds at once: most scripts have none.
_QUOTED_ENDING = re.compile(rf"""{_EMBEDDED}["'?#]""", re.IGNORECASE)
_ADDRESSES = ("src", "data", "pdfsrc", "data-src", "href")
_NAMED_ADDRESSES = frozenset(("movie", "src", "filename", "url", "flashvars"))
_DOCUMENT_TYPE = re.compile(r"application/(?:pdf|msword|vnd\.|x-shockwave)|video/|audio/", re.IGNORECASE)
# Sites of films, and pages that play them.
_PLAYER = re.compile(
    r"player|video|bilibili\.com|youku\.com|v\.qq\.com|iqiyi\.com|ixigua\.com|miaopai|cntv\.cn", re.IGNORECASE
)


def linked_files(document: Document) -> tuple[LinkedFile, ...]:
    """The files to which the page's links lead; computed once per page."""
    if document.files is None:
        found = ((link, _linked_file(document, link)) for link in _may_lead(document))
        document.files = tuple(LinkedFile(link.line, link.element, file) for link, file in found if file)
        document.file_lines = frozenset(one.line for one in document.files)
    return document.files


def file_lines(document: Document) -> frozenset[int]:
    """The lines that lead to a file."""
    if document.files is None:
        linked_files(document)
    return document.file_lines


def _may_lead(document: Document) -> list[Link]:
    """The links that a name with a point or a word of their address sets apart: few of a page's hundreds."""
    links = document.links
    hrefs = "\n".join([link.href for link in links]).lower()
    if any(cue in hrefs for cue in _DOWNLOAD_CUES) or _SOME_FILE.search(hrefs) is not None:
        return links
    if not any(named.search(document.lowered) for named in _NAMED):
        return [link for link in links if "." in link.text]
    return [
        link
        for link in links
        if "." in f"{link.text}{link.element.get('title', '')}{link.element.get('download', '')}"
    ]


def _linked_file(document: Document, link: Link) -> Attachment | None:
    """The file to which a link leads; None for a link to anything else."""
    names = [link.element.get(name) or "" for name in ("title", "download")]
    href, text = link.href.strip(), clean_text(link.text)
    is_named = any(NAMED_AS_FILE.search(one) for one in (text, *names))
    if is_named and href.lower().startswith(("#", "javascript:")):
        href = script_address(document.page.text, link.element)
    if not href or not (is_named or _FILE.search(href) or _is_download(href)):
        return None
    return Attachment(absolute_url(document.base_url, href), text or link.element.get("title") or "")


def _is_download(href: str) -> bool:
    lowered = href.lower()
    return any(cue in lowered for cue in _DOWNLOAD_CUES) and _DOWNLOAD.search(href) is not None


def embedded_files(element: Any, base_url: str) -> Iterator[Attachment]:  # noqa: ANN401 - the same
    """Yield the files and films that a frame, a player or a script of the page shows."""
    if element.tag == "script":
        script = element.text or ""
        for quoted in _QUOTED.finditer(script) if _QUOTED_ENDING.search(script) else ():
            yield Attachment(absolute_url(base_url, viewed_file(quoted["url"])))
        return
    name = clean_text(element.get("title") or "")
    for one, address in _addresses(element):
        inner = viewed_file(address)
        is_file = (
            inner != address or _SHOWN_FILE.search(address) or _DOCUMENT_TYPE.match(one.get("type") or "")
        )
        if is_file or (one.tag == "iframe" and _PLAYER.search(address)):
            yield Attachment(absolute_url(base_url, inner), name)
            return


def _addresses(element: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - the same
    """Yield the addresses that an element and those in it have, its own first."""
    for one in element.iter("iframe", "embed", "object", "video", "audio", "source", "param", element.tag):
        if one.tag == "param":
            named = (one.get("name") or "").lower() in _NAMED_ADDRESSES
            values = [one.get("value") or ""] if named else []
        else:
            values = [one.get(name) or "" for name in _ADDRESSES]
        for value in values:
            address = value.strip()
            if address and not address.lower().startswith(("data:", "javascript:", "about:", "blob:")):
                yield one, address


def viewed_file(address: str) -> str:
    """The file that a viewer's address names, or the address itself.

    >>> viewed_file("/pdfjs/web/viewer.html?file=%2Ff%2F%E5%85%AC%E7%A4%BA.pdf&zoom=1")
    '/f/公示.pdf'
    >>> viewed_file("/f/show.pdf?v=2")
    '/f/show.pdf?v=2'
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    if _SHOWN_FILE.search(parts.path):
        return address
    for _, value in parse_qsl(parts.query):
        inner = unquote(value) if "%2F" in value.upper() else value
        if _SHOWN_FILE.search(inner) and ("/" in inner):
            return inner
    return address
