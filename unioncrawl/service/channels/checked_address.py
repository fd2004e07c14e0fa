"""Connect to an address of the operator's file, and only where it may lead.

The name is resolved once, and the connection goes to the address that was looked at: a name
that answers otherwise a moment later leads nowhere else.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from unioncrawl.guard.ip_kinds import special_kind
from unioncrawl.service.channels.secrets import NotSent

# What a service of one's own network may have; never a machine's own metadata, nor many machines.
_OWN_NETWORK = frozenset({"loopback", "private", "shared", "benchmarking"})
CONNECT_SECONDS = 10.0
# All of one message, whatever the other side does.
MESSAGE_SECONDS = 20.0


def connect(host: str, port: int, *, allow_private: bool) -> socket.socket:
    """Return a connection to the first address of a host that may be reached and answers.

    Raises `NotSent`: address, no-answer.
    """
    refused, failed = "", ""
    for family, kind, protocol, _, found in _resolve(host, port):
        special = special_kind(str(found[0]))
        if special and not (allow_private and special in _OWN_NETWORK):
            refused = refused or f"{host} leads to a {special} address"
            continue
        opened = socket.socket(family, kind, protocol)
        try:
            opened.settimeout(CONNECT_SECONDS)
            opened.connect(found)
        except OSError as error:
            opened.close()
            failed = f"{host}:{port}: {error.strerror or type(error).__name__}"
        else:
            return opened
    if refused and not failed:
        raise NotSent("address", refused)
    raise NotSent("no-answer", failed or f"{host} has no address")


def _resolve(host: str, port: int) -> list[tuple[int, int, int, str, tuple[object, ...]]]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)  # type: ignore[return-value]
    except (OSError, UnicodeError) as error:
        raise NotSent("no-answer", f"{host}: {getattr(error, 'strerror', '') or 'no such name'}") from None


@contextmanager
def time_bound(connection: socket.socket) -> Iterator[None]:
    """End a connection after `MESSAGE_SECONDS`, though the other side sends a byte now and then.

    Raises `NotSent` (no-answer) then: what was read until there is not to be trusted.
    """
    # TLS takes the socket over; a second handle of the same connection stays.
    handle = socket.socket(fileno=os.dup(connection.fileno()))
    is_over = threading.Event()

    def end() -> None:
        is_over.set()
        with suppress(OSError):
            handle.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(MESSAGE_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        handle.close()
        if is_over.is_set():
            raise NotSent("no-answer", f"no end after {MESSAGE_SECONDS:.0f} seconds") from None


def secured(connection: socket.socket, host: str) -> ssl.SSLSocket:
    """Return a connection under TLS whose certificate is checked for the host.

    Raises `NotSent`: certificate, no-answer.
    """
    try:
        return trust().wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise NotSent("certificate", f"{host}: {error.verify_message}") from None
    except (OSError, ValueError) as error:
        raise NotSent("no-answer", f"{host}: TLS: {getattr(error, 'reason', None) or 'failed'}") from None


def trust() -> ssl.SSLContext:
    """What certificates are checked by: the system's own authorities, TLS 1.2 at least."""
    return ssl.create_default_context()
