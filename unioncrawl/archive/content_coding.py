"""Undo the codings of captured bodies: chunks, gzip, deflate, br, zstd."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Mapping

import brotli
import zstandard

# wbits of zlib: a zlib or gzip head is looked for; a bare deflate stream has none (RFC 9110 section 8.4.1.2).
_ANY_HEAD, _NO_HEAD = 47, -15


# RFC 9112 section 7.1: a length in hexadecimal digits, extensions behind a semicolon.
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")


def unpacked(body: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without the chunks and content codings that its headers (in small letters) tell of.

    Proxies and browsers keep such headers beside a body that they unpacked: what
    is no such stream and begins like markup stays as it is. Raises ValueError
    for a stream that is damaged or cut off.

    >>> import gzip
    >>> unpacked(gzip.compress("<p>工会</p>".encode()), {"content-encoding": "gzip"}).decode()
    '<p>工会</p>'
    >>> unpacked("<p>工会</p>".encode(), {"content-encoding": "br", "transfer-encoding": "chunked"}).decode()
    '<p>工会</p>'
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    codings = headers.get("content-encoding", "").split(",")
    for coding in reversed([name.strip().lower().removeprefix("x-") for name in codings]):
        unpack = _UNPACKERS.get(coding)
        if unpack is None or not body:
            continue
        try:
            body = unpack(body)
        except (ValueError, zlib.error, brotli.error, zstandard.ZstdError) as error:
            if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
                raise ValueError(f"its {coding} body is damaged") from error
    return body


def _joined(body: bytes) -> bytes:
    """The chunks of a body as one; a body that is in no chunks as it is."""
    parts: list[bytes] = []
    at = 0
    while (head := _CHUNK_HEAD.match(body, at)) is not None:
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[head.end() : head.end() + size])
        at = head.end() + size
        if len(parts[-1]) < size:
            raise ValueError("its chunks are cut off")
        at += 2 if body.startswith(b"\r\n", at) else 1
    if parts and at < len(body):
        raise ValueError("its chunks are damaged")
    return b"".join(parts) or body


def _inflate(body: bytes) -> bytes:
    try:
        return _inflated(body, _ANY_HEAD)
    except zlib.error:
        return _inflated(body, _NO_HEAD)


def _inflated(body: bytes, head: int) -> bytes:
    unpacker = zlib.decompressobj(head)
    data = unpacker.decompress(body)
    if not unpacker.eof:
        raise ValueError("the stream is cut off")
    return data


def _unzstd(body: bytes) -> bytes:
    return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(body)).read()


_UNPACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _inflate,
    "deflate": _inflate,
    "br": brotli.decompress,
    "zstd": _unzstd,
}
