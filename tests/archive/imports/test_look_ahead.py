from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from sqlalchemy import event

from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.imports import take_in
from unioncrawl.archive.imports.column_mapping import read_mapping
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table
from unioncrawl.archive.store import Archive

_BODY = "第{}篇：市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全{}。"


def _imported(archive: Archive, path: Path, numbers: list[int]) -> dict[str, int]:
    """Import a table whose rows are articles of these numbers; return what became of its rows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("url", "title", "body_text"))
        for number in numbers:
            writer.writerow(
                (f"http://x.cn/{number}.html", f"题{number}", _BODY.format(number, "！" * number))
            )
    report = ImportReport()
    how = TableImport(read_mapping(None, "x"))
    import_table(path, how, Destination(archive, archive.begin_run("import", {})), report)
    archive.flush()
    return dict(report.seen)


def test_rows_are_known_wherever_they_stand(archive: Archive, tmp_path: Path, monkeypatch: Any) -> None:
    """A row that is repeated, soon, later or by another import, is known; a withdrawn one is not taken."""
    monkeypatch.setattr(take_in, "_PIECE_ROWS", 7)
    monkeypatch.setattr(take_in, "_REMEMBERED", 10)
    path = tmp_path / "old.csv"
    numbers = [number for start in range(40) for number in (start, start)]
    assert _imported(archive, path, [*numbers, 0, 20, 39]) == {"article": 40, "known": 43}
    take_down(archive.engine, tmp_path, "http://x.cn/3.html", "当事人要求")
    assert _imported(archive, path, [*range(50)]) == {"known": 39, "withdrawn": 1, "article": 10}


def test_new_rows_are_not_asked_for_one_by_one(any_archive: str, tmp_path: Path) -> None:
    """The questions to the archive grow with the pieces of the table, not with its rows."""
    asked: list[str] = []
    with Archive.open(any_archive, batch_age_seconds=1e9) as archive:
        event.listen(archive.engine, "begin", lambda _: asked.append("begin"))
        assert _imported(archive, tmp_path / "few.csv", [*range(20)]) == {"article": 20}
        few = len(asked)
        asked.clear()
        assert _imported(archive, tmp_path / "many.csv", [*range(100, 290)]) == {"article": 190}
        assert len(asked) <= few + 1


def test_new_rows_are_not_asked_for_after_those_before_are_written(
    any_archive: str, tmp_path: Path, monkeypatch: Any
) -> None:
    """What is remembered of the rows is forgotten within a piece, and the rest of it is new all the same."""
    monkeypatch.setattr(take_in, "_REMEMBERED", 50)
    asked: list[str] = []
    with Archive.open(any_archive) as archive:
        event.listen(archive.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert _imported(archive, tmp_path / "many.csv", [*range(190)]) == {"article": 190}
    assert not [statement for statement in asked if "withdrawn_at IS NOT NULL" in statement]
