"""JEECMS: ``/xwdt/123.jhtml``, lists ``index_2.jhtml``; hits as a JSON array."""

from __future__ import annotations

from .base import SiteSpider


class JeeCmsSpider(SiteSpider):
    """A JEECMS site."""
