"""Masks every answer on its way out, by the rules of exports and feeds, so that no page can be forgotten.

A text keeps its length, so that marks of search hits and links stay where they are. What can't be masked
(the bytes of a capture) is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unioncrawl.archive.exports.mask_article import Masking, MaskRules

# An answer that was masked where it was made, row by row, has this header.
MASKED = "x-masked"
_RULES = MaskRules(numbers=True, mail=True)
_SAID = ", ".join(_RULES.names)
_OWN_FILES = "/static/"
_FORBIDDEN = 403
_REFUSED = (
    "This reader masks personal information, and what was asked for is kept as it came:"
    " it can't be masked. 本站隐去个人信息，原样保存的内容不予提供。"
)
# Digests name revisions, and are no numbers of persons.
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{24,}(?![0-9A-Za-z])")
_TAG = re.compile(
    r"<!--(?:(?!-->).)*+(?:-->)?|<[/!?A-Za-z](?:[^<>\"']|\"[^\"]{0,5000}\"|'[^']{0,5000}')*+>", re.DOTALL
)
_NAME = re.compile(r"</?([A-Za-z][\w:-]*)")
# A stretch of text goes on beyond these.
_INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "del", "em", "font", "i", "ins", "mark", "q", "s", "small", "span"),
        *("strong", "sub", "sup", "tspan", "u", "wbr"),
    )
)
# Where a form is sent from, and where a link leads; an address that is no page may be somebody's number.
_ATTRIBUTE = re.compile(r"(?<![\w:-])([\w:-]++)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
_KEPT_ATTRIBUTES = frozenset(
    ("action", "class", "d", "for", "height", "id", "name", "points", "value", "width")
)
_ADDRESSES = frozenset(("href", "src", "cite"))
_OF_A_PERSON = re.compile(r"[\"']?\s{0,20}(?:tel|sms|mailto):", re.IGNORECASE)


def masked_text(text: str) -> str:
    """Return a text masked, digests left whole.

    >>> masked_text("联系人李方 13912345678，lifang@linxi-gh.example")
    '联系人李方 139****5678，l*****@linxi-gh.example'
    """
    masked = Masking(_RULES).text(text)
    if masked == text:
        return text
    for found in _DIGEST.finditer(text):
        masked = masked[: found.start()] + found[0] + masked[found.end() :]
    return masked


def masked_markup(text: str) -> str:
    """Return HTML or XML masked: its texts, read across marks and links, and what attributes say.

    >>> masked_markup('<p title="13912345678">电话<mark>139</mark>12345678</p><a href="/articles/7">7</a>')
    '<p title="139****5678">电话<mark>139</mark>****5678</p><a href="/articles/7">7</a>'
    """
    pieces, plain, at = [], [], 0
    for tag in _TAG.finditer(text):
        pieces += [text[at : tag.start()], tag[0]]
        name = _NAME.match(tag[0])
        plain += [text[at : tag.start()], "" if name and name[1].lower() in _INLINE else "\n"]
        at = tag.end()
    pieces.append(text[at:])
    plain.append(text[at:])
    masked = masked_text("".join(plain))
    made, at = [], 0
    for number, (piece, read) in enumerate(zip(pieces, plain, strict=True)):
        made.append(_masked_tag(piece) if number % 2 else masked[at : at + len(read)])
        at += len(read)
    return "".join(made)


def _masked_tag(tag: str) -> str:
    if tag.startswith("<!--"):
        return masked_text(tag)
    return _ATTRIBUTE.sub(_masked_attribute, tag)


def _masked_attribute(found: re.Match[str]) -> str:
    name, sign, value = found.groups()
    if name.lower() in _KEPT_ATTRIBUTES:
        return found[0]
    if name.lower() not in _ADDRESSES or _OF_A_PERSON.match(value):
        return f"{name}{sign}{masked_text(value)}"
    return f"{name}{sign}{_masked_address(value)}"


def _masked_address(value: str) -> str:
    """An address with what it asks for masked: a link to the search for an author has the author's words."""
    path, mark, asked = unescape(value).partition("?")
    given = parse_qsl(asked.rstrip("\"'"), keep_blank_values=True)
    masked = [(name, masked_text(words)) for name, words in given]
    if masked == given:
        return value
    end = asked[len(asked.rstrip("\"'")) :]
    return f"{escape(path, quote=False)}{mark}{escape(urlencode(masked))}{end}"


def masked_json(text: str) -> str:
    """Return a JSON document with its texts masked.

    >>> masked_json('{"id": 13912345678, "title": "致电13912345678"}')
    '{"id":13912345678,"title":"致电139****5678"}'
    """
    return json.dumps(_masked_value(json.loads(text)), ensure_ascii=False, separators=(",", ":"))


def _masked_value(value: Any) -> Any:  # noqa: ANN401 - of any JSON
    if isinstance(value, str):
        return masked_markup(value) if "<" in value else masked_text(value)
    if isinstance(value, list):
        return [_masked_value(one) for one in value]
    return {name: _masked_value(one) for name, one in value.items()} if isinstance(value, dict) else value


def _mask_of(media_type: str) -> Callable[[str], str] | None:
    """What masks an answer of a type; None for one that can't be masked."""
    kind = media_type.partition(";")[0].strip().lower()
    if kind == "text/html" or kind.endswith("xml"):
        return masked_markup
    if kind.endswith("json"):
        return masked_json
    return masked_text if kind.startswith("text/") or kind in _PLAIN else None


_PLAIN = ("application/x-research-info-systems", "application/x-bibtex", "application/x-ndjson")


@dataclass(frozen=True, slots=True)
class MaskedAnswers:
    """Masks what an application answers; its own files pass, and what it says is masked already."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["path"].startswith(_OWN_FILES):
            await self.app(scope, receive, send)
            return
        await self.app(scope, receive, _Held(send).take)


@dataclass(slots=True)
class _Held:
    """An answer that is held until it is whole."""

    send: Send
    start: Message | None = None
    body: bytes = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not _passes(message):
            self.start = message
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_masked(self.start)

    async def _send_masked(self, start: Message) -> None:
        headers = MutableHeaders(scope={**start, "headers": list(start.get("headers", ()))})
        mask = _mask_of(headers.get("content-type", ""))
        body, status = self.body, start["status"]
        if body and mask is None:
            body, status = _REFUSED.encode(), _FORBIDDEN
            headers["content-type"] = "text/plain; charset=utf-8"
            for name in ("content-disposition", "etag"):
                del headers[name]
        elif body and mask is not None:
            body = mask(body.decode("utf-8", "replace")).encode()
        if body:
            headers["content-length"] = str(len(body))
        headers[MASKED] = _SAID
        await self.send({**start, "status": status, "headers": headers.raw})
        await self.send({"type": "http.response.body", "body": body})


def _passes(message: Message) -> bool:
    """Whether an answer is masked already, or says nothing."""
    return any(name.lower() == MASKED.encode() for name, _ in message.get("headers", ()))
