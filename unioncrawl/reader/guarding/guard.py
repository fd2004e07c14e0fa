"""The one gate that every request passes: its host, its token, its method, its length; HEAD; safe headers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unioncrawl.reader.guarding.host_names import is_allowed
from unioncrawl.reader.guarding.other_origins import answer_preflight, is_preflight, origin_headers
from unioncrawl.reader.guarding.refusals import Refusal, refuse
from unioncrawl.reader.guarding.safe_headers import with_safe_headers
from unioncrawl.reader.guarding.token import Shown, let_in, what_is_shown

# A query has at most 2,000 characters, which a browser writes in up to nine bytes each.
MOST_QUERY_BYTES = 20_000
MOST_PATH_BYTES = 2_000
_METHODS = ("GET", "HEAD")
_WITHOUT_PASS = {Shown.NOTHING: Refusal.NO_TOKEN, Shown.WRONG: Refusal.WRONG_TOKEN}


def _is_utf8(query_string: bytes) -> bool:
    """Whether a query is in UTF-8, as addresses of the reader are.

    >>> _is_utf8(b"q=%E5%B7%A5%E4%BC%9A"), _is_utf8(b"q=%B9%A4%BB%E1")
    (True, False)
    """
    try:
        unquote_to_bytes(query_string).decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Guard:
    """Refuses what no page of the reader asks, before any page is made."""

    app: ASGIApp
    names: frozenset[str]
    only_loopback: bool
    token: str = ""
    origins: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        only_head = scope["method"] == "HEAD"
        of_origin = origin_headers(scope, self.origins)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [*message.get("headers", ()), *of_origin]
                message = {**message, "headers": with_safe_headers(own)}
            elif message["type"] == "http.response.body" and only_head:
                message = {**message, "body": b""}
            await send(message)

        headers = dict(scope["headers"])
        if of_origin and is_preflight(scope, headers) and self._is_for_us(headers):
            await answer_preflight(answer)
            return
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refuse(refusal, answer)
            return
        if self.token and what_is_shown(self.token, headers, scope["query_string"]) is Shown.ENTRANCE:
            await let_in(self.token, scope, answer)
            return
        # A page answers GET; what HEAD asks is the same without the body (RFC 9110, 9.3.2).
        await self.app({**scope, "method": "GET"} if only_head else scope, receive, answer)

    def _is_for_us(self, headers: Mapping[bytes, bytes]) -> bool:
        host = headers.get(b"host", b"").decode("latin-1")
        return is_allowed(host, self.names, only_loopback=self.only_loopback)

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> Refusal | None:
        """Return why a request is refused; ``None`` when it may pass."""
        if not self._is_for_us(headers):
            return Refusal.FOREIGN_HOST
        if self.token:
            shown = what_is_shown(self.token, headers, scope["query_string"])
            if shown in _WITHOUT_PASS:
                return _WITHOUT_PASS[shown]
        if scope["method"] not in _METHODS:
            return Refusal.METHOD
        if len(scope["query_string"]) > MOST_QUERY_BYTES or len(scope["path"]) > MOST_PATH_BYTES:
            return Refusal.TOO_LONG
        if not _is_utf8(scope["query_string"]) or "\ufffd" in scope["path"]:
            # A query in GBK would be searched for as signs that no article has, and find nothing.
            return Refusal.NOT_UTF8
        if headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers:
            return Refusal.BODY
        return None
