"""Read the text of a large table piece by piece, in whatever Chinese encoding it is.

The encoding is decided on samples of the file. A piece that does not fit it is
read line by line. A line that does not fit it gets an encoding of its own: the
programs that filled old tables disagreed.
"""

from __future__ import annotations

import codecs
import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from unioncrawl.decode.order import decode_page
from unioncrawl.errors import DecodeError, UnpacksTooLarge
from unioncrawl.guard.bounds import BODY_BYTES, UNPACK_FREE_BYTES, UNPACK_RATIO

_GZIP_MAGIC = b"\x1f\x8b"
_BLOCK_BYTES = 1 << 20
# Size of a sample; samples taken after the one at the beginning of the file.
_SAMPLE_BYTES, _SAMPLES = 1 << 18, 4
# Encodings in which a byte of a line end may be half a character.
_WIDE = ("utf-16", "utf-32", "utf_16", "utf_32")


def text_suffix(path: Path) -> str:
    """Return the ending of a file's name in small letters, without that of gzip.

    >>> text_suffix(Path("old.CSV.gz")), text_suffix(Path("old.jsonl"))
    ('.csv', '.jsonl')
    """
    name = Path(path.stem) if path.suffix.lower() == ".gz" else path
    return name.suffix.lower()


def text_blocks(path: Path, reach: Callable[[float], None]) -> Iterator[str]:
    """Yield the text of a file, packed by gzip or not, in pieces that end with a line where they can.

    ``reach`` receives the share of the file that was read. Raises OSError,
    zlib.error or EOFError for what can't be read, `DecodeError` for bytes that are not
    text, ValueError for a line or an unpacked file beyond the bounds.
    """
    size = max(1, path.stat().st_size)
    encoding = _encoding(path)
    # All of a JSON list may stand on one line. A comma is half a character in HZ alone.
    ends = b",\n" if text_suffix(path) == ".json" and encoding != "hz" else b"\n"
    with path.open("rb") as raw, _unpacked(raw) as file:
        blocks = (
            _wide_blocks(file, encoding) if encoding.startswith(_WIDE) else _line_blocks(file, encoding, ends)
        )
        is_first = True
        for block in filter(None, blocks):
            reach(raw.tell() / size)
            yield block.removeprefix("\ufeff") if is_first else block
            is_first = False


def _unpacked(raw: IO[bytes]) -> IO[bytes]:
    is_packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    raw.seek(0)
    return _Unpacked(raw) if is_packed else raw  # type: ignore[return-value]


class _Unpacked(gzip.GzipFile):
    """A packed table; raises `UnpacksTooLarge` where it has grown beyond the ratio of the bounds."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw)
        self._packed_bytes = os.fstat(raw.fileno()).st_size
        self._unpacked_bytes = 0

    def read(self, size: int | None = -1) -> bytes:
        """Read on, within the bound."""
        data = super().read(size)
        self._unpacked_bytes += len(data)
        most = max(UNPACK_FREE_BYTES, self._packed_bytes * UNPACK_RATIO.now())
        if self._unpacked_bytes > most:
            raise UnpacksTooLarge(
                f"it unpacks to more than {most:,} bytes",
                next_step=f"Raise {UNPACK_RATIO.name} unless it is a zip bomb.",
            )
        return data


def _encoding(path: Path) -> str:
    with path.open("rb") as raw, _unpacked(raw) as file:
        samples = [_to_line_end(file.read(_SAMPLE_BYTES))]
        if file is raw:
            rest = path.stat().st_size - _SAMPLE_BYTES
            for place in range(_SAMPLES if rest > 0 else 0):
                file.seek(_SAMPLE_BYTES + rest * place // _SAMPLES)
                # The line in which the sample begins is half a line.
                samples.append(_to_line_end(file.read(_SAMPLE_BYTES)).partition(b"\n")[2])
    first = decode_page(samples[0]).encoding
    return first if first.startswith(_WIDE) else decode_page(b"".join(samples)).encoding


def _to_line_end(data: bytes) -> bytes:
    return data[: data.rfind(b"\n") + 1] or data if len(data) >= _SAMPLE_BYTES else data


def _wide_blocks(file: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest = ""
    while data := file.read(_BLOCK_BYTES):
        text = rest + decoder.decode(data)
        cut = text.rfind("\n") + 1
        yield text[:cut]
        rest = text[cut:]
    yield rest + decoder.decode(b"", final=True)


def _line_blocks(file: IO[bytes], encoding: str, ends: bytes) -> Iterator[str]:
    rest: list[bytes] = []
    while data := file.read(_BLOCK_BYTES):
        # A carriage return at the end may be half of a line end.
        cut = (
            max(*(data.rfind(end) for end in (ends[:1], ends[-1:])), data.rfind(b"\r", 0, len(data) - 1)) + 1
        )
        if not cut:
            rest.append(data)
            if len(rest) * _BLOCK_BYTES > BODY_BYTES.now():
                raise ValueError(f"a line has more than {BODY_BYTES.now():,} bytes ({BODY_BYTES.name})")
            continue
        yield _decoded(b"".join([*rest, data[:cut]]), encoding)
        rest = [data[cut:]]
    if any(rest):
        yield _decoded(b"".join(rest), encoding)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return "".join(_decoded_line(line, encoding) for line in data.splitlines(keepends=True))


def _decoded_line(line: bytes, encoding: str) -> str:
    for known in (encoding, "utf-8"):
        try:
            return line.decode(known)
        except UnicodeDecodeError:
            continue
    try:
        return decode_page(line).text
    except DecodeError:
        return line.decode(encoding, "replace")
