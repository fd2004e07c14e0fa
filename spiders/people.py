"""人民网: ``/n1/2024/0912/c67502-40318801.html``, lists ``index2.html``; twins in Big5 below ``/BIG5/``."""

from __future__ import annotations

from .base import SiteSpider


class PeopleSpider(SiteSpider):
    """A channel of 人民网."""
