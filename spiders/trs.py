"""拓尔思 TRS WCM: ``/xwzx/jcghdt/202510/t20251030_4927542.html``, lists ``index_1.html``.

Page 2 is ``index_1.html``, and the pager is built by a script, createPageHTML; the
library's list reader reads it. There is no public counter.
"""

from __future__ import annotations

from .base import SiteSpider


class TrsSpider(SiteSpider):
    """A TRS WCM site."""
