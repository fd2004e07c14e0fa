"""织梦 DedeCMS: ``/a/2025/0814/123.html``, lists ``list_3_2.html``.

Its shipped robots.txt forbids ``/plus/count.php``, its own counter.
"""

from __future__ import annotations

from .base import SiteSpider


class DedeCmsSpider(SiteSpider):
    """A DedeCMS site."""
