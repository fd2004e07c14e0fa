"""Articles in several parts: find the next one, join them all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from unioncrawl.extract.part_rows import in_row, part_below
from unioncrawl.markup import Mark, read_markup, without_lines, write_markup
from unioncrawl.model import Article, Evidence, Image
from unioncrawl.model.article_fields import Use, texts_of
from unioncrawl.page.document import Document, Link, lower_ascii
from unioncrawl.urls import absolute_url

# 下一版 and 下一篇 of e-papers and the 下一页 of lists do not continue an article:
# only these containers page one (PHPCMS, EmpireCMS, DedeCMS, people.com.cn).
_PAGER = re.compile(
    r"(?:^|[\s_-])(?:pageLink|pages?|epages|pagination|pagelist|page_list|fenye|pagenav|page_nav|pagebar|content_page\w*|zdfy|pager|cpage|page-?links?|(?:show|art|article|content)page|pagebreak)(?:$|[\s_\d-])",
    re.IGNORECASE,
)
# A word between signs, or signs alone that have an arrow among them.
_NEXT = re.compile(
    r"^(?:\W*+(?:下一页|下页|下一頁|后页|后一页|Next(?: page)?)\W*+|(?=[^>»＞]*+[>»＞])\W++)$", re.IGNORECASE
)
_NEXT_PICTURE = re.compile(r"next_?page", re.IGNORECASE)  # people.com.cn sets its pager in pictures
_NEXT_TITLE = "下一页"
_PAGE_CUES = tuple("下一页 下页 下一頁 后页 后一页 next &gt;</a >></a » ＞".split())
# A part of each of those in the texts of all links, the picture in the source in lower case.
_NEXT_WORD = re.compile(r"[下后nN>»＞](?:(?<=下)一?[页頁]|(?<=后)一?页|(?<=[nN])[eE][xX][tT]|(?<=[>»＞]))")
_NEXT_SOURCE = re.compile(r"next_?page")
_PART = re.compile(r"[_-]\d{1,2}(?=\.\w+$|$)")
_PAGE_KEYS = frozenset(("page", "p", "pageno", "pn", "pageindex"))


def find_next_part(document: Document) -> str:
    """The absolute URL of the article's next part, or empty when this is the last.

    It is called 下一页 and stands in a pager, or has this address with the next number
    and stands in a row of numbers.
    """
    numbered = _numbered_part(document) or part_below(document)
    if numbered:
        return numbered
    if not _may_say_next(document):
        return ""
    for link in document.links:
        element = link.element
        if not _says_next(link) or not any(cue in document.lowered for cue in _PAGE_CUES):
            continue
        href = link.href.strip()
        if not href or href.startswith(("#", "javascript:")):
            continue
        url = absolute_url(document.base_url, href)
        if not url or not _continues(document.page.url, url):
            continue
        if _in_pager(element) or _pages_itself(document.page.url, url):
            return url
    return ""


def _numbered_part(document: Document) -> str:
    """The address of this article with the next number, where a row of numbers leads to it: 1 2 3.

    1203_3.html follows 1203_2.html only where 1203.html is linked too. Two articles may have
    numbered addresses like these, but they never share the address without a number.
    """
    path = urlsplit(document.page.url).path
    stem, extension = _stem(path), path[len(_stem(path)) :]
    tries = [(f"{stem}{sign}2{extension}", 1, "") for sign in "_-"]
    numbered = _NUMBERED.search(stem)
    if numbered:
        base, number = stem[: numbered.start()], int(numbered["number"])
        tries.append((f"{base}{numbered['sign']}{number + 1}{extension}", number, f"{base}{extension}"))
    tries = [one for one in tries if lower_ascii(one[0].rpartition("/")[2]) in document.lowered]
    if not tries or stem.endswith("/"):
        return ""
    links = {
        urlsplit(url).path: (url, link.element)
        for link in document.links
        if (url := absolute_url(document.base_url, link.href))
    }
    rows = ((*links[part], number) for part, number, first in tries if {part, first or part} <= set(links))
    return next((url for url, element, number in rows if in_row(element, number)), "")


def _may_say_next(document: Document) -> bool:
    """Whether some link may be called 下一页: on most pages none is, and they are not asked one by one."""
    if _NEXT_WORD.search("\n".join([link.text for link in document.links])):
        return True
    lowered = document.lowered
    return _NEXT_TITLE in lowered or "&#" in lowered or _NEXT_SOURCE.search(lowered) is not None


def _says_next(link: Link) -> bool:
    element, text = link.element, link.text.strip()
    if _NEXT.match(text) or (element.get("title") or "").strip() == _NEXT_TITLE:
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


def _pages_itself(url: str, following: str) -> bool:
    """Whether an address is this one with a page in its query: no other article has that."""
    one, other = urlsplit(url), urlsplit(following)
    return one.path == other.path and any(key.lower() in _PAGE_KEYS for key, _ in parse_qsl(other.query))


def _continues(url: str, following: str) -> bool:
    """Whether ``following`` can be a later part of ``url``: the same article, another part.

    On whatever host: a part that may not be asked there is refused and recorded, and the
    article says that a part is missing.
    """
    one, other = urlsplit(url), urlsplit(following)
    if url == following:
        return False
    if other.path.rpartition("/")[0] == one.path and other.path.rpartition("/")[2].isdecimal():
        return True
    if _PART.sub("", _stem(one.path)) == _PART.sub("", _stem(other.path)) and one.path != other.path:
        return True
    return (
        one.path == other.path and _identity(one.query) == _identity(other.query) and one.query != other.query
    )


_END = re.compile(r"\.\w+$")
_NUMBERED = re.compile(r"(?P<sign>[_-])(?P<number>\d{1,2})$")


def _stem(path: str) -> str:
    return _END.sub("", path)


def _identity(query: str) -> list[tuple[str, str]]:
    return sorted(pair for pair in parse_qsl(query) if pair[0].lower() not in _PAGE_KEYS)


# What the last part has of the whole story.
_CLOSING = texts_of(Use.CLOSING)
# A description has a sentence; a subhead that opens several parts is shorter.
_SHORTEST_OPENING = 20


def join_parts(articles: Sequence[Article]) -> Article:
    """Return one article made of its parts in order: the first one's fields, all parts' text and pictures.

    A paragraph that closes one part and opens the next is kept once, and so is one that opens them all:
    the description that a template prints above each.
    """
    first = articles[0]
    texts: list[str] = []
    parts = []
    for article in articles:
        lines = [line for line in article.body_text.split("\n") if line]
        repeats = 1 if texts and lines and lines[0] in _repeated(texts) else 0
        parts.append((article, len(lines), repeats))
        texts.extend(lines[repeats:])
    closing: dict[str, Any] = {
        name: next(filter(None, (getattr(part, name) for part in articles)), "") for name in _CLOSING
    }
    return replace(
        first,
        body_text="\n".join(texts),
        markup=_joined_markup(parts),
        images=tuple(dict.fromkeys(chain.from_iterable(article.images for article in articles))),
        attachments=tuple(dict.fromkeys(chain.from_iterable(article.attachments for article in articles))),
        **closing,
        site_model=next(filter(None, (article.site_model for article in articles)), ""),
        undecodable_bytes=sum((article.undecodable_bytes for article in articles), 0),
        body_is_cut=any(article.body_is_cut for article in articles),
        evidence=(*first.evidence, *_closing_evidence(articles), *_page_evidence(articles[1:])),
        next_page=articles[-1].next_page,
        captures=tuple(chain.from_iterable(article.captures for article in articles)),
    )


def _repeated(texts: Sequence[str]) -> tuple[str, ...]:
    """What may open a further part once more: the last paragraph, and the first where it is no subhead."""
    return (texts[-1], texts[0]) if len(texts[0]) >= _SHORTEST_OPENING else (texts[-1],)


def missing_part(article: Article, url: str) -> Article:
    """Return the article with the evidence that its part at ``url`` is missing.

    >>> missing_part(Article(url="http://a.cn/1.html"), "http://a.cn/1_2.html").evidence[0].rule
    'part-missing'
    """
    return replace(article, evidence=(*article.evidence, Evidence("body_text", "part-missing", url)))


def _joined_markup(parts: Sequence[tuple[Article, int, int]]) -> str:
    """The notation of all parts: articles with their number of lines and how many of these are left out."""
    marks: list[Mark] = []
    seen: set[Image] = set()
    waiting = 0
    for article, lines, repeats in parts:
        markup = without_lines(article.markup, lines, len(article.images), range(repeats))
        own, _ = read_markup(markup, lines - repeats, len(article.images))
        left = iter(article.images)
        for mark in own:
            alone = _unseen(islice(left, mark.alone), seen)
            captioned = _unseen(islice(left, mark.captioned), seen)
            marks.append(mark._replace(alone=alone + waiting, captioned=captioned))
            waiting = 0
        waiting += _unseen(left, seen)
    return write_markup(marks, waiting)


def _unseen(images: Iterable[Image], seen: set[Image]) -> int:
    """How many of these pictures no part before has shown."""
    fresh = [image for image in images if image not in seen]
    seen.update(fresh)
    return len(set(fresh))


def _closing_evidence(articles: Sequence[Article]) -> Iterator[Evidence]:
    """The evidence of the fields that a later part fills."""
    for name in _CLOSING:
        named_in = next((article for article in articles if getattr(article, name)), articles[0])
        if named_in is not articles[0]:
            yield from (piece for piece in named_in.evidence if piece.field == name)


def _page_evidence(parts: Sequence[Article]) -> Iterator[Evidence]:
    """The facts about the bytes of the later parts."""
    return (piece for part in parts for piece in part.evidence if piece.field == "page")
