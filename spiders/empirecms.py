"""帝国 EmpireCMS: ``/news/2025-01-22/7929.html``, lists ``index_2.html``, parts ``7929_2.html``.

Its counter counts only with ``addclick=1`` and answers a number even for ids that do
not exist, so it is asked only with what the page itself says.
"""

from __future__ import annotations

from .base import SiteSpider


class EmpireCmsSpider(SiteSpider):
    """An EmpireCMS site."""
