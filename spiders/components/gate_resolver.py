"""Connects to addresses that passed the gate after name resolution, and to no others.

Twisted resolves a name right before it connects. The resolver here runs before the
reactor's own and passes on only the IP addresses that the gate allows, so that nothing
can change between the check and the connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError
from scrapy.http import Response
from scrapy.utils.defer import deferred_to_future
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer

from unioncrawl.archive.crawl_state.crawl_memory import profile_of
from unioncrawl.guard.web_address import Refusal
from unioncrawl.sites.address_gate import AddressGate

from .gate_middleware import AddressRefused, report_refusal
from .politeness.host_turn import HostTurn
from .politeness.request_notes import RequestNotes
from .tls.site_tls import SiteTls
from .tls.tls_refusals import TlsRefused, tls_words

# A server that does not answer a goodbye is not waited for any longer.
_CLOSING_SECONDS = 1.0
Judge: TypeAlias = Callable[[str, str], Refusal | None]
# Objects of Twisted's interfaces (zope.interface), which a type checker cannot follow.
_Twisted: TypeAlias = Any


@implementer(IHostnameResolver)
class GateResolver:
    """Passes on those IP addresses of the resolver before it that the gate allows.

    One reactor has one resolver: it serves every crawl of the process. Each host is
    judged by the gate of the crawl that asked for it last.
    """

    def __init__(self, resolver: _Twisted) -> None:
        self._resolver = resolver
        self.judges: dict[str, Judge] = {}
        # What nobody asked for through the handler is judged like a host of no site.
        self.stranger: Judge = AddressGate().refuse_resolved
        # Why a host has no address left, by host.
        self.refusals: dict[str, Refusal] = {}

    def resolveHostName(  # noqa: N802 - Twisted's own signature
        self,
        resolutionReceiver: _Twisted,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: _Twisted = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> _Twisted:
        """Resolve a name; forbidden addresses are left out."""
        receiver = _Sieve(self, resolutionReceiver, hostName)
        return self._resolver.resolveHostName(
            receiver, hostName, portNumber, addressTypes, transportSemantics
        )


@implementer(IResolutionReceiver)
class _Sieve:
    def __init__(self, resolver: GateResolver, receiver: _Twisted, host: str) -> None:
        self._resolver = resolver
        self._receiver = receiver
        # Twisted asks for the Chinese form of a name, addresses hold the one in ASCII.
        self._host = host if host.isascii() else host.encode("idna").decode("ascii")
        self._judge = resolver.judges.get(self._host, resolver.stranger)
        self._refusal: Refusal | None = None
        self._passed = False

    def resolutionBegan(self, resolution: _Twisted) -> None:  # noqa: N802 - Twisted's own name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: _Twisted) -> None:  # noqa: N802 - the same
        refusal = self._judge(self._host, getattr(address, "host", ""))
        if refusal is None:
            self._passed = True
            self._receiver.addressResolved(address)
        else:
            self._refusal = refusal

    def resolutionComplete(self) -> None:  # noqa: N802 - the same
        self._resolver.refusals.pop(self._host, None)
        if self._refusal is not None and not self._passed:
            self._resolver.refusals[self._host] = self._refusal
        self._receiver.resolutionComplete()


def gate_resolver() -> GateResolver:
    """The reactor's resolver; puts ours before it where another one was put in since."""
    from twisted.internet import reactor  # noqa: PLC0415 - Scrapy installs it first

    if not isinstance(reactor.nameResolver, GateResolver):
        reactor.installNameResolver(GateResolver(reactor.nameResolver))
    resolver: GateResolver = reactor.nameResolver
    return resolver


def _any_address(_host: str, _ip: str) -> None:
    """The operator's own proxy may have any address."""


class GateHttpHandler(HTTP11DownloadHandler):
    """Scrapy's handler for http and https, over connections that the gate let pass."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._gate: AddressGate | None = None
        self._turn = HostTurn(crawler)
        self._notes = RequestNotes(crawler)
        # Scrapy's setting for it warns that it will go.
        self._tls = SiteTls.from_crawler(crawler).of_crawler(crawler)
        self._contextFactory = self._tls  # type: ignore[assignment] # an interface of zope

    async def download_request(self, request: Request) -> Response:
        """Download at the host's turn; raise `AddressRefused` when its name leads to a forbidden address."""
        noted = self._notes.out(request, await self._turn.take(request))
        came: Response | BaseException | None = None
        try:
            came = await self._download(request)
        except BaseException as error:
            came = error
            raise
        finally:
            self._turn.give_back(request)
            self._notes.back(noted, came)
        return came

    async def _download(self, request: Request) -> Response:
        resolver = gate_resolver()
        host = self._judged_host(request, resolver)
        try:
            return await super().download_request(request)
        except DownloadFailedError as error:
            if words := tls_words(error):
                raise TlsRefused(words, is_legacy=self._tls.is_legacy) from error
            raise
        except CannotResolveHostError:
            refusal = resolver.refusals.get(host)
            if refusal is None:
                raise
            refused = AddressRefused(refusal, request.url)
            await report_refusal(self._crawler, request, refused)
            raise refused from None

    def _judged_host(self, request: Request, resolver: GateResolver) -> str:
        if self._gate is None:
            self._gate = AddressGate(profile_of(self._crawler.spider))
        proxy = request.meta.get("proxy")
        # A proxy may be written without a scheme.
        where = proxy if not proxy or "://" in proxy else f"http://{proxy}"
        host = urlsplit(where or request.url).hostname or ""
        resolver.judges[host] = _any_address if proxy else self._gate.refuse_resolved
        return host

    async def close(self) -> None:
        """Close the connections that are kept open, as Scrapy does, but for its race.

        Scrapy calls the end off by firing the same deferred after a second, also where it has fired
        meanwhile and a busy loop has not come to what follows: a traceback for nothing.
        """
        closing = deferred_to_future(self._pool.closeCachedConnections())  # type: ignore[no-untyped-call]
        await asyncio.wait([closing], timeout=_CLOSING_SECONDS)
