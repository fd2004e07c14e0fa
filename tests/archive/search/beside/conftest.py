"""Archives with an index beside the database."""

from __future__ import annotations

from pathlib import Path

import pytest

from unioncrawl.archive.search.index.beside.chosen_index import INDEX_SETTING


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the index that every archive opened from now on has."""
    monkeypatch.setenv(INDEX_SETTING, f"tantivy:{tmp_path / 'index'}")
    return tmp_path / "index"
