"""Files in and out as bytes, plain, gzip or zstd.

The format of an input is detected by its first bytes, so a wrong suffix does no harm;
the format of an output is chosen by its name.
"""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from unioncrawl.errors import StreamError
from unioncrawl.guard.bounds import ZSTD_PIECE_BYTES

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_BUFFER_BYTES = 1 << 20
# A longer line is not parsed; it is read and passed on in pieces.
MAX_LINE_BYTES = 1 << 25
# The errors that reading a compressed stream raises where it is cut off or damaged.
DAMAGE = (EOFError, OSError, zlib.error, zstandard.ZstdError)
_PIECE_BYTES = 1 << 20


@contextmanager
def open_input(path: Path | None) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Open a file (``None``: standard input) for reading, decompressed.

    The second stream is the file itself: its position shows how far reading is.
    """
    raw = cast("BinaryIO", sys.stdin.buffer) if path is None else _open(path, "rb")
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
        return cast("BinaryIO", io.BufferedReader(_ZstdReader(raw), _BUFFER_BYTES))
    return cast("BinaryIO", raw)


class _ZstdReader(io.RawIOBase):
    """Frames of zstd one after another; a frame that is cut off raises EOFError."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._rest = memoryview(b"")
        self._is_inside = False

    def readable(self) -> bool:
        """Return True: the stream can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; 0 at the end."""
        while not self._rest:
            packed = self._frame.unused_data if self._frame.eof else b""
            packed = packed or self._raw.read(ZSTD_PIECE_BYTES)
            if not packed:
                if self._is_inside:
                    raise EOFError("the zstd frame is cut off")
                return 0
            if self._frame.eof:
                self._frame = zstandard.ZstdDecompressor().decompressobj()
            self._rest = memoryview(self._frame.decompress(packed))
            self._is_inside = not self._frame.eof
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size


class Lines:
    """The lines of a stream; the error that ends them too early is in ``error`` afterwards.

    A line of more than `MAX_LINE_BYTES` comes in pieces, of which only the last
    ends in a line break.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.error: StreamError | None = None
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        """Each line with its line break."""
        size = MAX_LINE_BYTES
        try:
            while line := self._stream.readline(size):
                size = MAX_LINE_BYTES if line.endswith(b"\n") else _PIECE_BYTES
                yield line
        except DAMAGE as error:
            self.error = cut_off(error)


def cut_off(error: Exception) -> StreamError:
    """The error to raise when a stream ends too early."""
    return StreamError(
        f"the input ends too early or is damaged ({error}).",
        next_step="What was read before is repaired and written; fetch the file again for the rest.",
    )


def _open(path: Path, mode: str) -> BinaryIO:
    try:
        return cast("BinaryIO", path.open(mode, buffering=_BUFFER_BYTES))
    except OSError as error:
        raise StreamError(
            f"{path} cannot be opened ({error.strerror}).", next_step="Check its folder and its permissions."
        ) from error


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file (``None``: standard output) for writing; ``.gz`` and ``.zst`` compress.

    Raises StreamError when it cannot be opened or written (a full disk).
    """
    try:
        with _packed(path) as out:
            yield out
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StreamError(
            f"the output cannot be written ({error.strerror or error}).",
            next_step="Make room or choose another place, and run again: the input is as it was.",
        ) from error


@contextmanager
def _packed(path: Path | None) -> Iterator[BinaryIO]:
    if path is None:
        yield cast("BinaryIO", sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with _open(path, "wb") as raw:
        if path.suffix == ".gz":
            with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                yield cast("BinaryIO", packed)
        elif path.suffix == ".zst":
            with zstandard.ZstdCompressor().stream_writer(raw, closefd=False) as writer:
                yield cast("BinaryIO", writer)
        else:
            yield raw
