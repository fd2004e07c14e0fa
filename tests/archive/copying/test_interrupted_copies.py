"""A server that goes away and a disk that is full: the same copy goes on when they are there again."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.archive.conftest import Templates
from tests.archive.copying.conftest import fill_whole
from tests.archive.copying.test_copy_archive import AtStage
from tests.postgres import running_postgres
from unioncrawl.archive.copying.compare_archives import compare_archives
from unioncrawl.archive.copying.copy_archive import copy_archive
from unioncrawl.archive.copying.watcher import Unwatched
from unioncrawl.archive.database import archive_url
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnfinished, ArchiveUnwritable

# psycopg can't close a cursor whose connection is lost, and says so when it is collected.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
# The journal has 870 kB when the tables are made, and 1,526 kB when the rows are there.
_MORE_THAN_THE_TABLES_BYTES = 1_200_000


@pytest.mark.parametrize("stage", ["copying", "comparing every row", "indexing"])
def test_a_server_that_goes_away_is_gone_on_with(templates: Templates, tmp_path: Path, stage: str) -> None:
    """Each connection is lost at a stage: the error names the server, the next call completes the copy."""
    source = templates.copy("sqlite", tmp_path / "source.db", fill_whole)
    with running_postgres() as server:
        target = f"{server.url}postgres"
        with pytest.raises(ArchiveUnwritable, match="database server of"):
            copy_archive(source, target, watcher=AtStage(stage, server.stop))
        server.start()
        with pytest.raises(ArchiveUnfinished):
            Archive.open(target)
        assert copy_archive(source, target).is_complete
        assert compare_archives(source, target, Unwatched()).is_same


def test_a_source_that_goes_away_is_named(templates: Templates, tmp_path: Path, postgres_url: str) -> None:
    """The server of the source ends the connection, as an administrator does; the next call goes on."""
    source = templates.copy("postgresql", tmp_path / "source.db", fill_whole)
    target = str(tmp_path / "target.db")

    def end_connections() -> None:
        engine = create_engine(archive_url(postgres_url), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            name = archive_url(source).database
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            connection.execute(text(ended), {"name": name})
        engine.dispose()

    with pytest.raises(ArchiveUnwritable, match="database server of"):
        copy_archive(source, target, watcher=AtStage("comparing every row", end_connections))
    report = copy_archive(source, target)
    assert (report.is_complete, report.is_resumed) == (True, True)


@contextmanager
def _no_file_grows_beyond(number_of_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number_of_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_what_can_be_gone_on_with(templates: Templates, tmp_path: Path) -> None:
    """The file can't grow any more in the middle of the rows; when it can, the copy is completed."""
    source, target = templates.copy("sqlite", tmp_path / "source.db", fill_whole), str(tmp_path / "target.db")
    with _no_file_grows_beyond(_MORE_THAN_THE_TABLES_BYTES), pytest.raises(ArchiveUnwritable):
        copy_archive(source, target)
    with pytest.raises(ArchiveUnfinished):
        Archive.open(target)
    report = copy_archive(source, target)
    assert (report.is_complete, report.is_resumed) == (True, True)
    assert compare_archives(source, target, Unwatched()).is_same
