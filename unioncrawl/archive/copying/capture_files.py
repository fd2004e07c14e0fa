"""Copy the WARC files that an archive names into another folder, and compare what arrived."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from unioncrawl.archive.capture_folder import capture_file
from unioncrawl.archive.captures.warc_reader import refuse_missing
from unioncrawl.archive.schema import capture
from unioncrawl.errors import ArchiveError

_BLOCK_BYTES = 1 << 20


@dataclass(slots=True)
class CopiedFiles:
    """What became of the files: copied now, or there already with the same bytes."""

    folder: str
    copied: int = 0
    present: int = 0
    file_bytes: int = 0


def capture_names(connection: Connection) -> list[str]:
    """Return the names of an archive's files of captures."""
    query = select(capture.c.file).where(capture.c.file != "").distinct().order_by(capture.c.file)
    return list(connection.execute(query).scalars())


def copy_captures(
    connection: Connection, folders: tuple[Path, Path], advance: Callable[[int], None]
) -> CopiedFiles:
    """Copy the files of an archive from one folder to the other; no other file is overwritten.

    Each is read again where it arrived, and its SHA-256 compared. Raises `ArchiveError` when one is
    missing, when another file has its name, or when it arrived otherwise.
    """
    source, target = folders
    names = capture_names(connection)
    refuse_missing(source, names)
    target.mkdir(parents=True, exist_ok=True)
    done = CopiedFiles(str(target))
    for name in names:
        ours, theirs = capture_file(source, name), capture_file(target, name)
        if _is_there(ours, theirs):
            done.present += 1
        else:
            put_file(ours, theirs)
            done.copied += 1
        done.file_bytes += theirs.stat().st_size
        advance(1)
    return done


def put_file(source: Path, path: Path) -> None:
    """Copy a file so that it is there whole or not at all, also after a power cut.

    Raises `ArchiveError` when the bytes that arrived are not those that were read.
    """
    part = path.with_name(f".{path.name}.part")
    digest = hashlib.sha256()
    with source.open("rb") as read, part.open("wb") as written:
        while block := read.read(_BLOCK_BYTES):
            digest.update(block)
            written.write(block)
        written.flush()
        os.fsync(written.fileno())
    if file_digest(part) != digest.hexdigest():
        raise ArchiveError(
            f"{source} did not arrive in {path.parent} as it is.",
            next_step="Check the disk, and run the same again.",
            stage="archive",
        )
    part.replace(path)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_there(ours: Path, theirs: Path) -> bool:
    """Whether a file is there already; one that a crawl has written on since is copied again."""
    if not theirs.exists():
        return False
    size, now = theirs.stat().st_size, ours.stat().st_size
    if size > now or _digest_of_start(ours, size) != file_digest(theirs):
        raise ArchiveError(
            f"{theirs} is another file.",
            next_step="Move it away, or name an empty folder, and run the same again.",
            stage="archive",
        )
    return size == now


def _digest_of_start(path: Path, size: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while size > 0 and (block := file.read(min(size, _BLOCK_BYTES))):
            digest.update(block)
            size -= len(block)
    return digest.hexdigest()
