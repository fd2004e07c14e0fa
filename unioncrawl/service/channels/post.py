"""Send a message to a web address, and take the answer in bounds; no redirect is followed."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from unioncrawl._layout import __version__
from unioncrawl.guard.web_address import Refusal, read_web_address
from unioncrawl.service.channels.checked_address import CONNECT_SECONDS, connect, secured, time_bound
from unioncrawl.service.channels.secrets import NotSent
from unioncrawl.urls import encoded_url

_MAX_ANSWER_BYTES = 65_536
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    content_type: str
    body: bytes


def post(url: str, body: bytes, headers: dict[str, str], *, allow_private: bool) -> Answer:
    """Send JSON to an address, and return the answer of whatever status.

    http, which anybody on the way reads, is for one's own network alone. Raises `NotSent`;
    its detail holds the host, never the rest of the address.
    """
    address = read_web_address(url)
    if isinstance(address, Refusal):
        raise NotSent("address", address.detail)
    if address.scheme == "http" and not allow_private:
        raise NotSent("address", f"{address.host}: https is needed")
    port = address.port or _PORTS[address.scheme]
    opened: socket.socket = connect(address.host, port, allow_private=allow_private)
    try:
        with time_bound(opened):
            opened.settimeout(CONNECT_SECONDS)
            if address.scheme == "https":
                opened = secured(opened, address.host)
            connection = http.client.HTTPConnection(address.host, port)
            # The Host of the request names a port that is not the scheme's own.
            connection.default_port = _PORTS[address.scheme]
            connection.sock = opened
            return _ask(connection, _target(url), body, headers)
    except (OSError, http.client.HTTPException, ValueError) as error:
        # Messages of http.client quote the address.
        what = getattr(error, "strerror", None) or type(error).__name__
        raise NotSent("no-answer", f"{address.host}: {what}") from None
    finally:
        opened.close()


def _target(url: str) -> str:
    parts = urlsplit(encoded_url(url, "utf-8"))
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def _ask(connection: http.client.HTTPConnection, target: str, body: bytes, headers: dict[str, str]) -> Answer:
    ours = {"Content-Type": "application/json; charset=utf-8", "User-Agent": f"unioncrawl/{__version__}"}
    connection.request("POST", target, body, {**ours, "Connection": "close", **headers})
    answer = connection.getresponse()
    taken = answer.read(_MAX_ANSWER_BYTES)
    return Answer(answer.status, answer.headers.get_content_type(), taken)
