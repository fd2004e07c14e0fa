"""A plain HTTP client that keeps the raw bytes and every header."""

from __future__ import annotations

import http.client
import socket
from dataclasses import dataclass
from email.message import Message
from typing import Self
from urllib.parse import urlsplit

from tests.processes import HANG_SECONDS


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


class Visitor:
    """One visitor with one connection to one site."""

    def __init__(self, base_url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=HANG_SECONDS)

    @property
    def socket(self) -> socket.socket | None:
        """The connection's socket, to see whether it was kept."""
        return self._connection.sock

    def get(self, target: str, *, method: str = "GET", **headers: str) -> Answer:
        """Ask for ``target``; a header ``if_none_match`` is sent as ``if-none-match``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, target, headers=sent)
        response = self._connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if not self._kept:
            self._connection.close()
        return answer

    _kept = False

    def __enter__(self) -> Self:
        self._kept = True
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
