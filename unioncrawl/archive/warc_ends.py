"""Where WARC records end: FastWARC stops at one that is cut off, and says nothing."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import IO

# wbits of zlib for one gzip member.
GZIP_MEMBER = 31
GZIP_MAGIC = b"\x1f\x8b\x08"
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)\s*\r\n", re.IGNORECASE)
# FastWARC reads no longer head either.
_LONGEST_HEAD = 1 << 16


def end_of_record(path: Path, offset: int) -> int | None:
    """Where the record at this place ends; None when it is cut off, damaged, or no record."""
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


def _end_of_member(file: IO[bytes]) -> int | None:
    unpacker = zlib.decompressobj(GZIP_MEMBER)
    try:
        while not unpacker.eof and (block := file.read(1 << 16)):
            unpacker.decompress(block)
    except zlib.error:
        return None
    return file.tell() - len(unpacker.unused_data) if unpacker.eof else None


def _end_of_plain_record(file: IO[bytes], offset: int) -> int | None:
    head, separator, _ = file.read(_LONGEST_HEAD).partition(b"\r\n\r\n")
    length = _CONTENT_LENGTH.search(head + b"\r\n")
    if not separator or length is None or not head.startswith(b"WARC/"):
        return None
    # ISO 28500:2017 section 4: two line ends after the block.
    end = offset + len(head) + len(separator) + int(length[1])
    file.seek(end)
    return end + 4 if file.read(4) == b"\r\n\r\n" else None
