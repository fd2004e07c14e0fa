"""Which elements of a page its reading used: no box of the site may hold one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree

from unioncrawl.extract.assemble import Reading, fates_of
from unioncrawl.extract.line_ledger import Fate
from unioncrawl.fields.column.find import breadcrumb_place, places_after
from unioncrawl.model import Article
from unioncrawl.page.document import Document, select
from unioncrawl.page.labels import Label
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import absolute_url

_USED = frozenset((Fate.KEPT, Fate.TAKEN, Fate.DROPPED))
_LONGEST_TRAIL = 10
_CRUMB = re.compile(r"crumb|mbx|dqwz|weizhi|position|location", re.IGNORECASE)
_NUMBER = re.compile(r"\W*\d{1,2}\W*")
# The row of a story's parts stands so few lines after its text.
_LINES_TO_PARTS = 3


def used_elements(reading: Reading, article: Article, profile: SiteProfile | None) -> set[Any]:
    """The elements from which a reading took something, or looked for it in vain where it may stand."""
    document = reading.document
    used = {document.lines[place].element for place in _used_lines(reading, article)}
    used.update(_hidden(reading), _linked(reading, article), _scripts(document, article))
    used.update(_marked(document))
    selectors = profile.selectors if profile is not None else None
    for name in type(selectors).model_fields if selectors is not None else ():
        used.update(select(document, getattr(selectors, name)))
    if reading.body.element is not None:
        used.add(reading.body.element)
    return used


def _used_lines(reading: Reading, article: Article) -> Iterator[int]:
    headline, body = reading.headline, reading.body
    last = max(body.stop, body.end, headline.stop)
    for fate in fates_of(reading, article):
        # A link below the text that has a count or a column in its words is another article's.
        is_beside = fate.line <= last or not reading.document.lines[fate.line - 1].link_length
        if fate.fate in _USED and is_beside:
            yield fate.line - 1
    yield from range(headline.start, headline.stop)
    yield from range(body.start, max(body.stop, body.end))
    yield from labelled_places(reading)
    yield from _breadcrumb(reading)


def labelled_places(reading: Reading) -> list[int]:
    """The lines with a label of a field, from the headline on and below the text."""
    return [meta.place for meta in reading.metas if any(part.label is not Label.OTHER for part in meta.parts)]


def _breadcrumb(reading: Reading) -> Iterator[int]:
    """The lines of a breadcrumb, which may be set as list items, and of elements that call themselves one."""
    lines = reading.document.lines
    crumb, _ = breadcrumb_place(reading.document, reading.headline)
    if crumb >= 0:
        yield crumb
        yield from places_after(lines, crumb)
    for span in reading.document.spans:
        names = f"{span.element.get('class') or ''} {span.element.get('id') or ''}"
        if span.stop - span.start <= _LONGEST_TRAIL and _CRUMB.search(names):
            yield from range(span.start, span.stop)


def _hidden(reading: Reading) -> Iterator[Any]:
    start = reading.headline.stop or reading.body.start
    for one in reading.document.hidden:
        if start <= one.line <= max(reading.body.stop, reading.body.end):
            yield one.element


def _linked(reading: Reading, article: Article) -> Iterator[Any]:
    """Yield the links to the article's files and parts, and the numbers where a row of parts may stand."""
    document, body = reading.document, reading.body
    near = range(body.start, max(body.stop, body.end) + _LINES_TO_PARTS)
    yield from file_links(document, article)
    for link in document.links:
        if "category" in f"{link.element.get('rel')} {link.element.getparent().get('class')}":
            yield link.element  # as WordPress marks an article's column
        is_next = article.next_page and _leads_to(document, link.element) == article.next_page
        if is_next or (link.line in near and _NUMBER.fullmatch("".join(link.element.itertext()))):
            yield link.element


def file_links(document: Document, article: Article) -> list[Any]:
    """The links of a page to the files of its article."""
    files = {one.url for one in article.attachments}
    links = document.links if files else ()
    return [link.element for link in links if _leads_to(document, link.element) in files]


def _leads_to(document: Document, link: Any) -> str:  # noqa: ANN401 - lxml is untyped
    return absolute_url(document.base_url, (link.get("href") or "").strip())


def _scripts(document: Document, article: Article) -> Iterator[Any]:
    """Yield the scripts that name the address of the article's counter."""
    if article.counter is None:
        return
    name = urlsplit(article.counter.url).path.rpartition("/")[2] or article.counter.url
    for placed in document.scripts:
        if name in (placed.element.get("src") or "") or name in (placed.element.text or ""):
            yield placed.element


def _marked(document: Document) -> Iterator[Any]:
    """Yield what holds the comments with which 大汉 marks headline and text."""
    if document.markers:
        for comment in document.root.iter(etree.Comment):
            if comment.getparent() is not None and "<$[" in (comment.text or ""):
                yield comment.getparent()
