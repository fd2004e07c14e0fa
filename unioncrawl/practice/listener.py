"""A small HTTP/1.1 server for one practice site: keep-alive, lengths, HEAD, 304.

A site is anything with ``answer(request) -> Response``. Each site has its own
port, as each union has its own host.
"""

from __future__ import annotations

import errno
import hashlib
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from unioncrawl.errors import PortTaken

HOST = "127.0.0.1"
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a browser asked: ``target`` is the path with its query, as sent."""

    target: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    base_url: str = ""

    def number(self, key: str, default: int = 0) -> int:
        """The query's value as a number; ``default`` when absent, no number, or absurdly long."""
        value = self.query.get(key, "")
        return int(value) if value.isdecimal() and len(value) <= MOST_DIGITS else default


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the site answers; the server adds Date and Content-Length."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html; charset=utf-8"),)


class Site(Protocol):
    """A practice site: an id, a printed name, and an answer to every request."""

    site_id: str
    name: str

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        ...


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a ``Cookie`` header; a malformed header counts as an empty one."""
    try:
        return {key: morsel.value for key, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def redirect(url: str) -> Response:
    """A 302 to ``url``, as the dynamic twins of static pages send."""
    return Response(status=302, headers=(("Location", url), ("Content-Type", "text/html")))


def robots_txt(body: bytes) -> Response:
    """What a site answers for ``/robots.txt``."""
    return Response(body=body, headers=(("Content-Type", "text/plain"),))


def static_response(request: Request, response: Response, modified: datetime) -> Response:
    """``response`` with Last-Modified and ETag, or 304 when the client has it already.

    If-None-Match takes precedence over If-Modified-Since (RFC 9110, section 13.2.2).
    """
    etag = f'"{hashlib.sha256(response.body).hexdigest()[:16]}"'
    validators = (("Last-Modified", format_datetime(modified, usegmt=True)), ("ETag", etag))
    if _is_unchanged(request.headers, etag, modified):
        return Response(status=304, headers=validators)
    return Response(body=response.body, status=response.status, headers=response.headers + validators)


def _is_unchanged(headers: Mapping[str, str], etag: str, modified: datetime) -> bool:
    if "if-none-match" in headers:
        offered = [tag.strip().removeprefix("W/") for tag in headers["if-none-match"].split(",")]
        return etag in offered or "*" in offered
    try:
        since = parsedate_to_datetime(headers.get("if-modified-since", ""))
        return modified.replace(microsecond=0) <= since
    except (ValueError, TypeError):  # no date, an unreadable one, or one without a zone
        return False


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # small answers on a kept connection would wait 40 ms
    server: _SiteServer

    def do_GET(self) -> None:
        self._send(self.server.site.answer(self._read()), with_body=True)

    def do_HEAD(self) -> None:
        self._send(self.server.site.answer(self._read()), with_body=False)

    def _read(self) -> Request:
        parts = urlsplit(self.path)
        headers = {key.lower(): value for key, value in self.headers.items()}
        self.server.count(self.path)
        return Request(
            target=self.path,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers=headers,
            cookies=read_cookies(headers.get("cookie", "")),
            base_url=f"http://{headers.get('host') or f'{HOST}:{self.server.server_port}'}",
        )

    def _send(self, response: Response, *, with_body: bool) -> None:
        lines = [f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('',))[0]}"]
        lines.append(f"Date: {self.date_time_string()}")
        lines.extend(f"{key}: {value}" for key, value in response.headers)
        if response.status != 304:  # noqa: PLR2004 - a 304 has no body and needs no length
            lines.append(f"Content-Length: {len(response.body)}")
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        self.wfile.write(head + response.body if with_body else head)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
        """Say nothing: the visitor's crawler has its own log."""


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], site: Site, counts: Counter[tuple[str, str]]) -> None:
        self.site = site
        self._counts = counts
        self._lock = threading.Lock()
        super().__init__(address, _Handler)

    def count(self, target: str) -> None:
        """Count one request; connections have a thread each."""
        with self._lock:
            self._counts[self.site.site_id, target] += 1

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """A visitor who hangs up is not an error; anything else is reported as usual."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Listener:
    """One site on one port of the loopback; port 0 takes a free one.

    Raises `PortTaken` when another program has the port.
    """

    def __init__(self, site: Site, port: int, counts: Counter[tuple[str, str]]) -> None:
        try:
            self._server = _SiteServer((HOST, port), site, counts)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise PortTaken(
                f"port {port} on {HOST} cannot be used: {error.strerror}.",
                next_step="Stop the program that has it, or choose other ports with --port (0: free ones).",
            ) from error
        self.port = self._server.server_port
        self.url = f"http://{HOST}:{self.port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and give the port back."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()
