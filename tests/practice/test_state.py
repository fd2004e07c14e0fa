"""What the practice sites remember."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from unioncrawl.errors import UnioncrawlError
from unioncrawl.practice.state import State


def test_counts_are_written_at_once_and_whole(tmp_path: Path) -> None:
    """After each visit the file is valid JSON, and no other file stays beside it."""
    file = tmp_path / "deep" / "state.json"
    state = State(file)
    assert state.count_hit("a/1", 10) == 11
    assert json.loads(file.read_text())["hits"] == {"a/1": 11}
    assert [path.name for path in file.parent.iterdir()] == ["state.json"]
    assert State(file).hits("a/1", 10) == 11


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"hits": 3}', '{"hits": {"a": "b"}}', '{"hits": {"a": true}}']
)
def test_foreign_file_is_refused_and_kept(tmp_path: Path, content: str) -> None:
    """A file that is not a memory of the sites is named and not overwritten."""
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(UnioncrawlError, match=r"state\.json .*--state"):
        State(file)
    assert file.read_text() == content


def test_unwritten_memory_ends_with_the_state() -> None:
    """Without a file nothing is kept."""
    assert State().count_hit("a/1", 3) == 4
    assert State().hits("a/1", 3) == 3
