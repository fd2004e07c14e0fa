"""The cookie middleware, without its look at the internet, and with a bound on what it keeps."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy import Spider
from scrapy.downloadermiddlewares import cookies
from scrapy.http import Request, Response
from tldextract import TLDExtract

from unioncrawl.guard.bounds import COOKIE_BYTES, COOKIES

# RFC 6585 section 5: the header fields are too large.
_HEADER_TOO_LARGE = 431
_TRIED = "unioncrawl_without_cookies"


class LocalCookiesMiddleware(cookies.CookiesMiddleware):
    """Keeps cookies as Scrapy does; which suffixes are public it knows from tldextract's own list.

    Scrapy's asks publicsuffix's repository for the newest one: a crawl asks
    nobody but its sites. A host whose cookies outgrow the bounds, or that
    refuses a request for them (431), loses all of them: else each later page of
    it would be refused. Such a request is asked once more without cookies.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Scrapy's own signature
        super().__init__(*args, **kwargs)
        # Scrapy offers no setting for it.
        cookies._split_domain = TLDExtract(suffix_list_urls=(), include_psl_private_domains=True)  # noqa: SLF001

    def process_request(self, request: Request, spider: Spider | None = None) -> Request | Response | None:
        """Send the host's cookies, unless they outgrow the bounds."""
        del spider
        answer: Request | Response | None = super().process_request(request)
        header = request.headers.get("Cookie") or b""
        if len(header) > COOKIE_BYTES.default or header.count(b";") >= COOKIES.default:
            self._drop(request)
        return answer

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """Take the response's cookies; ask again without cookies that were too large for the server."""
        del spider
        if response.status == _HEADER_TOO_LARGE and request.headers.get("Cookie"):
            self._drop(request)
            if not request.meta.get(_TRIED):
                again: Request = request.replace(dont_filter=True, meta={**request.meta, _TRIED: True})
                return again
        answer: Request | Response = super().process_response(request, response)
        return answer

    def _drop(self, request: Request) -> None:
        """Forget the cookies of a request's host."""
        request.headers.pop("Cookie", None)
        jar = self.jars[request.meta.get("cookiejar")].jar
        host = (urlsplit(request.url).hostname or "").lower()
        # http.cookiejar appends .local to a name without a dot (RFC 2965).
        names = (host, f"{host}.local")
        own = {
            cookie.domain
            for cookie in jar
            if any(f".{name}".endswith(f".{cookie.domain.lstrip('.')}") for name in names)
        }
        for domain in own:
            jar.clear(domain)
        self.crawler.stats.inc_value("unioncrawl/cookies/dropped")
