"""The checksum at the end of each of tantivy's files.

A file ends with a footer in JSON, its length and a number of four bytes each (as files of tantivy 0.27
show). The footer has the CRC-32 of what stands before it.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path

_MAGIC = 1337
_TAIL_BYTES = 8
_BLOCK_BYTES = 1 << 20


def is_whole(file: Path) -> bool:
    """Whether the bytes of a file have the checksum of its footer."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - _TAIL_BYTES))
        tail = opened.read()
        length, magic = (int.from_bytes(tail[at : at + 4], "little") for at in (0, 4))
        end = size - _TAIL_BYTES - length
        if magic != _MAGIC or end < 0:
            return False
        opened.seek(end)
        try:
            expected = json.loads(opened.read(length))["crc"]
        except (ValueError, KeyError):
            return False
        opened.seek(0)
        checksum, left = 0, end
        while left > 0:
            block = opened.read(min(_BLOCK_BYTES, left))
            checksum, left = zlib.crc32(block, checksum), left - len(block)
    return bool(expected == checksum)
