"""Classic ASP and ASP.NET sites, home-made or of a lost system: ``NewsView.asp?ID=3811``.

Hits come from a script beside the label, or are printed by the server.
"""

from __future__ import annotations

from .base import SiteSpider


class AspSpider(SiteSpider):
    """A classic ASP or ASP.NET site."""
