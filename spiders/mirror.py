"""Mirrors that carry another site's pages in damaged form.

Their lists and addresses follow no system; their host is never an article's source.
"""

from __future__ import annotations

from .base import SiteSpider


class MirrorSpider(SiteSpider):
    """A mirror."""
