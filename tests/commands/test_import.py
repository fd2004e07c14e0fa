from __future__ import annotations

import json
from pathlib import Path

from tests.commands.run_command import run, run_json


def test_import_reports_changes(reprinted: str, tmp_path: Path) -> None:
    """A dry run writes nothing; a real one stores the rows and the report."""
    (tmp_path / "old.jsonl").write_text(
        json.dumps({"title": "總工會(huì)送溫暖", "body_text": "工會(huì)慰問"})
    )
    command = ["import", str(tmp_path / "old.jsonl"), "--site", "old"]
    assert run_json(reprinted, *command, "--dry-run")["written"] is False
    assert run_json(reprinted, "stats")["articles"] == 2
    run(reprinted, *command, "--report", str(tmp_path / "changes.csv"))
    assert run_json(reprinted, "stats")["articles"] == 3
    assert "总工会送温暖" in (tmp_path / "changes.csv").read_text("utf-8-sig")
