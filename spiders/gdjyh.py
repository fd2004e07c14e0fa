"""广东省政府网站集约化平台: ``/ghyw/dwjl/content/post_214781.html``, lists ``index_2.html``."""

from __future__ import annotations

from .base import SiteSpider


class GdjyhSpider(SiteSpider):
    """A site of Guangdong's common platform."""
