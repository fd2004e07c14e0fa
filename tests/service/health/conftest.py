"""An empty archive, into which runs are written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.health.invented_runs import InventedRuns
from unioncrawl.archive.store import Archive


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[InventedRuns]:
    """An archive without runs."""
    with Archive.open(str(tmp_path / "archive.db")) as archive:
        yield InventedRuns(archive)
