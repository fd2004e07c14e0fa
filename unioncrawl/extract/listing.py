"""Read a list page: its entries in page order, and the next older page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from unioncrawl.extract.document import Document, clean_text
from unioncrawl.extract.parse import parse_document
from unioncrawl.extract.selectors import select
from unioncrawl.model import DecodedPage, Listing, ListLink
from unioncrawl.sites.profile import SiteProfile

_DATE = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)|\d{2}\s?/?\s?(?:19|20)\d\d-\d\d"
)
_NEXT = re.compile(r"^\W*(?:下一页|下页|下一頁|后页|Next|>|›|»|＞)\W*$", re.IGNORECASE)
# TRS WCM builds its pager by script: createPageHTML(total, current, "index", "html").
_TRS_PAGER = re.compile(
    r"""createPageHTML\w*\(\s*['"]?(?P<total>\d+)['"]?\s*,\s*['"]?(?P<current>\d+)['"]?\s*,\s*["'](?P<name>[\w.-]+)["']\s*,\s*["'](?P<suffix>\w+)["']"""
)
_ROW_TAGS = frozenset(("li", "tr", "dl", "dd", "dt", "div", "p"))
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(?P<html>.*?)\]\]>\s*</record>", re.DOTALL)


def read_listing(page: DecodedPage, profile: SiteProfile) -> Listing:
    """The articles that a list page links to, and its next page; empty when there is none.

    ``profile.article_url`` decides which links are articles; without it a link
    counts that has a date beside it in its row. ``profile.selectors.list_entries``
    narrows the page to the rows of the list.
    """
    document = parse_document(_with_records(page))
    links: dict[str, ListLink] = {}
    pattern = re.compile(profile.article_url) if profile.article_url else None
    for element in _anchors(document, profile):
        href = (element.get("href") or "").strip()
        if not href or href.startswith(("#", "javascript:", "mailto:")):
            continue
        url = urljoin(document.base_url, href)
        row_date = _date_beside(element)
        if not _is_entry(url, row_date, pattern):
            continue
        title = clean_text(element.get("title") or "") or clean_text("".join(element.itertext()))
        known = links.get(url)
        if known is None or (not known.title and title):
            links[url] = ListLink(url=url, title=title, date_raw=row_date)
    return Listing(url=page.url, links=tuple(links.values()), next_page=_next_page(document, profile))


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


def _is_entry(url: str, row_date: str, pattern: re.Pattern[str] | None) -> bool:
    if urlsplit(url).scheme not in ("http", "https"):
        return False
    return bool(pattern.search(url)) if pattern else bool(row_date)


def _date_beside(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The date printed in the same row as a link, outside its title, or in it."""
    row = next((node for node in element.iterancestors() if node.tag in _ROW_TAGS), None)
    if row is None or len(list(row.iter("a"))) > 4:
        row = element
    own = clean_text("".join(element.itertext()))
    text = clean_text(" ".join(row.itertext()))
    found = _DATE.search(text.replace(own, " ", 1)) or _DATE.search(own)
    return found[0].strip() if found else ""


def _next_page(document: Document, profile: SiteProfile) -> str:
    if document.root is None:
        return ""
    for element in select(document, profile.selectors.list_next):
        href = (element.get("href") or "").strip()
        if href and not href.startswith(("#", "javascript:")):
            return _other(document, href)
    for placed in document.links:
        text = "".join(placed.element.itertext()).strip()
        href = (placed.element.get("href") or "").strip()
        if _NEXT.match(text) and href and not href.startswith(("#", "javascript:")):
            return _other(document, href)
    return _trs_next(document)


def _other(document: Document, href: str) -> str:
    url = urljoin(document.base_url, href)
    return "" if url.rstrip("#") == document.page.url else url


def _trs_next(document: Document) -> str:
    found = _TRS_PAGER.search(document.page.text)
    if found is None:
        return ""
    following = int(found["current"]) + 1
    if following >= int(found["total"]):
        return ""
    return urljoin(document.base_url, f"{found['name']}_{following}.{found['suffix']}")
