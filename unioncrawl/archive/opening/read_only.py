"""Open an archive to read it, as a notebook does: nothing in it can be changed."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection, Engine

from unioncrawl.archive.database import (
    BUSY_TIMEOUT_SECONDS,
    archive_url,
    closed_on_error,
    shown_address,
    unreadable,
)
from unioncrawl.archive.exports.export import ExportRequest, export_rows
from unioncrawl.archive.migrations.upgrade import refuse_other_schema
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.stored_articles import count_all, find_article, load_articles
from unioncrawl.archive.read_file import read_only_engine
from unioncrawl.archive.search.answer import Order, SearchAnswer, SearchRequest, search
from unioncrawl.archive.search.index.beside.chosen_index import choose_index
from unioncrawl.archive.server.connecting import server_engine
from unioncrawl.archive.server.unfit import refuse_unfit
from unioncrawl.archive.write_failures import DATABASE_ERRORS, archive_error
from unioncrawl.errors import ArchiveError, ArchiveNotFound
from unioncrawl.model import Article

if TYPE_CHECKING:
    import pandas as pd

_TIMES = ("published_at", "fetched_at", "first_seen_at", "last_seen_at", "withdrawn_at", "vanished_at")
_WHOLE_NUMBERS = ("hits", "reprint_group")


def open_archive(address: str | os.PathLike[str]) -> ReadOnlyArchive:
    """Open a SQLite file or a database URL to read it; use it as a context manager, or ``close`` it.

    Opening waits for no crawl that writes, brings no schema up to date and makes no file.
    Raises `ArchiveNotFound` when there is no archive, `ArchiveTooNew` when a newer
    version wrote it, `ArchiveError` when an older one did or the file is not an archive.
    """
    return ReadOnlyArchive(os.fspath(address))


class ReadOnlyArchive:
    """An archive of union news that is read and never changed."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._engine = _open(address)
        self._was_read = False
        with closed_on_error(self._engine):
            choose_index(self._engine)
            with self.connected() as connection:
                refuse_unfit(connection)
                refuse_other_schema(connection, shown_address(address))
        self._was_read = True

    def search(
        self, query: str, *, limit: int = 20, offset: int = 0, order: Order = "newest", facets: bool = False
    ) -> SearchAnswer:
        """Find articles by the query language of ``unioncrawl search``.

        Raises `QueryError` when the query cannot be read.
        """
        request = SearchRequest(query=query, limit=limit, offset=offset, order=order, facets=facets)
        with self.connected() as connection:
            return search(connection, request)

    def article(self, id_or_url: int | str) -> Article:
        """Return an article as the archive has it now, by its number or any of its addresses.

        Nothing is masked. Raises `ArticleNotFound`.
        """
        with self.connected() as connection:
            (stored,) = load_articles(connection, [find_article(connection, str(id_or_url))])
        return stored.record

    def history(self, id_or_url: int | str) -> dict[str, Any]:
        """Return what ``unioncrawl show --json`` prints: revisions, observations, captures, repair steps.

        Raises `ArticleNotFound`.
        """
        with self.connected() as connection:
            return full_record(connection, str(id_or_url))

    def counts(self) -> dict[str, int]:
        """Return how many sites, articles, revisions, observations, captures and rejections there are."""
        with self.connected() as connection:
            return count_all(connection)

    def to_pandas(self, query: str = "", *, unmasked: bool = False) -> pd.DataFrame:
        """Return a row for each article that a query finds, by rising number.

        The columns are those of ``unioncrawl export`` (docs/fields.md). Times have the zone
        of China, numbers that are not known are ``<NA>``. Phone and identity numbers in
        texts are masked, as in an export, unless ``unmasked``.

        Raises `QueryError`; `ArchiveError` when pandas is not installed.
        """
        frames = _pandas()
        with self.connected() as connection:
            rows = list(export_rows(connection, ExportRequest(query=query, unmasked=unmasked)))
        return _typed(frames.DataFrame.from_records(rows, index="id" if rows else None), frames)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def connected(self) -> Iterator[Connection]:
        """A connection whose transaction reads one state of the archive.

        Raises `ArchiveError` where the database cannot be read, `ArchiveUnwritable` while its server is away.
        """
        try:
            with self._engine.connect() as connection:
                yield connection
        except DATABASE_ERRORS as error:
            if self._was_read and self._engine.dialect.name != "sqlite":
                raise archive_error(error, self._engine) from error
            raise unreadable(error, self._engine, self.address) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        counts, shown = self.counts(), shown_address(self.address)
        return f"<archive {shown}: {counts['articles']} articles of {counts['sites']} sites, read-only>"


def _open(address: str) -> Engine:
    url = archive_url(address)
    if url.get_backend_name() != "sqlite":
        return server_engine(url, BUSY_TIMEOUT_SECONDS, only_reads=True)
    path = Path(str(url.database))
    if not path.is_file():
        raise ArchiveNotFound(
            f"there is no archive at {path}.",
            next_step="Crawl first (unioncrawl crawl), or give another address.",
            stage="archive",
        )
    return read_only_engine(path, BUSY_TIMEOUT_SECONDS)


def _pandas() -> Any:  # noqa: ANN401 - a module
    try:
        return importlib.import_module("pandas")
    except ImportError as error:
        raise ArchiveError(
            "a table needs pandas, which is not installed.",
            next_step="pip install 'unioncrawl[pandas]', or take search() and article().",
            stage="archive",
        ) from error


def _typed(table: pd.DataFrame, frames: Any) -> pd.DataFrame:  # noqa: ANN401 - a module
    """Give times and whole numbers their types; an empty table has no columns to type."""
    for name in _TIMES:
        if name in table:
            times = frames.to_datetime(table[name], format="ISO8601", utc=True)
            table[name] = times.dt.tz_convert("Asia/Shanghai")
    for name in _WHOLE_NUMBERS:
        if name in table:
            table[name] = table[name].astype("Int64")
    return table
