from __future__ import annotations

from pathlib import Path

from tests.commands.run_command import run, run_json
from tests.databases import archive_at


def test_care_from_backup_to_takedown(reprinted: str, tmp_path: Path) -> None:
    """Verify, back up, vacuum, take down, and restore what was before."""
    assert run_json(reprinted, "verify") == {"sound": True, "findings": []}
    run(reprinted, "backup", str(tmp_path / "backup"))
    run(reprinted, "vacuum", "--reindex", "--regroup", "--drop-captures-before", "2020")
    run(reprinted, "takedown", "1", "--reason", "当事人要求", expected=1)
    run(reprinted, "takedown", "1", "--reason", "当事人要求", "--yes")
    assert run_json(reprinted, "search", "清凉")["total"] == 1
    restored = archive_at(tmp_path / "restored" / "archive.db")
    run(restored, "restore", str(tmp_path / "backup"))
    assert run_json(restored, "search", "清凉")["total"] == 2
    assert run_json(restored, "verify")["sound"] is True
