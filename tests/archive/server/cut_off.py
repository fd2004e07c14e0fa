"""A way to a database server that can be cut at a chosen word of what is sent along it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

_BYTES = 1 << 16
When = Literal["before", "after"]


class CutOff:
    """Passes connections on to a server; `cut_at` ends each that sends a word, `is_shut` takes none."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._server = (str(parts.hostname), int(parts.port or 0))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = url.replace(f":{parts.port}/", f":{self._listener.getsockname()[1]}/")
        self.is_shut = False
        self.cuts = 0
        self._word: tuple[bytes, When] | None = None
        self._following = b""
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_at(self, word: str, when: When, *, following: str = "") -> None:
        """Cut the next connection that sends a word: before the server has it, or before its answer comes.

        With ``following`` only after another word was sent.
        """
        self._following = following.encode()
        self._word = (word.encode(), when)

    def cut_all(self) -> None:
        """Cut all connections that there are."""
        for end in self._ends:
            _close(end)
        self._ends.clear()

    def close(self) -> None:
        """Take no more connections, and cut those that there are."""
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if self.is_shut:
                    _close(client)
                    continue
                server = socket.create_connection(self._server)
                self._ends += [client, server]
                threading.Thread(target=self._answers, args=(server, client), daemon=True).start()
                threading.Thread(target=self._sends, args=(client, server), daemon=True).start()

    def _sends(self, client: socket.socket, server: socket.socket) -> None:
        when: When | None = None
        with suppress(OSError):
            while when is None and (sent := client.recv(_BYTES)):
                when = self._moment(sent)
                if when is not None:
                    # First of all, so that no answer of the server is heard.
                    _close(client)
                if when != "before":
                    server.sendall(sent)
            server.shutdown(socket.SHUT_WR)
        _close(client)

    def _moment(self, sent: bytes) -> When | None:
        """When what is sent is cut; each word once."""
        if self._following and self._following in sent:
            self._following = b""
        if self._following or self._word is None or self._word[0] not in sent:
            return None
        when, self._word = self._word[1], None
        self.cuts += 1
        return when

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while answer := server.recv(_BYTES):
                client.sendall(answer)
        _close(client)
        _close(server)


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def way_to(url: str) -> Iterator[CutOff]:
    """A way to the server of an address."""
    way = CutOff(url)
    try:
        yield way
    finally:
        way.close()
