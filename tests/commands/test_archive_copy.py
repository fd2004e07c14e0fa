from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.commands.run_command import run, run_json
from unioncrawl.archive.copying import copy_archive
from unioncrawl.archive.service_tables import LASTING_TABLES
from unioncrawl.cli import app


def _call(*arguments: str, expected: int = 0) -> str:
    result = CliRunner().invoke(app, ["archive", *arguments])
    assert result.exit_code == expected, (result.output, result.exception)
    return result.output


def test_a_copy_says_what_was_written_compared_and_left(reprinted: str, tmp_path: Path) -> None:
    """Rows, the comparison, the index, where the captures are; then both answer alike."""
    target = str(tmp_path / "new" / "archive.db")
    said = _call("copy", reprinted, target)
    assert f"rows written into {target}" in said
    assert f"in {len(LASTING_TABLES)} tables, each with the same values in both" in said
    assert "its search index was built from these texts, and holds 2 articles" in said
    assert run_json(target, "search", "清凉") == run_json(reprinted, "search", "清凉")
    assert "each with the same values in both" in _call("compare", reprinted, target)
    assert "is an archive already" in str(
        CliRunner().invoke(app, ["archive", "copy", reprinted, target]).exception
    )


def test_json_names_each_table_with_its_digests(reprinted: str, tmp_path: Path) -> None:
    """A program reads what was compared, what was left out and whether the copy is complete."""
    answer = json.loads(_call("copy", reprinted, str(tmp_path / "new.db"), "--json"))
    assert (answer["is_complete"], answer["is_same"], answer["left_out"]) == (True, True, [])
    assert len(answer["tables"]) == len(LASTING_TABLES)
    assert all(one["source_digest"] == one["target_digest"] for one in answer["tables"])


def test_a_difference_is_named_and_ends_with_1(reprinted: str, tmp_path: Path) -> None:
    """Each table that differs is named with rows and columns, on stderr."""
    target = tmp_path / "new.db"
    _call("copy", reprinted, str(target))
    with sqlite3.connect(target) as connection:
        connection.execute("UPDATE article SET hits = 7 WHERE id = 1")
    connection.close()
    said = _call("compare", reprinted, str(target), expected=1)
    assert "article: 2 rows and 2, 1 differ" in said
    assert "article 1: hits differ" in said
    assert json.loads(_call("compare", reprinted, str(target), "--json", expected=1))["is_same"] is False


def test_a_stopped_copy_opens_for_nothing_else(
    reprinted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends with 130 and the next step; each other command says what to run, and that completes it."""
    target = str(tmp_path / "new.db")

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(copy_archive, "build_index", stop)
        assert "run the same command to go on" in _call("copy", reprinted, target, expected=130)
    for command in (
        ("stats",),
        ("search", "清凉"),
        ("verify",),
        ("export",),
        ("backup", str(tmp_path / "b")),
    ):
        refused = str(run(target, *command, expected=1).exception)
        assert "is not complete" in refused
        assert f"unioncrawl archive copy {reprinted} {target}" in refused
    assert "went on with the copy: 0 rows written" in _call("copy", reprinted, target)
    assert run_json(target, "verify")["sound"] is True


def test_captures_are_copied_when_a_folder_is_named(reprinted: str, tmp_path: Path) -> None:
    """Without --captures nothing is looked at; --captures-from needs it."""
    assert "--captures-from" in _call(
        "copy", reprinted, str(tmp_path / "new.db"), "--captures-from", str(tmp_path), expected=2
    )
    said = _call("copy", reprinted, str(tmp_path / "new.db"), "--captures", str(tmp_path / "captures"))
    assert "each compared by SHA-256" in said
