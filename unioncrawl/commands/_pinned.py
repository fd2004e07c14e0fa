"""HTTP for one page of a command, over connections that passed the gate for addresses.

Python's own ``urllib`` does the talking (proxies, redirects, TLS). What is ours: only
http and https have a handler, each redirect passes the gate, and a connection goes to
the IP address that was checked.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from typing import Any
from urllib.parse import urljoin, urlsplit

from unioncrawl.errors import FetchFailed
from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.guard.pace.host_pace import host_key, host_pace
from unioncrawl.guard.pace.state_folder import state_folder
from unioncrawl.settings import DOWNLOAD_DELAY, UNIONCRAWL_STATE
from unioncrawl.sites.address_gate import AddressGate

MAX_REDIRECTS = 5
_NEXT_STEP = "Check the address; save the page from a browser and give the file, if it is right."


def opener(gate: AddressGate) -> urllib.request.OpenerDirector:
    """An opener that asks only what the gate lets pass; raises `FetchFailed` for the rest."""
    made = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        _Http(gate),
        _Https(gate),
        _Redirects(gate),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        urllib.request.UnknownHandler(),
    ):
        made.add_handler(handler)
    return made


def refuse(gate: AddressGate, url: str) -> None:
    """Raise `FetchFailed` when the gate refuses the address."""
    refusal = gate.refuse(url)
    if refusal is not None:
        raise FetchFailed(
            f"refused, {refusal.detail} ({refusal.reason}).", next_step=_NEXT_STEP, url=url, stage="fetch"
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = MAX_REDIRECTS

    def __init__(self, gate: AddressGate) -> None:
        self._gate = gate

    def http_error_302(
        self,
        req: urllib.request.Request,
        fp: Any,  # noqa: ANN401 - urllib's own
        code: int,
        msg: str,
        headers: Message,
    ) -> Any:  # noqa: ANN401 - the same
        """Let the target pass the gate, as the first address did."""
        try:
            refuse(self._gate, urljoin(req.full_url, headers.get("location", "")))
        except (FetchFailed, ValueError):
            fp.close()
            raise
        return super().http_error_302(req, fp, code, msg, headers)  # type: ignore[arg-type] # urllib's own type is narrower

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


class _Pinned:
    """Opens the connection of an ``http.client`` connection to an address that passed."""

    def __init__(self, gate: AddressGate, proxies: frozenset[str]) -> None:
        self._gate = gate
        self._proxies = proxies

    def __call__(
        self, address: tuple[str, int], timeout: float | None = None, *_source: object
    ) -> socket.socket:
        """Resolve the name once, and connect to the first address that the gate lets pass."""
        host, port = address
        refusals = []
        failed: OSError | None = None
        for family, kind, protocol, _, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            # The operator's own proxy may have any address.
            refusal = None if host in self._proxies else self._gate.refuse_resolved(host, str(found[0]))
            if refusal is not None:
                refusals.append(refusal)
                continue
            opened = socket.socket(family, kind, protocol)
            try:
                opened.settimeout(timeout)
                opened.connect(found)
            except OSError as error:
                opened.close()
                failed = error
            else:
                return opened
        if failed is None and refusals:
            detail = f"refused, {refusals[0].detail} ({refusals[0].reason})."
            raise FetchFailed(detail, next_step=_NEXT_STEP, url=f"{host}:{port}", stage="fetch")
        raise failed or OSError(f"{host} has no address")


def _proxy_hosts() -> frozenset[str]:
    found = (
        urlsplit(url if "://" in url else f"http://{url}") for url in urllib.request.getproxies().values()
    )
    return frozenset(parts.hostname for parts in found if parts.hostname)


@contextlib.contextmanager
def _turn(url: str) -> Iterator[None]:
    """Wait until the host may be asked, as crawls do; a server on this machine needs no pause."""
    is_own = special_kind(urlsplit(url).hostname or "") == "loopback"
    pace, delay_seconds = host_pace(state_folder(UNIONCRAWL_STATE)), 0.0 if is_own else DOWNLOAD_DELAY
    while seconds := pace.claim(host_key(url), delay_seconds):
        time.sleep(seconds)
    try:
        yield
    finally:
        if delay_seconds:
            pace.answered(host_key(url), delay_seconds)


class _PinnedHandler(urllib.request.AbstractHTTPHandler):
    """Asks at the host's turn, over connections that go where the gate has looked."""

    def __init__(self, gate: AddressGate) -> None:
        super().__init__()
        self._pinned = _Pinned(gate, _proxy_hosts())

    def _ask(
        self, kind: type[http.client.HTTPConnection], request: urllib.request.Request
    ) -> http.client.HTTPResponse:
        def connection(host: str, **options: Any) -> http.client.HTTPConnection:  # noqa: ANN401 - http.client's own
            made = kind(host, **options)
            made._create_connection = self._pinned  # type: ignore[attr-defined] # noqa: SLF001 - its one hook
            return made

        with _turn(request.full_url):
            return self.do_open(connection, request)


class _Http(_PinnedHandler, urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Ask over a pinned connection."""
        return self._ask(http.client.HTTPConnection, req)


class _Https(_PinnedHandler, urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        """Ask over a pinned connection; the certificate is checked for the name."""
        return self._ask(http.client.HTTPSConnection, req)
