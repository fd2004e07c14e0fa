from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from unioncrawl.archive.imports.column_mapping import read_mapping
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination, TableImport, import_table
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.schema import revision
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError

BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全。"
DAMAGED = "市總工會(huì)領導到一線慰問環衛職工，送去清涼飲料和防暑藥品，叮囑大家注意安全。"


def write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    """Write rows as CSV, JSON Lines or a table of SQLite, by the name of the file."""
    match path.suffix:
        case ".csv":
            lines = [",".join(rows[0]), *(",".join(f'"{value}"' for value in row.values()) for row in rows)]
            path.write_bytes("\r\n".join(lines).encode("gb18030"))
        case ".jsonl":
            path.write_text("\n".join(json.dumps(row) for row in rows))
        case _:
            connection = sqlite3.connect(path)
            connection.execute(f"CREATE TABLE news ({', '.join(rows[0])})")
            connection.executemany(
                "INSERT INTO news VALUES (?, ?, ?, ?)", [tuple(row.values()) for row in rows]
            )
            connection.commit()
            connection.close()


@pytest.mark.parametrize("name", ["old.csv", "old.jsonl", "old.db"])
def test_old_tables_are_repaired_and_reported(archive: Archive, tmp_path: Path, name: str) -> None:
    """Damaged text and text dates come out right; each changed row is reported, and keeps all its values."""
    rows = [
        {"标题": "市總工會(huì)送清涼", "正文": DAMAGED, "日期": "2024年4月8日", "编号": "7"},
        {"标题": "", "正文": "", "日期": "", "编号": "8"},
    ]
    write_rows(tmp_path / name, rows)
    (tmp_path / "map.toml").write_text(
        'site = "old"\n[fields]\ntitle = "标题"\nbody_text = "正文"\npublished_raw = "日期"\n'
    )
    report = ImportReport()
    mapping = read_mapping(tmp_path / "map.toml", "")
    number = archive.begin_run("import", {})
    how = TableImport(mapping, strict=True)
    import_table(tmp_path / name, how, Destination(archive, number), report)
    archive.flush()
    with archive.engine.connect() as connection:
        record = full_record(connection, "1")
    assert (record["site"], record["title"], record["body_text"]) == ("old", "市总工会送清凉", BODY)
    assert record["published_at"] == "2024-04-08T00:00:00+08:00"
    assert record["raw"]["body_text"] == DAMAGED
    assert record["raw"]["import:编号"] == "7"
    assert [one.row for one in report.rows if one.changes] == [1]
    assert [(one.row, one.problem) for one in report.rows if one.problem] == [(2, "rejected: no-title")]
    assert report.rows[0].changes["title"] == ("市總工會(huì)送清涼", "市总工会送清凉")
    assert report.seen == {"article": 1, "rejected: no-title": 1}


def _counted(archive: Archive) -> dict[str, int]:
    archive.flush()
    with archive.engine.connect() as connection:
        return count_all(connection)


def test_importing_a_table_twice_adds_nothing(archive: Archive, tmp_path: Path) -> None:
    """The same rows again, in another order, add no article, visit or rejection; new hits are a visit."""
    rows = [
        {
            "title": f"市总工会送清凉{n}",
            "body_text": BODY + str(n),
            "published_raw": "2024-04-08",
            "hits_raw": str(n),
        }
        for n in range(3)
    ] + [{"title": "", "body_text": BODY, "published_raw": "", "hits_raw": ""}]
    counted: list[dict[str, int]] = []
    for again in range(2):
        write_rows(tmp_path / "old.jsonl", rows[::-1] if again else rows)
        report = _import_rows(archive, tmp_path / "old.jsonl")
        counted.append(_counted(archive))
    assert report.seen == {"known": 4}
    assert counted[0] == counted[1]
    write_rows(tmp_path / "old.jsonl", [{**rows[0], "hits_raw": "99"}])
    _import_rows(archive, tmp_path / "old.jsonl")
    assert _counted(archive)["observations"] == counted[0]["observations"] + 1


def _import_rows(archive: Archive, path: Path, mapping: Path | None = None) -> ImportReport:
    report = ImportReport()
    number = archive.begin_run("i", {})
    how = TableImport(read_mapping(mapping, "old"))
    import_table(path, how, Destination(archive, number), report)
    archive.flush()
    return report


@pytest.mark.parametrize(
    ("name", "data", "problems"),
    [
        (
            "a.jsonl",
            '{"title":"甲","body_text":"乙丙"}\n{no\n["x"]\n{"title":"丁","body_text":"戊"}\n',
            {2, 3},
        ),
        ("a.csv", "title,body_text\n甲,乙丙\n甲,乙,丙\n只有一个\n丁,戊\n", {2, 3}),
        ("a.csv", 'title,body_text\n甲,乙丙\n己,"没有收尾\n庚,辛\n', {2}),
        ("a.csv", 'title,body_text\n甲,乙丙\n己,"没有"收尾\n庚,"辛\n壬"\n', {2}),
        ("a.json", '[{"title":"甲","body_text":"乙丙"}, 7, {"title":"丁","body_text":"戊"}]', {2}),
        ("a.json", '[{"title":"甲","body_text":"乙丙"}, {"title":"丁","body_text":"戊"}, {"t', {3}),
        ("a.json", '{"title":"甲","body_text":"乙丙"}\n{"title":"丁","body_text":"戊"}\n', set()),
    ],
)
def test_bad_rows_are_reported_and_passed_over(
    archive: Archive, tmp_path: Path, name: str, data: str, problems: set[int]
) -> None:
    """A row that can't be read is reported with its number; the rows around it are taken."""
    (tmp_path / name).write_text(data, encoding="utf-8")
    report = _import_rows(archive, tmp_path / name)
    assert {one.row for one in report.rows if one.problem} == problems
    assert (report.seen["article"], report.seen["unreadable"]) == (2, len(problems))


def test_rows_that_no_database_could_hold_are_cleaned(archive: Archive, tmp_path: Path) -> None:
    """NUL, halves of characters and bytes of an old database come out as text, and the change is reported."""
    (tmp_path / "a.jsonl").write_text('{"title": "市总\\u0000工会\\ud83d", "body_text": "送清凉"}')
    report = _import_rows(archive, tmp_path / "a.jsonl")
    assert report.rows[0].changes["title"] == ("市总\x00工会\ud83d", "市总工会\ufffd")
    with archive.engine.connect() as stored:
        (evidence,) = stored.execute(select(revision.c.evidence)).scalars()
    assert {"field": "title", "rule": "replaced-characters", "raw": "U+0000 at 2, U+D83D at 5"} in evidence
    connection = sqlite3.connect(tmp_path / "b.db")
    connection.execute("CREATE TABLE news (title, body_text)")
    connection.execute(
        "INSERT INTO news VALUES (CAST(? AS TEXT), ?)", ("市总工会".encode("gbk"), "慰问".encode("gbk"))
    )
    connection.commit()
    connection.close()
    _import_rows(archive, tmp_path / "b.db")
    with archive.engine.connect() as connection_:
        record = full_record(connection_, "2")
    assert (record["title"], record["body_text"]) == ("市总工会", "慰问")


def test_markup_in_a_table_becomes_paragraphs(archive: Archive, tmp_path: Path) -> None:
    """The body of a CMS's own table is markup: its paragraphs are kept apart; a plain < stays."""
    rows = [
        {"title": "甲", "body_text": "<p>市总工会&nbsp;慰问。</p><p>送清凉。<br>第三段</p>"},
        {"title": "乙", "body_text": "气温<35度"},
    ]
    write_rows(tmp_path / "a.jsonl", rows)
    _import_rows(archive, tmp_path / "a.jsonl")
    with archive.engine.connect() as connection:
        texts = [full_record(connection, number)["body_text"] for number in "12"]
    assert texts == ["市总工会 慰问。\n送清凉。\n第三段", "气温<35度"]


def test_a_row_names_its_key_and_its_visit(archive: Archive, tmp_path: Path) -> None:
    """``id`` makes an edited row an edit, ``seen_raw`` dates its visit; unreadable dates are reported."""
    (tmp_path / "map.toml").write_text(
        '[fields]\nid="k"\ntitle="t"\nbody_text="b"\nseen_raw="s"\npublished_raw="d"\n'
    )
    row = {"k": "7", "t": "市总工会送清凉", "b": BODY, "s": "2019-05-01 08:00", "d": "十三月"}
    for text in (BODY, BODY + "又讯"):
        write_rows(tmp_path / "a.jsonl", [{**row, "b": text}])
        report = _import_rows(archive, tmp_path / "a.jsonl", tmp_path / "map.toml")
    with archive.engine.connect() as connection:
        record = full_record(connection, "1")
    assert record["revision"] == 2
    assert record["first_seen_at"] == "2019-05-01T08:00:00+08:00"
    assert report.rows[0].changes["published_at"] == ("十三月", "")


def test_a_table_without_site_or_known_columns_is_reported(archive: Archive, tmp_path: Path) -> None:
    """No row goes to a site without a name, and a table of other columns asks for a mapping."""
    write_rows(tmp_path / "a.jsonl", [{"title": "甲", "body_text": "乙"}])
    report = ImportReport()
    import_table(tmp_path / "a.jsonl", TableImport(read_mapping(None, "")), Destination(archive, 1), report)
    assert "names no site" in report.rows[0].problem
    write_rows(tmp_path / "b.jsonl", [{"标题": "甲"}])
    with pytest.raises(ArchiveError, match="mapping") as caught:
        import_table(tmp_path / "b.jsonl", TableImport(read_mapping(None, "x")), Destination(), report)
    assert "标题" in caught.value.next_step


@pytest.mark.parametrize(
    ("mapping", "what"),
    [
        ('[fields]\ntitel = "a"', "names no field titel"),
        ('[fields]\ntitle = "missing"', "no column missing"),
        ("x = 1", "no .fields."),
        ("[fields", "can't be read"),
    ],
)
def test_wrong_mappings_are_reported(tmp_path: Path, mapping: str, what: str) -> None:
    """A mapping that fits nothing says what is wrong and what is there."""
    (tmp_path / "t.jsonl").write_text('{"title": "x"}')
    (tmp_path / "map.toml").write_text(mapping)
    with pytest.raises(ArchiveError, match=what) as caught:
        import_table(
            tmp_path / "t.jsonl",
            TableImport(read_mapping(tmp_path / "map.toml", "x"), strict=True),
            Destination(),
            ImportReport(),
        )
    assert caught.value.next_step
