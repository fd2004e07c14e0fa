"""An empty archive, into which runs are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import archive_at, copy_archive
from tests.service.health.invented_runs import InventedRuns
from unioncrawl.archive.store import Archive


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An archive without runs, made once: making one takes half a second."""
    path = archive_at(tmp_path_factory.mktemp("empty") / "archive.db")
    Archive.open(path).close()
    return path


@pytest.fixture
def runs(tmp_path: Path, empty_archive: str) -> Iterator[InventedRuns]:
    """An archive without runs."""
    copied = copy_archive(empty_archive, tmp_path / "archive.db")
    with Archive.open(copied) as archive:
        yield InventedRuns(archive)
