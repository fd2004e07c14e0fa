from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.import_tables import read_mapping
from unioncrawl.archive.importing import Destination, ImportReport, import_table, import_warc
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
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(str(tmp_path / "a.db")) as opened:
        yield opened


def _foreign_warc(path: Path) -> None:
    """A WARC as another archiver writes it: chunked, with an image and a DNS record."""
    chunk = PAGE.encode("gb18030")
    chunked = b"%x\r\n%b\r\n0\r\n\r\n" % (len(chunk), chunk)
    html, image = b"Content-Type: text/html\r\nTransfer-Encoding: chunked", b"Content-Type: image/jpeg"
    pages = ((b"1.html", html, chunked), (b"a.jpg", image, b"\xff\xd8"))
    path.write_bytes(b"".join(gzip.compress(_foreign_record(*page)) for page in pages))


def _foreign_record(name: bytes, headers: bytes, body: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        b"WARC-Target-URI: http://old.example.cn/%b\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n"
    ) % (name, len(block), block)


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
    import_table(tmp_path / name, mapping, Destination(archive, number), report, strict=True)
    archive.flush()
    with archive.engine.connect() as connection:
        record = full_record(connection, "1")
    assert (record["site"], record["title"], record["body_text"]) == ("old", "市总工会送清凉", BODY)
    assert record["published_at"] == "2024-04-08T00:00:00+08:00"
    assert record["raw"]["body_text"] == DAMAGED
    assert record["raw"]["import:编号"] == "7"
    assert [one.row for one in report.changed] == [1]
    assert report.changed[0].changes["title"] == ("市總工會(huì)送清涼", "市总工会送清凉")
    assert report.seen == {"article": 1, "rejected: no-title": 1}


def test_importing_twice_adds_nothing(archive: Archive, tmp_path: Path) -> None:
    """The same table again is the same articles."""
    rows = [{"title": "市总工会送清凉", "body_text": BODY, "published_raw": "2024-04-08", "site": "old"}]
    _write(tmp_path / "old.jsonl", rows)
    for _ in range(2):
        mapping = read_mapping(None, "")
        import_table(
            tmp_path / "old.jsonl",
            mapping,
            Destination(archive, archive.begin_run("i", {})),
            ImportReport(),
            strict=False,
        )
        archive.flush()
    assert (archive.counts["new"], archive.counts["unchanged"]) == (1, 1)


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
            read_mapping(tmp_path / "map.toml", ""),
            Destination(),
            ImportReport(),
            strict=True,
        )
    assert caught.value.next_step
