"""Back an archive up while it is in use, with its captures, and bring it back.

A backup is a folder: ``archive.db`` (SQLite, whatever the archive was in),
``captures/`` and ``manifest.json`` with every file's size and SHA-256. It is
made under a temporary name and renamed once it is whole and verified.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select

from unioncrawl._layout import __version__
from unioncrawl.archive.capture_folder import CAPTURES, capture_file
from unioncrawl.archive.captures.warc_reader import refuse_missing
from unioncrawl.archive.care.vacuum import reindex
from unioncrawl.archive.copying.capture_files import capture_names, file_digest, put_file
from unioncrawl.archive.database import writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.read_file import BESIDE
from unioncrawl.archive.schema import SCHEMA_VERSIONS
from unioncrawl.archive.service_tables import LASTING_TABLES
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveError

_DATABASE, _MANIFEST = "archive.db", "manifest.json"
_BATCH = 500


def back_up(engine: Engine, captures: Path, target: Path) -> dict[str, Any]:
    """Make a backup in the folder ``target``, which must not exist; return its manifest.

    The database is copied as of one moment, while writers go on; then the files
    of its captures. Raises `ArchiveError` when the copy doesn't verify.
    """
    if target.exists():
        raise ArchiveError(f"{target} already exists.", next_step="Name a new folder for the backup.")
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    with engine.connect() as connection:
        refuse_missing(captures, capture_names(connection))
    part.mkdir(parents=True)
    _copy_database(engine, part / _DATABASE)
    _copy_captures(part / _DATABASE, captures, part / CAPTURES)
    _check(part)
    manifest = _describe(part)
    (part / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")
    part.rename(target)
    return manifest


def _copy_database(engine: Engine, path: Path) -> None:
    if engine.dialect.name == "sqlite":
        source = engine.raw_connection()
        copy = sqlite3.connect(path)
        try:
            source.driver_connection.backup(copy, pages=4096, sleep=0.01)  # type: ignore[union-attr] # SQLite's
            copy.execute("PRAGMA journal_mode=DELETE")
        finally:
            copy.close()
            source.close()
        return
    copied = open_engine(str(path), create=True)
    try:
        copy_rows(engine, copied)
    finally:
        copied.dispose()


def copy_rows(source: Engine, target: Engine) -> None:
    """Copy every row of one archive into another, empty one, and build its index; any database.

    Raises `ArchiveError` when the target holds articles.
    """
    with writing(target) as written:
        _refuse_unless_empty(written)
        with source.connect().execution_options(isolation_level=_snapshot(source)) as read:
            for table in LASTING_TABLES:
                written.execute(delete(table))
                rows = read.execution_options(yield_per=_BATCH).execute(select(table)).mappings()
                for some in rows.partitions(_BATCH):
                    written.execute(insert(table), [dict(row) for row in some])
    reindex(target)


def _snapshot(engine: Engine) -> str:
    return "SERIALIZABLE" if engine.dialect.name == "sqlite" else "REPEATABLE READ"


def _refuse_unless_empty(connection: Connection) -> None:
    for table in LASTING_TABLES:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise ArchiveError("the archive to restore into is not empty.", next_step="Name a new one.")


def _copy_captures(database: Path, captures: Path, folder: Path) -> None:
    folder.mkdir()
    engine = open_engine(str(database), create=False)
    try:
        with engine.connect() as connection:
            for name in capture_names(connection):
                if (kept := capture_file(captures, name)).exists():
                    put_file(kept, folder / name)
    finally:
        engine.dispose()


def _check(folder: Path) -> None:
    engine = open_engine(str(folder / _DATABASE), create=False)
    try:
        found = next((one for one in verify(engine, folder / CAPTURES) if one.is_harm), None)
    finally:
        engine.dispose()
    for leftover in folder.glob(f"{_DATABASE}-*"):
        leftover.unlink()
    if found is not None:
        raise ArchiveError(
            f"the copy does not verify: {found.check}: {found.detail}.",
            next_step=f"Run unioncrawl verify on the archive; the copy is left in {folder}.",
            stage="archive",
        )


def _describe(folder: Path) -> dict[str, Any]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MANIFEST)
    return {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "unioncrawl": __version__,
        "schema": SCHEMA_VERSIONS[-1],
        "files": {
            path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": file_digest(path)}
            for path in files
        },
    }


def restore(backup: Path, address: str, captures: Path) -> int:
    """Restore a backup into an archive that does not exist yet; return how many files came with it.

    Raises `ArchiveError` when the backup has changed since it was made, or when the
    target exists; nothing is overwritten.
    """
    manifest = _checked_manifest(backup)
    names = [name for name in manifest["files"] if name.startswith(f"{CAPTURES}/")]
    for name in names:
        path = captures / Path(name).name
        if path.exists() and file_digest(path) != manifest["files"][name]["sha256"]:
            raise ArchiveError(f"{path} is another file.", next_step="Restore into an empty folder.")
    _refuse_existing(address)
    captures.mkdir(parents=True, exist_ok=True)
    for name in names:
        put_file(backup / name, captures / Path(name).name)
    # The database last: where it is, the restore came to its end.
    _restore_database(backup / _DATABASE, address)
    return len(names)


def _refuse_existing(address: str) -> None:
    """Refuse a place where an archive is, or where the journal of one was left, which SQLite would take."""
    if "://" in address:
        engine = open_engine(address, create=True)
        try:
            with engine.connect() as connection:
                _refuse_unless_empty(connection)
        finally:
            engine.dispose()
        return
    path = Path(address)
    for one in (path, *(path.with_name(path.name + ending) for ending in BESIDE)):
        if one.exists():
            raise ArchiveError(f"{one} already exists.", next_step="Move it away, or name another archive.")


def _checked_manifest(backup: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((backup / _MANIFEST).read_text())
        wrong = [
            name for name, entry in manifest["files"].items() if file_digest(backup / name) != entry["sha256"]
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArchiveError(
            f"{backup} is not a complete backup: {error}.",
            next_step="Name a folder that unioncrawl backup made.",
        ) from error
    if wrong:
        raise ArchiveError(
            f"{', '.join(wrong[:5])} in {backup} is not as it was backed up.", next_step="Use another backup."
        )
    return manifest


def _restore_database(database: Path, address: str) -> None:
    if "://" not in address:
        Path(address).parent.mkdir(parents=True, exist_ok=True)
        put_file(database, Path(address))
        return
    source, target = open_engine(str(database), create=False), open_engine(address, create=True)
    try:
        copy_rows(source, target)
    finally:
        source.dispose()
        target.dispose()
