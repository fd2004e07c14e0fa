"""Articles in several parts: find the next one, join them all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from unioncrawl.extract.document import Document
from unioncrawl.model import Article
from unioncrawl.normalize.urls import absolute_url

# 下一版 and 下一篇 of e-papers, and the 下一页 of lists, are no continuation:
# only these containers page an article (PHPCMS, EmpireCMS, DedeCMS, people.com.cn).
_PAGER = re.compile(
    r"(?:^|[\s_-])(?:pageLink|pages?|epages|pagination|pagelist|page_list|fenye|pagenav|page_nav|pagebar|content_page\w*|zdfy|pager|cpage|page-?link)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
_NEXT = re.compile(r"^\W*(?:下一页|下页|下一頁|后一页|Next(?: page)?|>|»|＞)\W*$", re.IGNORECASE)
_NEXT_PICTURE = re.compile(r"next_?page", re.IGNORECASE)  # people.com.cn sets its pager in pictures
_PAGE_CUES = tuple("下一页 下页 下一頁 后一页 next &gt;</a >></a » ＞".split())
_NEXT_CUE = re.compile(r"[下后N>»＞]")
_PART = re.compile(r"[_-]\d{1,2}(?=\.\w+$|$)")
_PAGE_KEYS = frozenset(("page", "p", "pageno", "pn", "pageindex"))


def find_next_part(document: Document) -> str:
    """The absolute URL of the article's next part, or empty when this is the last."""
    if not any(cue in document.lowered for cue in _PAGE_CUES):
        return ""
    for placed in document.links:
        element = placed.element
        if not len(element) and not _NEXT_CUE.search(element.text or "") and not element.get("title"):
            continue
        if not _says_next(element):
            continue
        href = (element.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:")) or not _in_pager(element):
            continue
        url = absolute_url(document.base_url, href)
        if url and _continues(document.page.url, url):
            return url
    return ""


def _says_next(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    text = "".join(element.itertext()).strip()
    if _NEXT.match(text) or (element.get("title") or "").strip() == "下一页":
        return True
    picture = element.find("img") if len(element) and not text else None
    return picture is not None and _NEXT_PICTURE.search(picture.get("src") or "") is not None


def _in_pager(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    for depth, ancestor in enumerate(element.iterancestors()):
        if depth > 4:
            return False
        if _PAGER.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return True
    return False


def _continues(url: str, following: str) -> bool:
    """Whether ``following`` can be a later part of ``url``: the same article, another part."""
    one, other = urlsplit(url), urlsplit(following)
    if url == following or (one.netloc and one.netloc != other.netloc):
        return False
    if _PART.sub("", _stem(one.path)) == _PART.sub("", _stem(other.path)) and one.path != other.path:
        return True
    return (
        one.path == other.path and _identity(one.query) == _identity(other.query) and one.query != other.query
    )


def _stem(path: str) -> str:
    return re.sub(r"\.\w+$", "", path)


def _identity(query: str) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(query) if pair[0].lower() not in _PAGE_KEYS)


def join_parts(articles: Sequence[Article]) -> Article:
    """One article out of its parts in order: the first one's fields, all parts' text and pictures.

    A paragraph that closes one part and opens the next is kept once.
    """
    first = articles[0]
    texts: list[str] = []
    for article in articles:
        lines = [line for line in article.body_text.split("\n") if line]
        texts.extend(lines[1:] if texts and lines and lines[0] == texts[-1] else lines)
    return replace(
        first,
        body_text="\n".join(texts),
        body_html="\n".join(article.body_html for article in articles if article.body_html),
        images=tuple(dict.fromkeys(chain.from_iterable(article.images for article in articles))),
        attachments=tuple(dict.fromkeys(chain.from_iterable(article.attachments for article in articles))),
        editor=next((article.editor for article in articles if article.editor), ""),
        next_page=articles[-1].next_page,
        captures=tuple(chain.from_iterable(article.captures for article in articles)),
    )
