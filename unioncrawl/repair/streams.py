"""Files in and out as bytes, plain, gzip or zstd.

What is read is told by its first bytes, so a wrong suffix does no harm; what is
written is told by its name.
"""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_BUFFER_BYTES = 1 << 20


@contextmanager
def open_input(path: Path | None) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file (``None``: standard input) for reading, decompressed.

    The second stream is the file itself: its position tells how far reading is.
    """
    raw = cast("BinaryIO", sys.stdin.buffer) if path is None else path.open("rb", buffering=_BUFFER_BYTES)
    try:
        peeking = raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(cast("io.RawIOBase", raw))
        yield _decompressed(peeking), raw
    finally:
        if path is not None:
            raw.close()


def _decompressed(raw: io.BufferedReader) -> BinaryIO:
    start = raw.peek(len(_ZSTD))
    if start.startswith(_GZIP):
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw))
    if start.startswith(_ZSTD):
        reader = zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)
        return cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", reader), _BUFFER_BYTES))
    return cast("BinaryIO", raw)


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file (``None``: standard output) for writing; ``.gz`` and ``.zst`` compress."""
    if path is None:
        yield cast("BinaryIO", sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with path.open("wb", buffering=_BUFFER_BYTES) as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                yield cast("BinaryIO", packed)
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as writer:
                yield cast("BinaryIO", writer)
        else:
            yield raw
