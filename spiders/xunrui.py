"""迅睿 XunRui CMS: ``/index.php?c=category&id=1&page=2``, hits by a JSONP counter.

A page number beyond the end answers 200 with an empty list, which ends the walk;
an article that is gone answers a real 404 (seen on a running copy).
"""

from __future__ import annotations

from .base import SiteSpider


class XunruiSpider(SiteSpider):
    """A XunRui site."""
