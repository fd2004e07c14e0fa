"""Read a list page: its entries in page order, and the next older page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.guard.bounds import PAGE_ENTRIES
from unioncrawl.model import DecodedPage, Listing, ListLink
from unioncrawl.page.document import Document, clean_text, select
from unioncrawl.page.lists.list_blocks import find_blocks
from unioncrawl.page.lists.next_page import find_next_page, link_address
from unioncrawl.page.lists.page_count import count_pages
from unioncrawl.page.parse import parse_document
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import absolute_url

_DATE = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"
    # Boxes that set day and month apart, and English months (VSB lists).
    r"|\d{2}\s?/?\s?(?:19|20)\d\d-\d\d|\d{2}-\d{2}\s?(?:19|20)\d\d"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s\d{1,2},?\s(?:19|20)\d\d"
)
_PAGER = re.compile(r"\W*(?:第?\s?\d{1,4}\s?页?|(?:首|末|尾|上|下|前|后|上一|下一|最后一)\s?页)\W*")
_CROWDED = 4
_LONGEST_PIECE = 60
_MOST_PIECES = 24
_ROW_TAGS = frozenset(("li", "tr", "dl", "dd", "dt", "div", "p"))
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(?P<html>(?:(?!<record>).)*?)\]\]>\s*</record>", re.DOTALL)


def read_listing(page: DecodedPage, profile: SiteProfile) -> Listing:
    """The articles that a list page links to, and its next page (empty when there is no next page).

    ``profile.article_url`` decides which links are articles; without it a link
    counts that has a date beside it in its row. ``profile.selectors.list_entries``
    narrows the page to the rows of the list.
    """
    document = parse_document(_with_records(page))
    links: dict[str, ListLink] = {}
    anchors: dict[str, Any] = {}
    is_cut = False
    for element, link in _entries(document, profile):
        is_cut = len(links) >= PAGE_ENTRIES.default and link.url not in links
        if is_cut:
            break
        anchors.setdefault(link.url, element)
        known = links.get(link.url)
        if known is None or (not known.title and link.title):
            links[link.url] = link
    blocks = find_blocks(anchors)
    return Listing(
        url=page.url,
        links=tuple(replace(link, block=blocks[url]) for url, link in links.items()),
        next_page=find_next_page(document, profile),
        is_cut=is_cut,
        page_count=count_pages(document),
    )


def _entries(document: Document, profile: SiteProfile) -> Iterator[tuple[Any, ListLink]]:
    pattern = re.compile(profile.article_url) if profile.article_url else None
    for element in _anchors(document, profile):
        url = absolute_url(document.base_url, link_address(element) or "#")
        if urlsplit(url).scheme not in ("http", "https") or url.endswith("#"):
            continue
        if pattern is not None and not pattern.search(url):
            continue
        row_date = _date_beside(element)
        if pattern is not None or row_date:
            title = clean_text(element.get("title") or "") or clean_text("".join(element.itertext()))
            if _PAGER.fullmatch(title):
                continue  # /ghyw/2.html beside /ghyw/123.html
            yield element, ListLink(url=url, title=title, date_raw=row_date)


def _with_records(page: DecodedPage) -> DecodedPage:
    """大汉 carries the list's rows as CDATA in XML, also embedded in the first page."""
    records = _RECORD.findall(page.text)
    if not records:
        return page
    return replace(page, text="<html><body><ul>" + "".join(records) + "</ul></body></html>")


def _anchors(document: Document, profile: SiteProfile) -> list[Any]:
    if document.root is None:
        return []
    rows = select(document, profile.selectors.list_entries)
    if not rows:
        return list(document.root.iter("a"))
    found: list[Any] = []
    for row in rows:
        found.extend([row] if row.tag == "a" else row.iter("a"))
    return found


def _date_beside(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The date printed in the same row as a link, outside its title, or in it."""
    own = clean_text("".join(element.itertext()))
    for text in _texts_beside(element, own):
        found = _DATE.search(text)
        if found is not None:
            return found[0].strip()
    return ""


def _texts_beside(element: Any, own: str) -> Iterator[str]:  # noqa: ANN401 - the same
    """Yield where an entry's date may stand: row, next cell, text after it, whole entry, itself."""
    row = next((node for node in element.iterancestors() if node.tag in _ROW_TAGS), None)
    if row is None or _is_crowded(row):
        yield _text_after(element)
    else:
        yield _short_text(row, own)
        value = next(row.itersiblings("dd"), None) if row.tag == "dt" else None
        if value is not None:  # <dt>title</dt><dd>date</dd>
            yield _short_text(value, "")
    yield _short_text(_whole_entry(element), own)
    yield own


def _is_crowded(row: Any) -> bool:  # noqa: ANN401 - the same
    """Whether a row holds several links. The count stops early: a row may hold the whole list."""
    return next(islice(row.iter("a"), _CROWDED, None), None) is not None


def _whole_entry(element: Any) -> Any:  # noqa: ANN401 - the same
    """The largest element around a link that leads nowhere else: <article><h2><a/></h2><time/></article>."""
    article = next(element.iterancestors("article"), None)
    if article is not None and sum(1 for _ in article.iter("h1", "h2", "h3", "h4")) == 1:
        return article  # beside its own link it names author and column
    whole = element
    for node in element.iterancestors():
        if node.tag == "body" or any(link.get("href") != element.get("href") for link in node.iter("a")):
            break
        whole = node
    return whole


def _short_text(row: Any, own: str) -> str:  # noqa: ANN401 - the same
    """A row's text without its title and the sentences of its summary, which have dates of their own."""
    pieces = [piece for piece in map(clean_text, row.itertext()) if len(piece) <= _LONGEST_PIECE]
    return " ".join(pieces).replace(own, " ", 1) if own else " ".join(pieces)


def _text_after(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The text between a link and the next link, where only line breaks or open cells separate the rows."""
    texts = [element.tail or ""]
    for node in _following(element):
        if node.tag == "a" or len(texts) > _MOST_PIECES:
            break
        texts += [(node.text or "") if isinstance(node.tag, str) else "", node.tail or ""]
    return clean_text(" ".join(texts))


def _following(element: Any) -> Iterator[Any]:  # noqa: ANN401 - the same
    """Yield the elements after a link in page order: its siblings, then those of its cell."""
    yield from chain.from_iterable(sibling.iter() for sibling in element.itersiblings())
    cell = next((node for node in element.iterancestors() if node.tag in ("td", "th", *_ROW_TAGS)), None)
    if cell is not None and cell.tag in ("td", "th"):
        yield from chain.from_iterable(sibling.iter() for sibling in cell.itersiblings())
