"""A server whose answers are attacks, and the canary that no attack may reach."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeAlias

Headers: TypeAlias = Sequence[tuple[str, str | bytes]]
CANARY_WORDS = "金丝雀"


@dataclass(frozen=True)
class Answer:
    """What the server answers, byte for byte; ``wait`` is called before the last byte goes out."""

    body: bytes = b""
    status: int = 200
    headers: Headers = ()
    content_type: str | bytes = "text/html; charset=utf-8"
    wait: Callable[[], object] | None = None


def page(text: str, status: int = 200, headers: Headers = ()) -> Answer:
    """An HTML page in UTF-8."""
    return Answer(text.encode("utf-8", "surrogatepass"), status, headers)


def moved(to: str | bytes, status: int = 302) -> Answer:
    """A redirect."""
    return Answer(b"moved", status, (("Location", to),))


class Quiet(ThreadingHTTPServer):
    """A server of this test run alone: its threads end with it."""

    daemon_threads = True
    request_queue_size = 128

    def __enter__(self) -> Any:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: Any) -> None:
        """A child that was killed, or refused to read on, breaks its connection."""

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.server_address[1])


class Hostile(Quiet):
    """Answers by path with query; a list of answers is given one a request, the last for ever."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Attack)
        self.pages: dict[str, Answer | list[Answer] | Callable[[], Answer]] = {}
        self.made: list[Callable[[str], Answer | None]] = []
        self.before: dict[str, Callable[[], object]] = {}
        self.asked: Counter[str] = Counter()
        # A request with a longer head is answered 431, as nginx does.
        self.longest_head_bytes = 1 << 20
        self._lock = threading.Lock()

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of its root, without a slash."""
        return f"http://{self.host}"

    def answer(self, target: str) -> Answer:
        """What it answers to a request for ``target``."""
        with self._lock:
            self.asked[target] += 1
            hook = self.before.pop(target, None)
        if hook is not None:
            hook()
        given = self.pages.get(target)
        if isinstance(given, list):
            return given.pop(0) if len(given) > 1 else given[0]
        if given is not None:
            return given if isinstance(given, Answer) else given()
        made = (make(target) for make in self.made)
        return next((found for found in made if found is not None), page("<p>404</p>", 404))


class _Attack(BaseHTTPRequestHandler):
    server: Hostile
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self) -> None:
        """Answer, keeping the connection."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        head_bytes = len(self.requestline) + len(bytes(self.headers))
        is_long = head_bytes > self.server.longest_head_bytes
        answer = page("<p>431</p>", 431) if is_long else self.server.answer(self.path)
        given = {name.lower() for name, _ in answer.headers}
        lines = [f"HTTP/1.1 {answer.status} X".encode()]
        lines += [_line("Content-Type", answer.content_type)] if answer.content_type else []
        lines += [_line(name, value) for name, value in answer.headers]
        lines += [_line("Content-Length", str(len(answer.body)))] if "content-length" not in given else []
        head = b"\r\n".join(lines) + b"\r\n\r\n"
        if answer.wait is None:
            self.wfile.write(head + answer.body)
            return
        self.wfile.write(head + answer.body[:-1])
        answer.wait()
        self.wfile.write(answer.body[-1:])

    do_POST = do_GET  # noqa: N815 - the name that http.server calls

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _line(name: str, value: str | bytes) -> bytes:
    return name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())


@dataclass
class Canary:
    """Listens where no crawl may come: another port of 127.0.0.1, 127.0.0.2, and ::1 where there is one.

    ``connections`` counts even those that asked for nothing; ``asked`` are the requests.
    """

    port: int = 0
    connections: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    _servers: list[Quiet] = field(default_factory=list)

    def __enter__(self) -> Self:
        for host, family in (
            ("127.0.0.1", socket.AF_INET),
            ("127.0.0.2", socket.AF_INET),
            ("::1", socket.AF_INET6),
        ):
            try:
                server = self._listen(host, family)
            except OSError:
                if host == "127.0.0.1":
                    raise
                continue
            self.port = server.port
            self._servers.append(server.__enter__())
        return self

    def __exit__(self, *_: object) -> None:
        for server in self._servers:
            server.__exit__()

    def reached(self, mark: str) -> list[str]:
        """The requests whose address or body holds a mark."""
        return [line for line in self.asked if mark in line]

    def _listen(self, host: str, family: socket.AddressFamily) -> Quiet:
        canary = self

        class Listener(Quiet):
            address_family = family

            def verify_request(self, request: Any, client_address: Any) -> bool:
                del request
                canary.connections.append(f"{host} from {client_address[0]}")
                return True

        class Song(BaseHTTPRequestHandler):
            timeout = 60

            def do_GET(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
                canary.asked.append(f"{self.command} {host} {self.path} {sent}")
                body = f"<html><body><h1>{CANARY_WORDS}</h1><p>{CANARY_WORDS}</p>77777</body></html>".encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_HEAD = do_GET  # noqa: N815 - the same

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        return Listener((host, self.port), Song)
