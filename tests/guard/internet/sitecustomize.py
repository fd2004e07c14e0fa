"""A small internet for a child process: names, their addresses by look-up, and where those lead.

Python imports it by itself when this folder is on PYTHONPATH. It stands where the
system's resolver and routing stand, below everything of ours: names that are not
listed do not resolve, addresses that are not listed are refused, loopback stays as
it is. Each look-up and each connection is written to a file.
"""

from __future__ import annotations

import errno
import json
import os
import socket
from pathlib import Path
from typing import Any

_TOLD = json.loads(os.environ["GUARD_INTERNET"])
_LOG = Path(_TOLD["log"])
_NAMES: dict[str, list[str]] = _TOLD["names"]
_ROUTES: dict[str, int] = _TOLD["routes"]
_getaddrinfo = socket.getaddrinfo
_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


def _write(line: str) -> None:
    with _LOG.open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def _address(name: str) -> str:
    """What a name resolves to now: the next of its answers, the last for ever."""
    answers = _NAMES.get(name.rstrip(".").lower())
    if not answers:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return answers.pop(0) if len(answers) > 1 else answers[0]


def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> list[Any]:
    """Resolve the names of this internet; addresses as the system does."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in (None, "localhost"):
        return _getaddrinfo(host, port, *args, **options)
    try:
        return _getaddrinfo(host, port, *args, **{**options, "flags": socket.AI_NUMERICHOST})
    except TypeError:
        # Twisted gives the flags in their place, for addresses of IPv6 alone.
        return _getaddrinfo(host, port, *args, **options)
    except socket.gaierror:
        address = _address(name)
    _write(f"lookup {name} {address}")
    return _getaddrinfo(address, port, *args, **options)


def _led(address: Any) -> Any:
    if not isinstance(address, tuple):
        return address
    _write(f"connect {address[0]} {address[1]}")
    if address[0].startswith("127.") or address[0] in ("::1", "0.0.0.0"):  # noqa: S104 - both are this machine
        return address
    port = _ROUTES.get(f"{address[0]}:{address[1]}")
    return ("127.0.0.1", port) if port else None


def connect(self: socket.socket, address: Any) -> None:
    """Connect where the address leads in this internet."""
    led = _led(address)
    if led is None:
        raise OSError(errno.ECONNREFUSED, "refused")
    _connect(self, led)


def connect_ex(self: socket.socket, address: Any) -> int:
    """The same, for an error number."""
    led = _led(address)
    return errno.ECONNREFUSED if led is None else _connect_ex(self, led)


socket.getaddrinfo = getaddrinfo
socket.gethostbyname = lambda name: str(getaddrinfo(name, None, socket.AF_INET)[0][4][0])
socket.socket.connect = connect  # type: ignore[method-assign,assignment]
socket.socket.connect_ex = connect_ex  # type: ignore[method-assign,assignment]
