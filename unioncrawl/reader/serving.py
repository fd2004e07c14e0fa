"""Listen at an address, and answer until a signal ends it."""

from __future__ import annotations

import errno
import signal
import socket

import uvicorn
from fastapi import FastAPI

from unioncrawl.errors import PortTaken

# Connections at a time; what comes beyond is answered 503.
_MOST_CONNECTIONS = 64
# How long an answer that has begun may take when the reader is told to end.
_END_SECONDS = 5


def listen(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes a free one.

    Raises `PortTaken`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        raise PortTaken(
            f"port {port} on {host} cannot be used: {error.strerror}.",
            next_step="Stop the program that has it, or choose another with --port (0: a free one).",
        ) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """Return the address to open in a browser."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def make_server(application: FastAPI) -> uvicorn.Server:
    """Return the server of an application; it prints nothing but errors."""
    config = uvicorn.Config(
        application,
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_END_SECONDS,
    )
    return uvicorn.Server(config)


def run_server(server: uvicorn.Server, listener: socket.socket) -> None:
    """Answer until Ctrl-C or SIGTERM; what is being answered then is finished."""
    # uvicorn raises a signal again when it has ended: here it has done what was asked.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)
    server.run(sockets=[listener])
