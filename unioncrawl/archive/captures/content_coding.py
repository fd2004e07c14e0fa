"""Undo the codings of bodies, within bounds: chunks, gzip, deflate, br, zstd.

A few bytes may unpack to gigabytes. So a body is unpacked in small pieces, and
rejected at the first piece beyond the bound: memory holds no more than that.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

import brotli
import zstandard

from unioncrawl.errors import UnpacksTooLarge
from unioncrawl.guard.bounds import BODY_BYTES, CODINGS, UNPACK_FREE_BYTES, UNPACK_RATIO, ZSTD_PIECE_BYTES

# wbits of zlib: detect a zlib or gzip head; a bare deflate stream has no head (RFC 9110 section 8.4.1.2).
_ANY_HEAD, _NO_HEAD = 47, -15
_GZIP_MAGIC = b"\x1f\x8b"
_PIECE_BYTES = 1 << 16

# RFC 9112 section 7.1: a length in hexadecimal digits, extensions after a semicolon.
_CHUNK_HEAD = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")


def most_unpacked(packed_bytes: int, limit: int, ratio: int) -> int:
    """Return how many bytes a body of this size may unpack to.

    >>> most_unpacked(1_000, 64 << 20, 250) == 4 << 20
    True
    >>> most_unpacked(100_000, 64 << 20, 250)
    25000000
    """
    return min(limit, max(UNPACK_FREE_BYTES, packed_bytes * ratio))


def unpacked(body: bytes, headers: Mapping[str, str], limit: int = 0, ratio: int = 0) -> bytes:
    """Return the body without the chunks and content codings that its headers (in small letters) name.

    Proxies and browsers keep such headers beside a body that they unpacked: a body
    that is no such stream and begins like markup stays unchanged. ``limit`` bytes and
    ``ratio`` are those of `unioncrawl.guard.bounds` unless given. Raises ValueError
    for a stream that is damaged or cut off, `UnpacksTooLarge` (a ValueError too)
    for one beyond the bounds, and for more codings than `CODINGS`.

    >>> import gzip
    >>> unpacked(gzip.compress("<p>工会</p>".encode()), {"content-encoding": "gzip"}).decode()
    '<p>工会</p>'
    >>> unpacked("<p>工会</p>".encode(), {"content-encoding": "br", "transfer-encoding": "chunked"}).decode()
    '<p>工会</p>'
    """
    if "chunked" in headers.get("transfer-encoding", "").lower():
        body = _joined(body)
    codings = [name for name in map(_coding, headers.get("content-encoding", "").split(",")) if name]
    if len(codings) > CODINGS.default:
        raise UnpacksTooLarge(f"its body has {len(codings)} codings.", next_step=CODINGS.remedy)
    most = most_unpacked(len(body), limit or BODY_BYTES.now(), ratio or UNPACK_RATIO.now())
    for coding in reversed(codings):
        if coding in _PIECES and body:
            body = _without(coding, body, most)
    return body


def _coding(name: str) -> str:
    return name.strip().lower().removeprefix("x-")


def _without(coding: str, body: bytes, most: int) -> bytes:
    try:
        return joined_within(_PIECES[coding](body), most, f"its {coding} body")
    except UnpacksTooLarge:
        raise
    except (ValueError, zlib.error, brotli.error, zstandard.ZstdError) as error:
        if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return body
        raise ValueError(f"its {coding} body is damaged") from error


def joined_within(pieces: Iterable[bytes], most: int, what: str) -> bytes:
    """Return the pieces as one; raises `UnpacksTooLarge` when they are more than ``most`` bytes.

    >>> joined_within([b"ab", b"c"], 3, "its gzip body")
    b'abc'
    """
    kept, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise UnpacksTooLarge(
                f"{what} unpacks to more than {most:,} bytes.",
                next_step=f"Unless it is a zip bomb, raise {BODY_BYTES.name} or {UNPACK_RATIO.name}.",
                stage="fetch",
            )
        kept.append(piece)
    return b"".join(kept)


def _joined(body: bytes) -> bytes:
    """Return the chunks of a body as one; a body without chunks unchanged."""
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


def inflated_pieces(body: bytes) -> Iterator[bytes]:
    """Yield what a zlib, gzip or bare deflate stream holds, and gzip members after it.

    Raises zlib.error when it is damaged, ValueError when it is cut off.
    """
    unpacker = zlib.decompressobj(_ANY_HEAD)
    try:
        piece = unpacker.decompress(body, _PIECE_BYTES)
    except zlib.error:
        unpacker = zlib.decompressobj(_NO_HEAD)
        piece = unpacker.decompress(body, _PIECE_BYTES)
    while True:
        yield piece
        rest = unpacker.unconsumed_tail
        if unpacker.eof:
            # RFC 1952 section 2.2: members follow each other. Other bytes at the end are padding.
            rest = unpacker.unused_data
            if not rest.startswith(_GZIP_MAGIC):
                return
            unpacker = zlib.decompressobj(_ANY_HEAD)
        elif not rest and not piece:
            raise ValueError("the stream is cut off")
        piece = unpacker.decompress(rest, _PIECE_BYTES)


def _brotli_pieces(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    piece = unpacker.process(body, output_buffer_limit=_PIECE_BYTES)
    while piece:
        yield piece
        piece = b"" if unpacker.is_finished() else unpacker.process(b"", output_buffer_limit=_PIECE_BYTES)
    if not unpacker.is_finished():
        raise ValueError("the stream is cut off")


def _zstd_pieces(body: bytes) -> Iterator[bytes]:
    rest = body
    while rest:
        frame = zstandard.ZstdDecompressor().decompressobj()
        at = 0
        while at < len(rest) and not frame.eof:
            yield frame.decompress(rest[at : at + ZSTD_PIECE_BYTES])
            at += ZSTD_PIECE_BYTES
        if not frame.eof:
            raise ValueError("the frame is cut off")
        rest = frame.unused_data + rest[at:]


_PIECES: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "gzip": inflated_pieces,
    "deflate": inflated_pieces,
    "br": _brotli_pieces,
    "zstd": _zstd_pieces,
}
