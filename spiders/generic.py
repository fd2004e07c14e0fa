"""Any other site: list pages and a pattern for the addresses of articles."""

from __future__ import annotations

from .base import SiteSpider


class GenericSpider(SiteSpider):
    """A site of no known system."""
