"""From a decoded page to what it is and to the article's fields as printed.

What reads a page is loaded when the first one is read: a crawl whose lists show nothing new needs none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unioncrawl.extract.line_ledger import LineFate
    from unioncrawl.model import DecodedPage, Extraction
    from unioncrawl.sites.profile import SiteProfile

__all__ = ["explain_lines", "extract_page"]


def extract_page(page: DecodedPage, profile: SiteProfile | None = None) -> Extraction:
    """Decide what a page is, and take its fields: see `unioncrawl.extract.assemble.extract_page`."""
    from unioncrawl.extract import assemble  # noqa: PLC0415 - the first page loads it

    return assemble.extract_page(page, profile)


def explain_lines(page: DecodedPage, profile: SiteProfile | None = None) -> tuple[Extraction, list[LineFate]]:
    """What `extract_page` returns, and what became of each line of the page."""
    from unioncrawl.extract import assemble  # noqa: PLC0415 - the first page loads it

    return assemble.explain_lines(page, profile)
