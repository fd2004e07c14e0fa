from __future__ import annotations

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.import_captures import holds_captures
from unioncrawl.archive.import_tables import read_mapping
from unioncrawl.archive.importing import Destination, ImportReport, TableImport, import_table, import_warc
from unioncrawl.archive.reading import count_all
from unioncrawl.archive.records import full_record
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify import verify
from unioncrawl.errors import ArchiveError

BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全。"
PAGE = f"""<html><head><meta charset="gb2312"><title>市总工会送清凉-某某工会网</title></head><body>
<div class="nav"><a href="/">首页</a></div><h1>市总工会送清凉</h1>
<div class="info">发布时间：2024-04-08 09:32 来源：工人日报</div>
<div class="content">{"".join(f"<p>{BODY}{n}</p>" for n in "甲乙丙丁")}</div></body></html>"""
DAMAGED = "市總工會(huì)領導到一線慰問環衛職工，送去清涼飲料和防暑藥品，叮囑大家注意安全。"


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(any_archive) as opened:
        yield opened


def _foreign_warc(path: Path) -> None:
    """A WARC as another archiver writes it: chunked, with an image and a DNS record."""
    chunk = PAGE.encode("gb18030")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(chunk), chunk)
    html, image = b"Content-Type: text/html\r\nTransfer-Encoding: chunked", b"Content-Type: image/jpeg"
    pages = ((b"1.html", html, chunked), (b"a.jpg", image, b"\xff\xd8"))
    path.write_bytes(b"".join(gzip.compress(_foreign_record(*page)) for page in pages))


def _plain_record() -> bytes:
    return _foreign_record(b"9.html", b"Content-Type: text/html", PAGE.encode("gb18030"))


def _foreign_record(
    name: bytes, headers: bytes, body: bytes, kind: bytes = b"response", more: bytes = b""
) -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: %b\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n%b"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        b"WARC-Target-URI: http://old.example.cn/%b\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n"
    ) % (kind, more, name, len(block), block)


def test_foreign_warc_becomes_articles(archive: Archive, tmp_path: Path) -> None:
    """An article page is taken with a capture of ours; other responses are counted and left."""
    _foreign_warc(tmp_path / "old.warc.gz")
    report = ImportReport()
    number = archive.begin_run("import", {})
    with CaptureWriter(tmp_path / "captures", "import") as writer:
        import_warc(tmp_path / "old.warc.gz", {}, "", Destination(archive, number, writer), report)
    archive.flush()
    assert report.seen == {"article": 1, "no page": 1}
    with archive.engine.connect() as connection:
        record = full_record(connection, "http://old.example.cn/1.html")
    assert record["site"] == "old.example.cn"
    assert record["title"] == "市总工会送清凉"
    assert record["published_at"] == "2024-04-08T09:32:00+08:00"
    assert BODY in record["body_text"]
    assert record["capture"]["file"] == "import-00000.warc.gz"
    assert list(verify(archive.engine, tmp_path / "captures")) == []


def test_torn_warc_is_told(tmp_path: Path) -> None:
    """What is no WARC is an error that names the file's trouble."""
    (tmp_path / "x.warc").write_bytes(b"<html>no WARC</html>" * 99)
    with pytest.raises(ArchiveError):
        import_warc(tmp_path / "x.warc", {}, "", Destination(), ImportReport())


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
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
    """Damaged text and text dates come out right; each changed row is told; nothing of the row is lost."""
    rows = [
        {"标题": "市總工會(huì)送清涼", "正文": DAMAGED, "日期": "2024年4月8日", "编号": "7"},
        {"标题": "", "正文": "", "日期": "", "编号": "8"},
    ]
    _write(tmp_path / name, rows)
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
    assert [one.row for one in report.changed] == [1]
    assert [(one.row, one.problem) for one in report.problems] == [(2, "rejected: no-title")]
    assert report.changed[0].changes["title"] == ("市總工會(huì)送清涼", "市总工会送清凉")
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
        _write(tmp_path / "old.jsonl", rows[::-1] if again else rows)
        report = _import_rows(archive, tmp_path / "old.jsonl")
        counted.append(_counted(archive))
    assert report.seen == {"known": 4}
    assert counted[0] == counted[1]
    _write(tmp_path / "old.jsonl", [{**rows[0], "hits_raw": "99"}])
    _import_rows(archive, tmp_path / "old.jsonl")
    assert _counted(archive)["observations"] == counted[0]["observations"] + 1


def _import_rows(archive: Archive, path: Path, mapping: Path | None = None) -> ImportReport:
    report = ImportReport()
    number = archive.begin_run("i", {})
    how = TableImport(read_mapping(mapping, "old"))
    import_table(path, how, Destination(archive, number), report)
    archive.flush()
    return report


def test_importing_captures_twice_adds_nothing(archive: Archive, tmp_path: Path) -> None:
    """A second import of the same WARC file adds no visit and writes no capture."""
    _foreign_warc(tmp_path / "old.warc.gz")
    for _ in range(2):
        report = ImportReport()
        with CaptureWriter(tmp_path / "captures", "import") as writer:
            destination = Destination(archive, archive.begin_run("import", {}), writer)
            import_warc(tmp_path / "old.warc.gz", {}, "", destination, report)
        counted = _counted(archive)
    assert report.seen == {"known": 1, "no page": 1}
    assert (counted["observations"], counted["captures"]) == (1, 1)
    assert len(list((tmp_path / "captures").iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "data", "problems"),
    [
        (
            "a.jsonl",
            '{"title":"甲","body_text":"乙丙"}\n{no\n["x"]\n{"title":"丁","body_text":"戊"}\n',
            {2, 3},
        ),
        ("a.csv", "title,body_text\n甲,乙丙\n甲,乙,丙\n只有一个\n丁,戊\n", {2, 3}),
        ("a.csv", 'title,body_text\n甲,乙丙\n丁,戊\n己,"没有收尾\n庚,辛\n', {3}),
        ("a.json", '[{"title":"甲","body_text":"乙丙"}, 7, {"title":"丁","body_text":"戊"}]', {2}),
    ],
)
def test_bad_rows_are_told_and_passed_over(
    archive: Archive, tmp_path: Path, name: str, data: str, problems: set[int]
) -> None:
    """A row that can't be read is told with its number; the rows around it are taken."""
    (tmp_path / name).write_text(data, encoding="utf-8")
    report = _import_rows(archive, tmp_path / name)
    assert {one.row for one in report.problems} == problems
    assert report.seen == {"article": 2, "unreadable": len(problems)}


def test_rows_that_no_database_could_hold_are_cleaned(archive: Archive, tmp_path: Path) -> None:
    """NUL, halves of characters and bytes of an old database come out as text, and the change is told."""
    (tmp_path / "a.jsonl").write_text('{"title": "市总\\u0000工会\\ud83d", "body_text": "送清凉"}')
    report = _import_rows(archive, tmp_path / "a.jsonl")
    assert report.changed[0].changes["title"][1] == "市总工会\ufffd"
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
    _write(tmp_path / "a.jsonl", rows)
    _import_rows(archive, tmp_path / "a.jsonl")
    with archive.engine.connect() as connection:
        texts = [full_record(connection, number)["body_text"] for number in "12"]
    assert texts == ["市总工会 慰问。\n送清凉。\n第三段", "气温<35度"]


def test_a_row_names_its_key_and_its_visit(archive: Archive, tmp_path: Path) -> None:
    """``id`` makes an edited row an edit, ``seen_raw`` puts its visit in time; unreadable dates are told."""
    (tmp_path / "map.toml").write_text(
        '[fields]\nid="k"\ntitle="t"\nbody_text="b"\nseen_raw="s"\npublished_raw="d"\n'
    )
    row = {"k": "7", "t": "市总工会送清凉", "b": BODY, "s": "2019-05-01 08:00", "d": "十三月"}
    for text in (BODY, BODY + "又讯"):
        _write(tmp_path / "a.jsonl", [{**row, "b": text}])
        report = _import_rows(archive, tmp_path / "a.jsonl", tmp_path / "map.toml")
    with archive.engine.connect() as connection:
        record = full_record(connection, "1")
    assert record["revision"] == 2
    assert record["first_seen_at"] == "2019-05-01T08:00:00+08:00"
    assert report.changed[0].changes["published_at"] == ("十三月", "")


def test_a_table_without_site_or_known_columns_is_told(archive: Archive, tmp_path: Path) -> None:
    """No row goes to a site without a name, and a table of other columns asks for a mapping."""
    _write(tmp_path / "a.jsonl", [{"title": "甲", "body_text": "乙"}])
    report = ImportReport()
    import_table(tmp_path / "a.jsonl", TableImport(read_mapping(None, "")), Destination(archive, 1), report)
    assert "names no site" in report.problems[0].problem
    _write(tmp_path / "b.jsonl", [{"标题": "甲"}])
    with pytest.raises(ArchiveError, match="mapping") as caught:
        import_table(tmp_path / "b.jsonl", TableImport(read_mapping(None, "x")), Destination(), report)
    assert "标题" in caught.value.next_step


def _packed_records() -> list[bytes]:
    """Pages as browsers fetched them: packed twice, revisits with the packed head, HTTP/2."""
    records = []
    for number in range(4):
        page = PAGE.replace("甲", f"第{number}篇").encode("gb18030")
        packed = gzip.compress(page)
        chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(packed), packed)
        head = b"Content-Type: text/html\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked"
        digest = b"WARC-Payload-Digest: sha1:%d\r\n" % number
        name = b"%d.html" % number
        records.append(_foreign_record(name, head, chunked, more=digest))
        again = digest.replace(b"WARC-Payload", b"WARC-Refers-To-Date: 2024-05-01T00:00:00Z\r\nWARC-Payload")
        revisit = _foreign_record(name, head, b"", b"revisit", again)
        records.append(revisit.replace(b"WARC-Date: 2024-05-01", b"WARC-Date: 2024-06-01"))
    return records


@pytest.mark.parametrize("form", ["plain", "gzip", "wacz"])
def test_packed_pages_and_revisits_are_taken(archive: Archive, tmp_path: Path, form: str) -> None:
    """What Browsertrix and Heritrix write is read to its end; a revisit has the body it repeats."""
    path = tmp_path / "crawl"
    if form == "wacz":
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("archive/data.warc.gz", b"".join(map(gzip.compress, _packed_records())))
    else:
        pack = gzip.compress if form == "gzip" else bytes
        path.write_bytes(b"".join(map(pack, _packed_records())))
    assert holds_captures(path)
    report = ImportReport()
    with CaptureWriter(tmp_path / "captures", "import") as writer:
        import_warc(path, {}, "old", Destination(archive, archive.begin_run("import", {}), writer), report)
    counted = _counted(archive)
    assert report.seen == {"article": 8}
    assert (counted["articles"], counted["revisions"], counted["observations"]) == (4, 4, 8)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_in_a_warc_is_told_and_passed_over(tmp_path: Path, pack: Any) -> None:
    """Records behind a damaged one are read, and so are those before a cut; both are told."""
    records = [pack(one) for one in _packed_records()]
    damaged = bytearray(records[2])
    damaged[: len(damaged) // 2 : 9] = bytes(len(damaged[: len(damaged) // 2 : 9]))
    for parts, articles in (
        ([*records[:2], bytes(damaged), *records[4:]], 6),
        ([*records[:6], pack(_plain_record())[:-99]], 6),
    ):
        (tmp_path / "x.warc.gz").write_bytes(b"".join(parts))
        report = ImportReport()
        import_warc(tmp_path / "x.warc.gz", {}, "old", Destination(), report)
        assert report.seen == {"article": articles, "unreadable": 1}
        assert "damaged after byte" in report.problems[0].problem


def test_a_zip_of_something_else_is_told(tmp_path: Path) -> None:
    """A workbook is a ZIP file too: the error says what to do."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ArchiveError, match="without WARC files") as caught:
        import_warc(tmp_path / "a.xlsx", {}, "", Destination(), ImportReport())
    assert "CSV" in caught.value.next_step


@pytest.mark.parametrize(
    ("mapping", "what"),
    [
        ('[fields]\ntitel = "a"', "names no field titel"),
        ('[fields]\ntitle = "missing"', "no column missing"),
        ("x = 1", "no .fields."),
        ("[fields", "can't be read"),
    ],
)
def test_wrong_mappings_are_told(tmp_path: Path, mapping: str, what: str) -> None:
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
