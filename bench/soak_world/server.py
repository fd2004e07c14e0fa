"""Serves the world over HTTP and HTTPS on one port, at a simulated time that the bench sets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.soak_world.certificates import Certificates
from bench.soak_world.site import Reply
from bench.soak_world.world import START, World

CLOCK_HOST = "clock.invalid"
# The first byte of a TLS handshake.
_HANDSHAKE = b"\x16"
_HANG_SECONDS = 20.0
_REASONS: Mapping[int, str] = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: WorldServer

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").partition(":")[0]
        if host == CLOCK_HOST:
            self.server.now = datetime.fromisoformat(self.path.removeprefix("/"))
            self._send(Reply(b"set"))
            return
        site = self.server.world.at_host(host)
        protocol = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        headers = {key.lower(): value for key, value in self.headers.items()}
        if site is None:
            self._send(Reply(b"no such host", 404))
        else:
            self._send(site.answer(f"{protocol}://{host}{self.path}", headers, self.server.now))

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()

    def _send(self, reply: Reply) -> None:
        if reply.act:
            if reply.act == "hang":
                self.server.ended.wait(_HANG_SECONDS)
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        lines = [f"HTTP/1.1 {reply.status} {_REASONS.get(reply.status, 'Other')}"]
        lines += [f"{name}: {value}" for name, value in reply.headers]
        if reply.status != 304:
            lines.append(f"Content-Length: {len(reply.body)}")
        body = reply.body if self.command != "HEAD" else b""
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - the base class's signature
        """Say nothing."""


class WorldServer(ThreadingHTTPServer):
    """The listener of all hosts; ``now`` is what the sites take for the time."""

    daemon_threads = True
    request_queue_size = 512

    def __init__(self, world: World, certificates: Certificates) -> None:
        self.world = world
        self.now = START
        self.ended = threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)
        self._sound, self._expired = _context(certificates.sound), _context(certificates.expired)
        self._sound.sni_callback = self._choose

    def _choose(self, connection: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        site = self.world.at_host(host or "")
        if site is not None and site.has_expired(self.now):
            connection.context = self._expired

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """Answer a connection, in plain or encrypted as its first byte says."""
        with contextlib.suppress(OSError, ssl.SSLError):
            if request.recv(1, socket.MSG_PEEK) == _HANDSHAKE:
                request = self._sound.wrap_socket(request, server_side=True)
            super().finish_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the base class's
        """Report what is our own fault; a visitor who hangs up is none."""
        import sys  # noqa: PLC0415 - for errors alone

        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


def _context(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def set_clock(port: int, at: datetime) -> None:
    """Set the time of a world that is served at a port."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        head = f"GET /{at.isoformat()} HTTP/1.1\r\nHost: {CLOCK_HOST}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        while connection.recv(4096):
            time.sleep(0)


def serve(world: World, certificates: Certificates, told: Any) -> None:  # noqa: ANN401 - a Connection
    """Serve a world in this process, until it is ended; tell the port."""
    server = WorldServer(world, certificates)
    told.send(server.server_port)
    server.serve_forever()
