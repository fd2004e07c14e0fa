"""An empty archive, into which runs are written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.health.invented_runs import InventedRuns
from unioncrawl.archive.store import Archive


@pytest.fixture(scope="session")
def empty_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive without runs, made once: making one takes half a second."""
    path = tmp_path_factory.mktemp("empty") / "archive.db"
    Archive.open(str(path)).close()
    return path


@pytest.fixture
def runs(tmp_path: Path, empty_archive: Path) -> Iterator[InventedRuns]:
    """An archive without runs."""
    copied = shutil.copyfile(empty_archive, tmp_path / "archive.db")
    with Archive.open(str(copied)) as archive:
        yield InventedRuns(archive)
