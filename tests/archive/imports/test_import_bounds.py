"""Imports of files that a stranger made: each bad record costs itself, and is reported by its place."""

from __future__ import annotations

import base64
import gzip
import json
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from typer.testing import CliRunner, Result

from tests.archive.imports.test_foreign_warcs import PAGE
from tests.databases import archive_at, ask_at
from unioncrawl.cli import app
from unioncrawl.guard.bounds import BODY_BYTES

BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全。"


def _row(number: int) -> dict[str, object]:
    text = f"{BODY}第{number}次。"
    return {"url": f"http://x/{number}.html", "title": f"市总工会送清凉第{number}", "body_text": text}


def _import(path: Path, *more: str) -> Result:
    archive = archive_at(path.with_name("archive.db"))
    arguments = ["import", str(path), *more, "--site", "x", "--archive", archive]
    return CliRunner().invoke(app, arguments, catch_exceptions=False)


def _titles(path: Path) -> list[str]:
    rows = ask_at(path.with_name("archive.db"), "SELECT title FROM revision")
    return sorted(title for (title,) in rows)


GOOD = [json.dumps(_row(number), ensure_ascii=False) for number in (1, 2)]
BAD_JSON = {
    "nesting": '{"title": ' + "[" * 50_000 + "]" * 50_000 + "}",
    "giant-number": '{"title": ' + "9" * 5000 + "}",
    "no-json": '{"title": undefined}',
    "a-number": "17",
    "a-list": '["题"]',
    "bad-seen": '{"url": "http://[::1", "title": "题", "body_text": "文"}',
}


@pytest.mark.parametrize("bad", BAD_JSON)
@pytest.mark.parametrize("form", ["json", "jsonl", "one-line"])
def test_a_bad_record_of_json_costs_itself(tmp_path: Path, bad: str, form: str) -> None:
    """A bad record between two good ones is reported by its number, exit 1; the others become articles."""
    records = [GOOD[0], BAD_JSON[bad], GOOD[1]]
    path = tmp_path / ("old.jsonl" if form == "jsonl" else "old.json")
    joined = {"json": "[\n" + ",\n".join(records) + "\n]", "jsonl": "\n".join(records)}
    path.write_text(joined.get(form, f"[{','.join(records)}]"), encoding="utf-8")
    done = _import(path)
    assert done.exit_code == 1
    assert _titles(path) == ["市总工会送清凉第1", "市总工会送清凉第2"]
    assert f"{path.name}, row 2: " in done.stderr


@pytest.mark.parametrize("bad", ['{"title": "未完}', '{"title": "题"', '{"title": [1}'])
def test_a_record_that_never_closes_costs_itself(tmp_path: Path, bad: str) -> None:
    """Reading goes on at the next line that begins as a record does."""
    path = tmp_path / "old.json"
    path.write_text("[\n" + ",\n".join([GOOD[0], bad, GOOD[1]]) + "\n]", encoding="utf-8")
    done = _import(path)
    assert done.exit_code == 1
    assert _titles(path) == ["市总工会送清凉第1", "市总工会送清凉第2"]


def test_characters_that_no_database_holds_cost_nothing(tmp_path: Path) -> None:
    """NUL bytes and half characters, in any field, leave the row an article."""
    row = {**_row(1), "author": "李\u0000方", "site": "x\ud800", "extra": "\udfff"}
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps(row), encoding="ascii")
    assert _import(path).exit_code == 0
    assert _titles(path) == ["市总工会送清凉第1"]


def test_a_field_that_is_never_closed_costs_its_line(tmp_path: Path) -> None:
    """A quotation mark without its second half is reported, and the lines after it are read."""
    path = tmp_path / "old.csv"
    lines = [
        "url,title,body_text",
        f"http://x/1,题一,{BODY}",
        'http://x/2,"题二,文',
        f"http://x/3,题三,{BODY}",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    done = _import(path)
    assert done.exit_code == 1
    assert _titles(path) == ["题一", "题三"]


def test_a_packed_table_that_is_cut_off_gives_what_it_has(tmp_path: Path) -> None:
    """The rows before the damage are taken, and the row where it begins is named."""
    lines = [json.dumps({**_row(number), "key": base64.b64encode(number.to_bytes(2, "big") * 3000).decode()})
             for number in range(400)]  # fmt: skip
    path = tmp_path / "old.jsonl.gz"
    packed = gzip.compress("\n".join(lines).encode(), 1)
    path.write_bytes(packed[: len(packed) * 9 // 10])
    done = _import(path, "--dry-run")
    assert done.exit_code == 1
    assert "the rest of the file can't be read" in done.stderr or "not JSON" in done.stderr


def test_a_packed_table_that_outgrows_its_ratio_is_given_up(tmp_path: Path) -> None:
    """A gigabyte of zeros in a CSV that came as a megabyte is refused, by the name of the setting."""
    path = tmp_path / "old.csv.gz"
    with gzip.open(path, "wb", 1) as file:
        file.write(b"url,title,body_text\n")
        for _ in range(80):
            file.write(b"a" * (1 << 20))
    done = CliRunner().invoke(app, ["import", str(path), "--dry-run", "--site", "x"])
    assert done.exit_code == 1
    assert "UNIONCRAWL_MAX" in str(done.exception) + done.stderr


def test_a_row_that_the_file_cant_give_out_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value of SQLite beyond the bound is reported by its row; the rows after it are taken."""
    monkeypatch.setenv(BODY_BYTES.name, "100000")
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE news (url, title, body_text)")
    for number in (1, 2, 3):
        body = "x" * 200_000 if number == 2 else BODY
        connection.execute("INSERT INTO news VALUES (?, ?, ?)", (f"http://x/{number}", f"题{number}", body))
    connection.execute("INSERT INTO news VALUES ('http://x/4', '题4', ?)", (bytes(range(256)) * 4,))
    connection.commit()
    connection.close()
    done = _import(path)
    assert done.exit_code == 1
    assert _titles(path) == ["题1", "题3"]
    assert "old.db, row 2: the database can't return it" in done.stderr
    assert "old.db, row 4: its body_text can't be read" in done.stderr


# WARC files


def _response(number: int, body: bytes | None = None, more: str = "", warc: str = "") -> bytes:
    page = PAGE.replace("送清凉", f"送清凉第{number}").encode("gb18030") if body is None else body
    kind = "" if "Content-Type" in more else "Content-Type: text/html\r\n"
    http = f"HTTP/1.1 200 OK\r\n{kind}{more}Content-Length: {len(page)}\r\n\r\n".encode() + page
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://x/{number}.html\r\n{warc}"
        f"WARC-Date: 2024-04-08T01:00:0{number}Z\r\nWARC-Record-ID: <urn:uuid:{number}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def _bad_length() -> bytes:
    record = _response(2)
    start = record.index(b"Content-Length: ")
    return (
        record[:start]
        + b"Content-Length: 99999999999999999999999\r\n"
        + record[record.index(b"\r\n", start) + 2 :]
    )


BAD_RECORDS: dict[str, Callable[[], bytes]] = {
    "charset-undefined": lambda: _response(
        2, b"\xb9\xa4\xff\xfe" * 99, "Content-Type: text/html; charset=undefined\r\n"
    ),
    "no-text": lambda: _response(2, b"%PDF-1.4 " * 50),
    "bomb": lambda: _response(2, brotli.compress(bytes(1 << 27), quality=1), "Content-Encoding: br\r\n"),
    "cut-gzip": lambda: _response(2, gzip.compress(PAGE.encode())[:-20], "Content-Encoding: gzip\r\n"),
    "length": _bad_length,
    "head": lambda: _response(2).replace(b"WARC-Type: response", b"WARC-Type\x00\xff"),
    "no-length": lambda: _response(2).replace(b"Content-Length", b"Content-Lexgth", 1),
    "address": lambda: _response(2).replace(b"http://x/2.html", b"http://[::1/2.ht"),
}


@pytest.mark.parametrize("bad", BAD_RECORDS)
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_record_of_a_warc_costs_itself(tmp_path: Path, bad: str, packed: bool) -> None:  # noqa: FBT001 - pytest's
    """Of three records the second is bad: the others are articles, it is reported, exit 1."""
    records = [_response(1), BAD_RECORDS[bad](), _response(3)]
    path = tmp_path / ("old.warc.gz" if packed else "old.warc")
    path.write_bytes(b"".join(gzip.compress(one) if packed else one for one in records))
    done = _import(path)
    assert _titles(path) == ["市总工会送清凉第1", "市总工会送清凉第3"], done.output
    assert done.exit_code == 1
    assert "old.warc" in done.stderr


def test_an_unknown_coding_is_no_page(tmp_path: Path) -> None:
    """A body in a coding that nobody knows is read as it stands: no article, and the others are taken."""
    path = tmp_path / "old.warc"
    path.write_bytes(
        _response(1) + _response(2, bytes(range(256)) * 9, "Content-Encoding: lzma\r\n") + _response(3)
    )
    done = _import(path)
    assert _titles(path) == ["市总工会送清凉第1", "市总工会送清凉第3"]
    assert done.exit_code == 1


def test_a_bad_member_of_a_package_costs_itself(tmp_path: Path) -> None:
    """Of two WARC files in a ZIP the first is a bomb: the second is read, and the first named."""
    path = tmp_path / "old.wacz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("archive/a.warc", bytes(1 << 25))
        package.writestr("archive/b.warc", _response(1))
    done = _import(path)
    assert done.exit_code == 1
    assert _titles(path) == ["市总工会送清凉第1"]
    assert "a.warc" in done.stderr


def test_a_bad_file_among_several_costs_itself(tmp_path: Path) -> None:
    """A file without anything readable is reported, and the files after it are imported."""
    bad, good = tmp_path / "a.warc", tmp_path / "b.warc"
    bad.write_bytes(b"WARC/1.0\r\nnothing")
    good.write_bytes(_response(1))
    done = _import(bad, str(good))
    assert done.exit_code == 1
    assert _titles(good) == ["市总工会送清凉第1"]
    assert "a.warc: " in done.stderr
