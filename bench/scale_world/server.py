"""Serves all sites from one process that records each request itself: the truth of what was asked, and when.

A request's time is the kernel's: when the last of its bytes came in, however late this process reads it on
a busy machine (SO_TIMESTAMPNS, socket(7)). It is given by CLOCK_MONOTONIC, one clock for all processes.
"""

from __future__ import annotations

import multiprocessing
import re
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from urllib.parse import urlsplit

from bench.scale_world.sites import ScaleSite
from unioncrawl.practice.listener import Request

_ROBOTS = b"User-agent: *\nDisallow: /api\n"
_AGENT = re.compile(rb"^user-agent:[^\r]*\(\+([^)\r]*)\)", re.IGNORECASE | re.MULTILINE)
_HEAD_END = b"\r\n\r\n"
# From asm-generic/socket.h; Python's socket module has no name for it.
_SO_TIMESTAMPNS = 35
_STAMP = struct.Struct("qq")
_READ_BYTES = 1 << 16


@dataclass(slots=True)
class Asked:
    """One request: when it had come, by whom, and when its answer was handed to the kernel.

    ``site`` is empty for what no site of the host has of its own (robots.txt); ``is_article`` for pages of
    articles. ``agent`` is the contact in the User-Agent: each worker has its own.
    """

    at: float
    host: str
    target: str
    agent: str
    site: str
    is_article: bool
    answered_at: float | None = None


@dataclass(frozen=True, slots=True)
class _Page:
    site: str
    is_article: bool
    content_type: str
    body: bytes


class _Host:
    """What one host has: the pages of its sites by their exact address, and their counters."""

    def __init__(self, sites: Sequence[ScaleSite]) -> None:
        self._sites = {site.system.counter: site for site in sites if site.system.counter}
        self._pages: dict[str, _Page] = {}
        for site in sites:
            charset = f"; charset={site.system.encoding}" if site.system.encoding == "utf-8" else ""
            kind = f"text/html{charset}"
            for target, page in site.list_targets.items():
                self._pages[target] = _Page(site.site_id, False, kind, site.list_page(page))
            for place in range(site.count):
                self._pages[site.path(place)] = _Page(site.site_id, True, kind, site.page(place))

    def page(self, target: str) -> _Page | None:
        """Return what the host has there; None where it has nothing."""
        if found := self._pages.get(target):
            return found
        path = urlsplit(target).path
        if path == "/robots.txt":
            return _Page("", False, "text/plain", _ROBOTS)
        if (site := self._sites.get(path)) is None:
            return None
        body = site.answer(Request(target=target, path=path)).body
        return _Page(site.site_id, False, "text/html; charset=utf-8", body)


class _Recorder(socketserver.ThreadingTCPServer):
    """Answers every connection in a thread of its own, and keeps what was asked."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 1024

    def __init__(self, hosts: Mapping[str, _Host], served: Synchronized[int]) -> None:
        # All addresses of the loopback net; no others are asked.
        super().__init__(("0.0.0.0", 0), _Connection)  # noqa: S104
        # A connection has what its listener has.
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.hosts, self._served = hosts, served
        self.asked: list[Asked] = []

    def note(self, at: float, host: str, head: bytes) -> tuple[Asked, _Page | None]:
        """Note a request; return it with what there is at its address."""
        target = head.split(b" ", 2)[1].decode("latin-1")
        page = self.hosts[host].page(target) if host in self.hosts else None
        named = _AGENT.search(head)
        agent = named[1].decode("latin-1") if named else ""
        asked = Asked(at, host, target, agent, *((page.site, page.is_article) if page else ("", False)))
        self.asked.append(asked)
        if asked.is_article:
            with self._served.get_lock():
                self._served.value += 1
        return asked, page

    def take(self) -> list[Asked]:
        """Return what was asked since the last time."""
        taken, self.asked = self.asked, []
        self._served.value = 0
        return taken


class _Connection(socketserver.BaseRequestHandler):
    """One connection to its end."""

    request: socket.socket
    server: _Recorder

    def handle(self) -> None:
        """Answer one request after the other."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        host = self.request.getsockname()[0]
        # A client that was killed leaves its connection as it is.
        with suppress(ConnectionError):
            for at, head in self._heads():
                asked, page = self.server.note(at, host, head)
                self.request.sendall(_response(page))
                asked.answered_at = time.monotonic()

    def _heads(self) -> Iterator[tuple[float, bytes]]:
        """Yield each request's head with the time at which it was whole."""
        read = b""
        while True:
            some, sent_along, _, _ = self.request.recvmsg(_READ_BYTES, socket.CMSG_SPACE(_STAMP.size))
            if not some:
                return
            read += some
            if read.endswith(_HEAD_END):
                yield _when(sent_along), read
                read = b""


def _when(sent_along: Sequence[tuple[int, int, bytes]]) -> float:
    """The kernel's time of a read, which is by the calendar, on the clock that is never set."""
    stamps = [
        data for level, kind, data in sent_along if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS)
    ]
    if not stamps:
        raise RuntimeError("the kernel gives no time of a request")
    seconds, nanoseconds = _STAMP.unpack(stamps[0])
    at: float = time.monotonic() - (time.time() - (seconds + nanoseconds / 1e9))
    return at


def _response(page: _Page | None) -> bytes:
    status, kind, body = (
        ("200 OK", page.content_type, page.body) if page else ("404 Not Found", "text/html", b"")
    )
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def _serve(sites: Sequence[ScaleSite], served: Synchronized[int], pipe: Connection) -> None:
    by_host: dict[str, list[ScaleSite]] = {}
    for site in sites:
        by_host.setdefault(site.host, []).append(site)
    with _Recorder({host: _Host(its) for host, its in by_host.items()}, served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        pipe.send(server.server_address[1])
        while pipe.recv():
            pipe.send(server.take())


class Served:
    """The sites in a process of their own; ``port`` is the one port of all hosts."""

    def __init__(self, sites: Sequence[ScaleSite]) -> None:
        self.count: Synchronized[int] = multiprocessing.Value("l", 0)
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(sites, self.count, theirs), daemon=True
        )
        self._process.start()
        self.port: int = self._pipe.recv()

    def take(self) -> list[Asked]:
        """Return what was asked since the last time, in the order of coming."""
        self._pipe.send(True)
        asked: list[Asked] = self._pipe.recv()
        return asked

    def end(self) -> None:
        """Stop answering."""
        self._pipe.send(False)
        self._process.join(timeout=10)
        self._process.terminate()
