"""PHPCMS v9: ``/html/2025/dir_0814/34082.html``, lists ``2.html``.

Its shipped robots.txt forbids ``/api``, the prefix of its own counter: hits are then
unavailable for that reason.
"""

from __future__ import annotations

from .base import SiteSpider


class PhpcmsSpider(SiteSpider):
    """A PHPCMS site."""
