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


def test_columns_that_fill_no_field_are_named(reprinted: str, tmp_path: Path) -> None:
    """A date under another name is not read as one, and the import says so; what is read is not named."""
    (tmp_path / "old.csv").write_text(
        "title,body_text,published_at\n临溪工会送清凉,市总工会慰问职工。,2024-04-08\n", "utf-8"
    )
    command = ["import", str(tmp_path / "old.csv"), "--site", "old"]
    assert run_json(reprinted, *command, "--dry-run")["unread"] == {"old.csv": ["published_at"]}
    assert "old.csv: no field takes published_at; " in run(reprinted, *command).stderr
    (tmp_path / "old.csv").write_text("title,body_text\n临溪工会送清凉,市总工会慰问职工。\n", "utf-8")
    assert run_json(reprinted, *command, "--dry-run")["unread"] == {}


def test_rows_with_columns_of_their_own_are_all_looked_at(reprinted: str, tmp_path: Path) -> None:
    """A column that only a later row has is named too, and one that holds nothing is not."""
    rows = [{"title": "临溪工会送清凉", "body_text": "市总工会慰问职工。", "备注": ""}]
    rows.append({"title": "临溪工会送温暖", "body_text": "市总工会走访职工。", "日期": "2024-04-08"})
    (tmp_path / "old.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    said = run_json(reprinted, "import", str(tmp_path / "old.jsonl"), "--site", "old", "--dry-run")
    assert said["unread"] == {"old.jsonl": ["日期"]}
