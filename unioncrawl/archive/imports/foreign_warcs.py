"""Read WARC and WACZ files of any archiver, past what is damaged in them."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from unioncrawl.archive.captures.record_ends import (
    GZIP_MAGIC,
    GZIP_MEMBER,
    end_of_record,
    is_packed_as_one,
    unpacked_pieces,
)
from unioncrawl.archive.captures.warc_reader import RECORD_DAMAGE, Captured, captured_page
from unioncrawl.errors import FileUnreadable, UnpacksTooLarge
from unioncrawl.guard.bounds import UNPACK_FREE_BYTES, UNPACK_RATIO

_ZIP_MAGIC, _WARC_MAGIC = b"PK\x03\x04", b"WARC/"
_SEARCHED_BYTES = 1 << 20
_HEAD_BYTES = 512
# How a file of captures in an unsupported form begins; its form; what to do.
_UNREAD = (
    (
        b"filedesc://",
        "an ARC file, the format before WARC",
        "Make it a WARC file: warcio recompress OLD.arc.gz NEW.warc.gz (pip install warcio).",
    ),
    (b"\x28\xb5\x2f\xfd", "packed by zstandard", "Unpack it first: zstd -d FILE."),
    (b"\x5d\x2a\x4d\x18", "packed by zstandard with a dictionary", "Unpack it first: zstd -d FILE."),
)


def holds_captures(path: Path) -> bool:
    """Whether a file is WARC (packed or not) or a ZIP, as WACZ is: by its content, or by its name.

    Raises `FileUnreadable` for captures in an unsupported form.
    """
    with path.open("rb") as file:
        start = file.read(_HEAD_BYTES)
    if start.startswith(GZIP_MAGIC):
        with suppress(zlib.error):
            start = zlib.decompressobj(GZIP_MEMBER).decompress(start, _HEAD_BYTES)
    for magic, what, remedy in _UNREAD:
        if start.startswith(magic):
            raise FileUnreadable(f"{path} is {what}.", next_step=remedy, stage="archive")
    named = path.name.lower().endswith((".warc", ".warc.gz", ".wacz"))
    return named or start.startswith((_WARC_MAGIC, _ZIP_MAGIC))


@contextmanager
def warc_files(path: Path, damage: list[str]) -> Iterator[list[Path]]:
    """The WARC files of a file: itself, or those of a WACZ (unpacked for the time being).

    A WARC that was packed by gzip as one piece is unpacked too, as far as it
    goes. What can't be unpacked within the bounds is reported in ``damage``.
    Raises `FileUnreadable` for a ZIP file without WARC files.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if zipfile.is_zipfile(path):
            yield [_readable(one, folder, damage) for one in _of_package(path, folder, damage)]
        else:
            yield [_readable(path, folder, damage)]


def _of_package(path: Path, folder: Path, damage: list[str]) -> Iterator[Path]:
    with zipfile.ZipFile(path) as package:
        members = [one for one in package.infolist() if one.filename.lower().endswith((".warc", ".warc.gz"))]
        if not members:
            raise FileUnreadable(
                f"{path} is a ZIP file without WARC files.",
                next_step="Give WARC, WACZ, CSV, JSON, JSONL or SQLite; save a workbook as CSV first.",
                stage="archive",
            )
        for number, member in enumerate(sorted(members, key=lambda one: one.filename)):
            unpacked = folder / f"{number}-{Path(member.filename).name}"
            try:
                with package.open(member) as source:
                    _write_within(_pieces(source), unpacked, member.compress_size)
            # What zipfile raises for a damaged member, an unknown packer, a password.
            except (
                OSError,
                ValueError,
                zlib.error,
                zipfile.BadZipFile,
                NotImplementedError,
                RuntimeError,
            ) as error:
                damage.append(f"{member.filename}: {error}")
            yield unpacked


def _pieces(source: IO[bytes]) -> Iterator[bytes]:
    while piece := source.read(_SEARCHED_BYTES):
        yield piece


def _write_within(pieces: Iterable[bytes], target: Path, packed_bytes: int) -> None:
    """Write what was unpacked, as far as it goes. Raises `UnpacksTooLarge` where it outgrows its ratio."""
    most, written = max(UNPACK_FREE_BYTES, packed_bytes * UNPACK_RATIO.now()), 0
    with target.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            written += len(piece)
            if written > most:
                raise UnpacksTooLarge(
                    f"it unpacks to more than {most:,} bytes; only these are read ({UNPACK_RATIO.name})"
                )


def _readable(path: Path, folder: Path, damage: list[str]) -> Path:
    """The file, or its content where one gzip member holds several records, which have no place then."""
    if not is_packed_as_one(path):
        return path
    plain = folder / path.name.removesuffix(".gz")
    # What follows damage can't be unpacked; the reader finds where the records end.
    with path.open("rb") as source:
        try:
            _write_within(unpacked_pieces(source), plain, path.stat().st_size)
        except UnpacksTooLarge as error:
            damage.append(f"{path.name}: {error.message}")
    return plain


def read_past_damage(path: Path, damage: list[str], *, most_bytes: int | None = None) -> Iterator[Captured]:
    """Yield all responses of a WARC file; damage is reported in ``damage``, what follows is still read.

    With ``most_bytes`` longer records are passed over, unread. Raises `FileUnreadable`
    when no record can be read.
    """
    start, last, size = 0, -1, path.stat().st_size
    while 0 <= start < size or last < 0:
        reached, problem = -1, ""
        try:
            for record in _records(path, start):
                last = reached = record.stream_pos
                if most_bytes is None or record.content_length <= most_bytes:
                    captured = captured_page(record)
                    if captured is not None:
                        yield captured
        except RECORD_DAMAGE as error:
            problem = str(error) or type(error).__name__
        start = _go_on(path, max(reached, start), (reached >= 0, problem), damage)
        if last < 0 and start < 0:
            raise FileUnreadable(
                f"{path} can't be read as WARC: {problem or 'no record is in it'}.",
                next_step="Check the file with warcio check.",
                stage="archive",
            )


def _go_on(path: Path, position: int, how: tuple[bool, str], damage: list[str]) -> int:
    """Return where to read on after the reader stopped at a position; -1 at the end.

    The reader may stop at a sound record that it could not parse, and says
    nothing at one that is cut off.
    """
    is_record, problem = how
    end = end_of_record(path, position) if is_record else None
    if problem or end is None:
        what = f"damaged after byte {position}: {problem or 'a record is cut off'}"
        # Attempts that find no record belong to the damage reported before.
        if is_record or not damage:
            damage.append(what)
    return _next_record(path, position + 1) if end is None else end


def _records(path: Path, start: int) -> Iterator[Any]:
    with path.open("rb") as file:
        file.seek(start)
        yield from ArchiveIterator(file, record_types=WarcRecordType.any_type, parse_http=False)


def read_again(path: Path, offset: int) -> Captured | None:
    """Return the page of a record that was read before."""
    return captured_page(next(_records(path, offset)))


def _next_record(path: Path, position: int) -> int:
    """Return where the next record may begin, at the mark of a gzip member or a WARC header; else -1."""
    with path.open("rb") as file:
        mark = GZIP_MAGIC if file.read(len(GZIP_MAGIC)) == GZIP_MAGIC else b"WARC/1."
        file.seek(position)
        before = b""
        while block := file.read(_SEARCHED_BYTES):
            found = (before + block).find(mark)
            if found >= 0:
                return position - len(before) + found
            position += len(block)
            before = block[-len(mark) + 1 :]
    return -1
