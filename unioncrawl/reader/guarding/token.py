"""The token that a visitor from beyond this machine has to show, as Jupyter's does.

It is shown as ``Authorization: Bearer TOKEN`` with each request, or once as ``?token=TOKEN``:
that entrance gives a cookie which is a digest of the token (HttpOnly, SameSite=Strict, for
the session) and leads on to the same address without the token. No other page sets a cookie.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from enum import Enum, auto
from html import escape
from urllib.parse import parse_qsl, quote, urlencode

from starlette.types import Scope, Send

# As many random bytes as Jupyter takes.
_RANDOM_BYTES = 24
LEAST_LENGTH = 16
PARAMETER = "token"
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


class Shown(Enum):
    """What a request shows: the token or its cookie, the token at the entrance, another one, nothing."""

    TOKEN = auto()
    ENTRANCE = auto()
    WRONG = auto()
    NOTHING = auto()


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def what_is_shown(token: str, headers: dict[bytes, bytes], query_string: bytes) -> Shown:
    """Compare what a request shows with the token, in constant time."""
    entrance = dict(_parameters(query_string)).get(PARAMETER)
    if entrance is not None:
        return Shown.ENTRANCE if _is_same(entrance, token) else Shown.WRONG
    bearer = _BEARER.fullmatch(headers.get(b"authorization", b"").decode("latin-1"))
    if bearer is not None:
        return Shown.TOKEN if _is_same(bearer[1], token) else Shown.WRONG
    name, value = _cookie(token)
    # Other programs of this host set cookies too, in whatever form.
    cookies = headers.get(b"cookie", b"").decode("latin-1").split(";")
    shown = [kept.partition("=")[2] for kept in map(str.strip, cookies) if kept.startswith(f"{name}=")]
    return Shown.TOKEN if any(_is_same(one, value) for one in shown) else Shown.NOTHING


async def let_in(token: str, scope: Scope, send: Send) -> None:
    """Give the cookie, and lead to the address without the token.

    By a page that refreshes, because a browser withholds a strict cookie from what a link
    elsewhere redirects to.
    """
    kept = [(name, value) for name, value in _parameters(scope["query_string"]) if name != PARAMETER]
    # One slash at its beginning: two would name another host.
    path = "/" + quote(scope["path"].lstrip("/"))
    where = f"{path}?{urlencode(kept)}" if kept else path
    link = f'<a href="{escape(where)}">进入 · Enter</a>'
    body = f'<!DOCTYPE html><html lang="zh-Hans"><meta charset="utf-8"><title>unioncrawl</title><p>{link}</p>'
    name, value = _cookie(token)
    cookie = f"{name}={value}; Path={scope.get('root_path') or '/'}; HttpOnly; SameSite=Strict"
    secure = "; Secure" if scope["scheme"] == "https" else ""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body.encode())),
        "refresh": f"0; url={where}",
        "set-cookie": cookie + secure,
        "cache-control": "no-store",
    }
    written = [(key.encode(), text.encode("latin-1")) for key, text in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": written})
    await send({"type": "http.response.body", "body": body.encode()})


def _parameters(query_string: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query_string.decode("latin-1"), keep_blank_values=True)


def _cookie(token: str) -> tuple[str, str]:
    """Return the cookie's name and value; readers at other ports of a host have other names."""
    digest = hashlib.sha256(f"unioncrawl reader {token}".encode()).hexdigest()
    return f"unioncrawl-{digest[:8]}", digest[8:]


def _is_same(shown: str, expected: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "replace"), expected.encode())
