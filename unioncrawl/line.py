"""The straight line for one page: decode, extract, repair, normalise."""

from __future__ import annotations

from dataclasses import replace

from unioncrawl.decode.order import decode_raw
from unioncrawl.extract import explain_lines, extract_page
from unioncrawl.extract.line_ledger import LineFate
from unioncrawl.model import Article, DecodedPage, Extraction, RawPage
from unioncrawl.normalize import normalize_article
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url


def read_page(raw: RawPage, profile: SiteProfile | None = None, *, repaired: bool = True) -> Extraction:
    """Take a raw response down the whole line.

    With ``repaired`` false the article comes as the page prints it, damage and
    all, which shows what repair has to work on.
    """
    return read_decoded(decode_raw(raw), profile, repaired=repaired)


def explain_page(
    raw: RawPage, profile: SiteProfile | None = None, *, repaired: bool = True
) -> tuple[Extraction, list[LineFate]]:
    """What `read_page` returns, and what became of each line of the page as it is printed."""
    page = decode_raw(raw)
    extraction, fates = explain_lines(page, profile)
    return _finished(extraction, page, profile, repaired=repaired), fates


def read_decoded(
    page: DecodedPage, profile: SiteProfile | None = None, *, repaired: bool = True
) -> Extraction:
    """Take a page that is text already down the rest of the line."""
    return _finished(extract_page(page, profile), page, profile, repaired=repaired)


def _finished(
    extraction: Extraction, page: DecodedPage, profile: SiteProfile | None, *, repaired: bool
) -> Extraction:
    if extraction.article is None:
        return extraction
    article = replace(extraction.article, canonical_url=canonical_url(page.url, profile))
    return replace(extraction, article=finish(article) if repaired else normalize_article(article))


def finish(article: Article) -> Article:
    """Take an article with raw fields down the rest of the line: repair, normalise."""
    # The repair statistics are large: they load when the first page needs them.
    from unioncrawl.repair.article import repair_article  # noqa: PLC0415 - see above

    return normalize_article(repair_article(article))
