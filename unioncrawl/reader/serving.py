"""Listen at an address, and answer until a signal ends it."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from unioncrawl.errors import AddressRefused, PortTaken
from unioncrawl.reader.settings import ReaderSettings

# Connections at a time; what comes beyond is answered 503.
_MOST_CONNECTIONS = 64
_WAITING_CONNECTIONS = 128
# How long an answer that has begun may take when the reader is told to end.
_END_SECONDS = 5
# How long a visitor may take to say what he asks for, and how much he may say.
HEAD_SECONDS = 15.0
_MOST_HEAD_BYTES = 32_768


class PromptProtocol(H11Protocol):
    """HTTP/1.1 with visitors who send the head of a request within `HEAD_SECONDS`."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on; what is left of a head has to come in time."""
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._wait_no_more()
        elif self._waiting is None and self.conn.trailing_data[0]:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _wait_no_more(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address; port 0 takes a free one.

    Raises `PortTaken`, `AddressRefused` for what is no address of this machine.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise _not_ours(host) from error
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRNOTAVAIL:
            raise _not_ours(host) from error
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise PortTaken(
            f"port {port} on {host} cannot be used: {error.strerror}.",
            next_step="Stop the program that has it, or choose another with --port (0: a free one).",
        ) from error
    return listener


def _not_ours(host: str) -> AddressRefused:
    return AddressRefused(
        f"{host!a} is no address of this machine.",
        next_step="Leave --host out for this machine alone; 0.0.0.0 listens at all its addresses.",
    )


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not listened at
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def make_server(application: FastAPI, settings: ReaderSettings) -> uvicorn.Server:
    """Return the server of an application; it prints nothing but errors.

    Forwarded headers (X-Forwarded-For, X-Forwarded-Proto) are believed from the settings'
    proxies alone, whatever the environment says.
    """
    config = uvicorn.Config(
        application,
        http=PromptProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=list(settings.proxies),
        root_path=settings.root_path,
        limit_concurrency=_MOST_CONNECTIONS,
        h11_max_incomplete_event_size=_MOST_HEAD_BYTES,
        timeout_graceful_shutdown=_END_SECONDS,
    )
    return uvicorn.Server(config)


def run_server(server: uvicorn.Server, listener: socket.socket) -> None:
    """Answer until Ctrl-C or SIGTERM; what is being answered then is finished."""
    # uvicorn raises a signal again when it has ended: here it has done what was asked.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)
    server.run(sockets=[listener])
