"""科汛 KesionCMS (classic ASP): ``/Item/Show.asp?m=1&d=13299``; hits in a script."""

from __future__ import annotations

from .base import SiteSpider


class KesionSpider(SiteSpider):
    """A KesionCMS site."""
