"""What reads a page: ours, ours by a model of the site, and the peers, each behind one face.

A peer needs no more than the decoded text. Each reader is made anew for each site: a reading by
model learns from the site's first pages, a peer remembers nothing.
"""

from __future__ import annotations

import html
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from unioncrawl.extract import extract_page
from unioncrawl.layouts.site_reader import SiteReader
from unioncrawl.model import DecodedPage, Extraction
from unioncrawl.normalize import normalize_article


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFields:
    """What an extractor read from a page; None where it has no such field or found nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    editor: str | None = None
    hits: int | None = None
    body: str | None = None


Extractor = Callable[[DecodedPage], PageFields]


def ours(page: DecodedPage) -> PageFields:
    """Extract and normalise all fields."""
    return _fields(extract_page(page))


def ours_by_model() -> Extractor:
    """The same by a model of the site, learnt from the first pages that are given."""
    reader = SiteReader(None)
    return lambda page: _fields(reader.read(page))


def _fields(extraction: Extraction) -> PageFields:
    if extraction.article is None:
        return PageFields()
    article = normalize_article(extraction.article)
    return PageFields(
        title=article.title,
        date=article.published_at.isoformat() if article.published_at else None,
        source=article.source or None,
        editor=article.editor or None,
        hits=article.hits,
        body=article.body_text,
    )


def trafilatura(page: DecodedPage) -> PageFields:
    """Trafilatura with its metadata."""
    found = importlib.import_module("trafilatura").bare_extraction(
        page.text, url=page.url, with_metadata=True
    )
    if found is None:
        return PageFields()
    return PageFields(title=found.title, date=found.date, source=found.sitename, body=found.text)


def gne(page: DecodedPage) -> PageFields:
    """GeneralNewsExtractor."""
    found = importlib.import_module("gne").GeneralNewsExtractor().extract(page.text)
    return PageFields(title=found["title"], date=found["publish_time"], body=found["content"])


def newspaper4k(page: DecodedPage) -> PageFields:
    """newspaper4k with Chinese set."""
    article = importlib.import_module("newspaper").Article(page.url, language="zh")
    article.download(input_html=page.text)
    article.parse()
    date = article.publish_date.isoformat() if isinstance(article.publish_date, datetime) else None
    return PageFields(title=article.title, date=date, body=article.text)


def readability(page: DecodedPage) -> PageFields:
    """readability-lxml: title and body."""
    document = importlib.import_module("readability").Document(page.text)
    text = re.sub(r"<[^>]+>", "\n", document.summary(html_partial=True))
    return PageFields(title=document.short_title(), body=html.unescape(text))


def htmldate(page: DecodedPage) -> PageFields:
    """Htmldate: the date alone."""
    found = importlib.import_module("htmldate").find_date(page.text, url=page.url, original_date=True)
    return PageFields(date=found)


def resiliparse(page: DecodedPage) -> PageFields:
    """Resiliparse: title and main text."""
    tree = importlib.import_module("resiliparse.parse.html").HTMLTree.parse(page.text)
    text = importlib.import_module("resiliparse.extract.html2text").extract_plain_text(
        tree, main_content=True
    )
    return PageFields(title=tree.title, body=text)


def lxml_alone(page: DecodedPage) -> PageFields:
    """Lxml's parse, and nothing else: what any reader built on it pays."""
    etree.fromstring(page.text.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    return PageFields()


def _same(extractor: Extractor) -> Callable[[], Extractor]:
    return lambda: extractor


# Name -> (the module that it needs, what makes one for a site).
EXTRACTORS: dict[str, tuple[str, Callable[[], Extractor]]] = {
    "unioncrawl": ("unioncrawl", _same(ours)),
    "  by model": ("unioncrawl", ours_by_model),
    "trafilatura": ("trafilatura", _same(trafilatura)),
    "resiliparse": ("resiliparse", _same(resiliparse)),
    "gne": ("gne", _same(gne)),
    "newspaper4k": ("newspaper", _same(newspaper4k)),
    "readability-lxml": ("readability", _same(readability)),
    "htmldate": ("htmldate", _same(htmldate)),
    "lxml's parse": ("lxml", _same(lxml_alone)),
}
