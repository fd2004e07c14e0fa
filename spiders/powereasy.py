"""动易 PowerEasy SiteWeaver (classic ASP): ``ArticleShow.asp?ArticleID=7099``."""

from __future__ import annotations

from .base import SiteSpider


class PowerEasySpider(SiteSpider):
    """A PowerEasy site."""
