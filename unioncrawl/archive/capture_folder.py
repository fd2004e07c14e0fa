"""Where the files of an archive lie beside its database."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath

from unioncrawl.archive.database import archive_url, is_file
from unioncrawl.errors import ArchiveError, ArchiveUnwritable
from unioncrawl.guard.rights import no_right_to_write

CAPTURES = "captures"
# The one setting that moves the captures, for crawls and for all commands.
CAPTURES_SETTING = "UNIONCRAWL_CAPTURES"
ARCHIVE_SETTING = "UNIONCRAWL_ARCHIVE"


def captures_folder(address: str) -> Path:
    """The folder of an archive's WARC files, for every command and for the crawl.

    ``UNIONCRAWL_CAPTURES`` in the environment names it; otherwise it lies beside a SQLite
    file, else under ``data``.

    >>> captures_folder("data/archive.db")
    PosixPath('data/captures')
    >>> captures_folder("sqlite:///工会/archive.db")
    PosixPath('工会/captures')
    >>> captures_folder("postgresql://host/news")
    PosixPath('data/captures')
    """
    named = os.environ.get(CAPTURES_SETTING)
    if named:
        return Path(named)
    url = archive_url(address)
    if is_file(url):
        return Path(str(url.database)).parent / CAPTURES
    return Path("data") / CAPTURES


def crawl_captures(settings: Mapping[str, object]) -> Path | None:
    """The folder in which a crawl with these settings keeps its WARC files.

    ``None`` where ``UNIONCRAWL_CAPTURES`` is empty: the crawl keeps none.

    >>> crawl_captures({"UNIONCRAWL_ARCHIVE": "a/archive.db", "UNIONCRAWL_CAPTURES": None})
    PosixPath('a/captures')
    >>> crawl_captures({"UNIONCRAWL_ARCHIVE": "a/archive.db", "UNIONCRAWL_CAPTURES": ""})
    """
    named = settings.get(CAPTURES_SETTING)
    if named is None:
        return captures_folder(str(settings[ARCHIVE_SETTING]))
    return Path(str(named)) if named else None


def capture_file(folder: Path, name: str) -> Path:
    """Return the path of a file of captures that the archive names; every room asks for it here.

    A database may come from elsewhere, or be changed by another program: a name that leads out of the
    folder is not followed. Raises `ArchiveError` for it.

    >>> capture_file(Path("captures"), "linxi-1-00001.warc.gz")
    PosixPath('captures/linxi-1-00001.warc.gz')
    >>> capture_file(Path("captures"), "../../etc/passwd")
    Traceback (most recent call last):
    ...
    unioncrawl.errors.ArchiveError: archive: the captures' file '../../etc/passwd' is not in their folder...
    """
    # A file of captures lies in the folder itself. What Windows takes for a path is none on any system.
    is_plain = PurePosixPath(name).name == PureWindowsPath(name).name == name
    if not is_plain or name in ("", "..") or "\0" in name:
        raise ArchiveError(
            f"the captures' file {name!r} is not in their folder.",
            next_step="Run unioncrawl verify: the archive was changed by another program.",
            stage="archive",
        )
    return folder / name


def refuse_unwritable(files: Iterable[Path]) -> None:
    """Raise `ArchiveUnwritable` when this user may not change one of these files of captures."""
    unwritten = no_right_to_write(files)
    if unwritten is not None:
        raise ArchiveUnwritable(
            f"{unwritten}.", next_step="Grant write access, or run this as the owner.", stage="archive"
        )
