"""A server that sends bytes as they are and closes: no library completes its heads or bodies."""

from __future__ import annotations

import socketserver
import threading
from collections import Counter
from typing import Self


class Raw(socketserver.ThreadingTCPServer):
    """Answers by path with whole HTTP responses; a list gives one a request, the last for ever."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.answers: dict[str, bytes | list[bytes]] = {}
        self.asked: Counter[str] = Counter()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        """The address of its root, without a slash."""
        return f"http://{self.host}"

    def answer(self, target: str) -> bytes:
        """The bytes of one answer."""
        self.asked[target] += 1
        given = self.answers.get(target, b"HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n")
        if isinstance(given, list):
            return given.pop(0) if len(given) > 1 else given[0]
        return given


class _Connection(socketserver.StreamRequestHandler):
    server: Raw

    def handle(self) -> None:
        """Read one request, send its answer, close."""
        request = self.rfile.readline().split()
        while self.rfile.readline().strip():
            pass
        if len(request) > 1:
            self.wfile.write(self.server.answer(request[1].decode()))


def head(*lines: str) -> bytes:
    """The head of an HTML page with more header lines."""
    whole = ("HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", *lines, "", "")
    return "\r\n".join(whole).encode()
