"""Where the files of an archive lie beside its database."""

from __future__ import annotations

import os
from pathlib import Path

from unioncrawl.archive.database import archive_url

CAPTURES = "captures"


def captures_folder(address: str) -> Path:
    """The folder of an archive's WARC files.

    ``UNIONCRAWL_CAPTURES`` in the environment names it, as for the crawl;
    otherwise it lies beside a SQLite file, else under ``data``.

    >>> captures_folder("data/archive.db")
    PosixPath('data/captures')
    >>> captures_folder("postgresql://host/news")
    PosixPath('data/captures')
    """
    named = os.environ.get("UNIONCRAWL_CAPTURES")
    if named:
        return Path(named)
    url = archive_url(address)
    if url.get_backend_name() == "sqlite" and url.database:
        return Path(url.database).parent / CAPTURES
    return Path("data") / CAPTURES
