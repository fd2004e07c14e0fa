"""The cookie middleware, without its look at the internet."""

from __future__ import annotations

from typing import Any

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract


class LocalCookiesMiddleware(cookies.CookiesMiddleware):
    """Keeps cookies as Scrapy does; which suffixes are public it knows from tldextract's own list.

    Scrapy's asks publicsuffix's repository for the newest one: a crawl asks nobody but its sites.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        # Scrapy offers no setting for it.
        cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)  # noqa: SLF001
