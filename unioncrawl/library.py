"""Read one page from bytes, a file or text: what a notebook wants of the whole line."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import IO

from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ExtractError, NotAnArticle
from unioncrawl.guard.file_content import read_file
from unioncrawl.line import read_decoded
from unioncrawl.model import Article, DecodedPage, Evidence, Extraction, PageKind, RawPage
from unioncrawl.sites.catalogue import find_profile

_LONGEST_NAME = 255
_KINDS = {
    PageKind.ARTICLE: "an article",
    PageKind.BLOCKED: "a page that blocks crawlers",
    PageKind.NOT_FOUND: "a page that says it was not found",
    PageKind.LIST: "a list",
    PageKind.SHELL: "a frame without text",
    PageKind.UNREADABLE: "nothing that can be read",
}
Page = bytes | str | os.PathLike[str] | IO[bytes] | IO[str]


def read_page(
    page: Page, url: str = "", *, content_type: str = "", site: str = "", fetched_at: datetime | None = None
) -> Article:
    """Read the article that a page holds: decode, extract, repair, normalise.

    ``page`` is the bytes as they came, an open file, a path (``pathlib.Path``), or the
    page's text. A ``str`` is always text: a name of a file in it is refused. ``url`` is
    where the page was fetched; without it relative links stay as they are printed.
    ``content_type`` is the response's header, ``site`` a site of ``unioncrawl sites``,
    ``fetched_at`` an aware time, which 昨天 and 3小时前 need.

    Raises `NotAnArticle` when the page is a list, a block page or a page that was not
    found, `DecodeError` when no encoding explains the bytes, `SiteFileError` for
    an unknown site.

    >>> html = "<h1>縣總工會(huì)召開會(huì)議</h1><div>2024/4/8 9:32:34 來源：某縣總工會(huì)</div>"
    >>> article = read_page(html + "<p>會(huì)議強(qiáng)調(diào)，要服務(wù)職工。</p>" * 3)
    >>> article.title, article.published_at.isoformat()
    ('县总工会召开会议', '2024-04-08T09:32:34+08:00')
    >>> read_page("<p>你访问的页面不存在</p>", "http://gh.example/1.html")
    Traceback (most recent call last):
    unioncrawl.errors.NotAnArticle: extract http://gh.example/1.html: ...
    """
    profile = find_profile(site) if site else None
    extraction = read_decoded(_decoded(page, url, content_type, fetched_at), profile)
    if extraction.article is None:
        raise _refusal(extraction, url)
    return extraction.article


def _decoded(page: Page, url: str, content_type: str, fetched_at: datetime | None) -> DecodedPage:
    content = _content(page)
    if isinstance(content, str):
        _refuse_name(content)
        given = (Evidence("encoding", "text"),)
        return DecodedPage(url=url, text=content, encoding="", evidence=given, fetched_at=fetched_at)
    headers = (("content-type", content_type),) if content_type else ()
    return decode_raw(RawPage(url=url, body=content, headers=headers, fetched_at=fetched_at))


def _content(page: Page) -> bytes | str:
    if isinstance(page, bytes | str):
        return page
    if isinstance(page, os.PathLike):
        return read_file(Path(page))
    return page.read()


def _refuse_name(text: str) -> None:
    """Refuse a text that can only be the name of a file: it would be read as a page without tags."""
    name = text.strip()
    if "\n" in name or "<" in name or len(name) > _LONGEST_NAME or not Path(name).is_file():
        return
    raise ExtractError(
        f"{name!r} is the name of a file, and text is read as the page itself.",
        next_step=f"Give read_page(pathlib.Path({name!r})).",
        stage="extract",
    )


def _refusal(extraction: Extraction, url: str) -> NotAnArticle:
    return NotAnArticle(
        f"the page is not an article but {_KINDS[extraction.kind]} ({extraction.reason}).",
        next_step="See what was found in it: unioncrawl extract FILE --json.",
        url=url,
        stage="extract",
    )
