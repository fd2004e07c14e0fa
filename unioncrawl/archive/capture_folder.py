"""Where the files of an archive lie beside its database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from unioncrawl.archive.database import archive_url, is_file

CAPTURES = "captures"
# The one setting that moves the captures, for crawls and for all commands.
CAPTURES_SETTING = "UNIONCRAWL_CAPTURES"
_ARCHIVE_SETTING = "UNIONCRAWL_ARCHIVE"


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
        return captures_folder(str(settings[_ARCHIVE_SETTING]))
    return Path(str(named)) if named else None
