"""Find where WARC records end: FastWARC stops at a record that is cut off without an error."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

# wbits of zlib for one gzip member.
GZIP_MEMBER = 31
GZIP_MAGIC = b"\x1f\x8b\x08"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d{1,15})\s*\r\n", re.IGNORECASE)
# FastWARC does not read a longer head either.
_LONGEST_HEAD = 1 << 16
# A damaged piece yields nothing.
_PIECE_BYTES = 1 << 12


def end_of_record(path: Path, offset: int) -> int | None:
    """Return where the record at this place ends; None when it is cut off, damaged, or no record."""
    with path.open("rb") as file:
        file.seek(offset)
        is_packed = file.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        file.seek(offset)
        return _end_of_member(file) if is_packed else _end_of_plain_record(file, offset)


def rest_is_whole(path: Path, offset: int) -> bool:
    """Whether whole records stand from this place to the end of the file."""
    end: int | None = offset
    size = path.stat().st_size
    while end is not None and end < size:
        end = end_of_record(path, end)
    return end == size


def is_packed_as_one(path: Path) -> bool:
    """Whether the first gzip member holds several records: the file was packed as a whole."""
    with path.open("rb") as file:
        if file.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
            return False
        file.seek(0)
        head, unpacked, end = b"", 0, None
        for piece in unpacked_pieces(file, members=1):
            unpacked += len(piece)
            if end is None:
                head += piece
                end = _end_by_head(head)
            if end is None and len(head) > _LONGEST_HEAD:
                return False
            if end is not None and unpacked > end:
                return True
    return False


def unpacked_pieces(file: IO[bytes], members: int | None = None) -> Iterator[bytes]:
    """Yield what so many gzip members hold, or all, in small pieces, as far as they can be unpacked."""
    rest = b""
    while members is None or members > 0:
        members = None if members is None else members - 1
        unpacker = zlib.decompressobj(GZIP_MEMBER)
        while not unpacker.eof:
            rest = rest or file.read(1 << 16)
            if not rest:
                return
            try:
                yield unpacker.decompress(rest, _PIECE_BYTES)
            except zlib.error:
                return
            rest = unpacker.unconsumed_tail or unpacker.unused_data


def _end_by_head(start: bytes) -> int | None:
    """Return the length of the record that begins with these bytes; None before its head is whole."""
    head, separator, _ = start.partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head + b"\r\n")
    if not separator or length is None or not head.startswith(b"WARC/"):
        return None
    # ISO 28500:2017 section 4: two line ends after the block.
    return len(head) + len(separator) + int(length[1]) + 4


def _end_of_member(file: IO[bytes]) -> int | None:
    unpacker = zlib.decompressobj(GZIP_MEMBER)
    try:
        while not unpacker.eof and (block := unpacker.unconsumed_tail or file.read(1 << 16)):
            unpacker.decompress(block, 1 << 20)
    except zlib.error:
        return None
    return file.tell() - len(unpacker.unused_data) if unpacker.eof else None


def _end_of_plain_record(file: IO[bytes], offset: int) -> int | None:
    length = _end_by_head(file.read(_LONGEST_HEAD))
    if length is None:
        return None
    file.seek(offset + length - 4)
    return offset + length if file.read(4) == b"\r\n\r\n" else None
