from __future__ import annotations

import json
from pathlib import Path

from tests.commands.run_command import run


def test_verify_fails_loudly(reprinted: str, tmp_path: Path) -> None:
    """Something wrong is exit code 1 and says what to do."""
    (tmp_path / "data" / "captures").mkdir()
    (tmp_path / "data" / "captures" / "left.warc.gz").write_bytes(b"")
    result = run(reprinted, "verify", expected=1)
    assert "left.warc.gz" in result.stdout
    assert "unioncrawl import" in result.stdout


def test_verify_shows_a_torn_database_to_machines_too(reprinted: str) -> None:
    """A database that can't even be opened is a finding, in JSON as in words."""
    path = Path(reprinted)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    report = json.loads(run(reprinted, "verify", "--json", expected=1).stdout)
    assert report["sound"] is False
    assert report["findings"][0]["check"] == "database"
    assert "restore" in report["findings"][0]["next_step"]
