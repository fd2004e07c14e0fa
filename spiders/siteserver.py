"""SiteServer SSCMS: ``/contents/12/345.html``; hits by a POST with JSON."""

from __future__ import annotations

from .base import SiteSpider


class SiteServerSpider(SiteSpider):
    """A SiteServer site."""
