"""Let pages of other origins read the API and the feeds, where their origins are named.

No origin is without ``serve --cors``. An origin is named exactly; cookies are never among what is allowed,
so that a page elsewhere needs the token itself
(https://fetch.spec.whatwg.org/#http-cors-protocol).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from starlette.types import Scope, Send

# Scheme, host and port, as browsers send them: nothing after it, and neither "*" nor "null".
_ORIGIN = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\])(?::[1-9]\d{0,4})?")
_OPEN_PATHS = ("/api/v1/", "/feed.")
_READABLE = b"ETag, Last-Modified, X-Total-Count, Content-Disposition"
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"Authorization, If-None-Match, If-Modified-Since"),
    (b"access-control-max-age", b"600"),
    (b"content-length", b"0"),
]
_NO_CONTENT = 204
Pairs = list[tuple[bytes, bytes]]


def is_origin(text: str) -> bool:
    """Whether a text is an origin as a browser sends it.

    >>> is_origin("https://news.example"), is_origin("http://localhost:5173")
    (True, True)
    >>> is_origin("*"), is_origin("https://news.example/"), is_origin("null"), is_origin("https://*.example")
    (False, False, False, False)
    """
    return _ORIGIN.fullmatch(text) is not None


def origin_headers(scope: Scope, origins: Collection[str]) -> Pairs:
    """Return what an answer says about the origins that may read it; nothing where none may."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    if not origins or not path.startswith(_OPEN_PATHS):
        return []
    # A cache must not give one origin's answer to another.
    headers = [(b"vary", b"Origin")]
    asking = dict(scope["headers"]).get(b"origin", b"")
    if asking.decode("latin-1") in origins:
        headers += [
            (b"access-control-allow-origin", asking),
            (b"access-control-expose-headers", _READABLE),
        ]
    return headers


def is_preflight(scope: Scope, headers: Mapping[bytes, bytes]) -> bool:
    """Whether a browser asks if a page elsewhere may ask; it shows no token then."""
    return scope["method"] == "OPTIONS" and b"access-control-request-method" in headers


async def answer_preflight(send: Send) -> None:
    """Say which methods and headers are allowed to an origin that the answer names."""
    await send({"type": "http.response.start", "status": _NO_CONTENT, "headers": list(_PREFLIGHT)})
    await send({"type": "http.response.body", "body": b""})
