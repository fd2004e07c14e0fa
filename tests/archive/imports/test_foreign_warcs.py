from __future__ import annotations

import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.imports.captured_pages import PageImport, import_warc
from unioncrawl.archive.imports.foreign_warcs import holds_captures
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.errors import ArchiveError

BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全。"
PAGE = f"""<html><head><meta charset="gb2312"><title>市总工会送清凉-某某工会网</title></head><body>
<div class="nav"><a href="/">首页</a></div><h1>市总工会送清凉</h1>
<div class="info">发布时间：2024-04-08 09:32 来源：工人日报</div>
<div class="content">{"".join(f"<p>{BODY}{n}</p>" for n in "甲乙丙丁")}</div></body></html>"""


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
        import_warc(tmp_path / "old.warc.gz", PageImport(), Destination(archive, number, writer), report)
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


def test_torn_warc_is_reported(tmp_path: Path) -> None:
    """What is not WARC is an error that names the file's trouble."""
    (tmp_path / "x.warc").write_bytes(b"<html>no WARC</html>" * 99)
    with pytest.raises(ArchiveError):
        import_warc(tmp_path / "x.warc", PageImport(), Destination(), ImportReport())


def _counted(archive: Archive) -> dict[str, int]:
    archive.flush()
    with archive.engine.connect() as connection:
        return count_all(connection)


def test_importing_captures_twice_adds_nothing(archive: Archive, tmp_path: Path) -> None:
    """A second import of the same WARC file adds no visit and writes no capture."""
    _foreign_warc(tmp_path / "old.warc.gz")
    for _ in range(2):
        report = ImportReport()
        with CaptureWriter(tmp_path / "captures", "import") as writer:
            destination = Destination(archive, archive.begin_run("import", {}), writer)
            import_warc(tmp_path / "old.warc.gz", PageImport(), destination, report)
        counted = _counted(archive)
    assert report.seen == {"known": 1, "no page": 1}
    assert (counted["observations"], counted["captures"]) == (1, 1)
    assert len(list((tmp_path / "captures").iterdir())) == 1


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
        import_warc(
            path,
            PageImport(site="old"),
            Destination(archive, archive.begin_run("import", {}), writer),
            report,
        )
    counted = _counted(archive)
    assert report.seen == {"article": 8}
    assert (counted["articles"], counted["revisions"], counted["observations"]) == (4, 4, 8)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_damage_in_a_warc_is_reported_and_passed_over(tmp_path: Path, pack: Any) -> None:
    """Records after a damaged one are read, and so are those before a cut; both are reported."""
    records = [pack(one) for one in _packed_records()]
    damaged = bytearray(records[2])
    damaged[: len(damaged) // 2 : 9] = bytes(len(damaged[: len(damaged) // 2 : 9]))
    for parts, articles in (
        ([*records[:2], bytes(damaged), *records[4:]], 6),
        ([*records[:6], pack(_plain_record())[:-99]], 6),
    ):
        (tmp_path / "x.warc.gz").write_bytes(b"".join(parts))
        report = ImportReport()
        import_warc(tmp_path / "x.warc.gz", PageImport(site="old"), Destination(), report)
        assert report.seen == {"article": articles, "unreadable": 1}
        assert "damaged after byte" in report.rows[0].problem


def test_a_zip_of_something_else_is_reported(tmp_path: Path) -> None:
    """A workbook is a ZIP file too: the error says what to do."""
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(ArchiveError, match="without WARC files") as caught:
        import_warc(tmp_path / "a.xlsx", PageImport(), Destination(), ImportReport())
    assert "CSV" in caught.value.next_step


def _recorded(path: Path, *, packed: bool, coding: str = "", protocol: str = "HTTP/1.1") -> None:
    """What warcio writes as wget and browsers record: request and response, notes about neither."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "recorder"}))
        for name in "甲乙":
            body = PAGE.replace("送清凉", f"送清凉{name}").encode("gb18030")
            headers = [("Content-Type", "text/html"), *([("Content-Encoding", coding)] if coding else [])]
            sent = brotli.compress(body) if coding == "br" else body
            url = f"http://old.example.cn/{ord(name)}.html"
            head = StatusAndHeaders("200", headers, protocol=protocol)
            asked = StatusAndHeaders(f"GET / {protocol}", [("Host", "old.example.cn")], is_http_request=True)
            writer.write_record(writer.create_warc_record(url, "request", http_headers=asked))
            answer = writer.create_warc_record(url, "response", BytesIO(sent), len(sent), http_headers=head)
            writer.write_record(answer)
        for about in ("metadata://gnu.org/software/wget/warc/MANIFEST.txt", "urn:text:1"):
            note = writer.create_warc_record(about, "resource", BytesIO(b"x"), 1, "text/plain")
            writer.write_record(note)


@pytest.mark.parametrize(
    "how",
    [
        {"packed": False},
        {"packed": True},
        {"packed": True, "protocol": "HTTP/2"},
        {"packed": True, "coding": "br"},
        # The browser unpacked the body, and its header still says otherwise.
        {"packed": True, "coding": "gzip"},
    ],
)
def test_files_of_other_recorders_are_read(tmp_path: Path, how: dict[str, Any]) -> None:
    """Packed record by record or not at all, from HTTP/2, with codings that hold or do not."""
    _recorded(tmp_path / "x.warc", **how)
    report = ImportReport()
    import_warc(tmp_path / "x.warc", PageImport(), Destination(), report)
    assert report.seen == {"article": 2}


@pytest.mark.parametrize(("share", "articles"), [(1.0, 2), (0.85, 1)])
def test_a_file_packed_as_one_piece_is_read(tmp_path: Path, share: float, articles: int) -> None:
    """A WARC that gzip packed as a whole gives all its pages, and those before a cut."""
    _recorded(tmp_path / "x.warc", packed=False)
    data = gzip.compress((tmp_path / "x.warc").read_bytes())
    (tmp_path / "x.warc.gz").write_bytes(data[: int(len(data) * share)])
    report = ImportReport()
    import_warc(tmp_path / "x.warc.gz", PageImport(), Destination(), report)
    assert (report.seen["article"], report.problems) == (articles, share < 1)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"filedesc://old.arc 0.0.0.0 20080101000000 text/plain 76\n", "ARC file"),
        (b"\x28\xb5\x2f\xfd", "zstandard"),
    ],
)
def test_captures_in_other_forms_are_refused_with_a_remedy(tmp_path: Path, data: bytes, what: str) -> None:
    """ARC files and what zstandard packed are named, packed by gzip or not, with what makes WARC of them."""
    for content in (data, gzip.compress(data)):
        (tmp_path / "old.arc").write_bytes(content)
        with pytest.raises(ArchiveError, match=what) as caught:
            holds_captures(tmp_path / "old.arc")
        assert caught.value.next_step


def test_what_an_archiver_kept_in_part_is_no_article(tmp_path: Path) -> None:
    """A response marked as truncated is counted; one that was not modified has the body seen before."""
    body = PAGE.encode("gb18030")
    html = b"Content-Type: text/html"
    cut = _foreign_record(b"8.html", html, body[:700], more=b"WARC-Truncated: length\r\n")
    profile = b"WARC-Profile: http://netpreserve.org/warc/1.0/revisit/server-not-modified\r\n"
    same = _foreign_record(b"9.html", b"ETag: x", b"", kind=b"revisit", more=profile)
    same = same.replace(b"HTTP/1.1 200 OK", b"HTTP/1.1 304 No").replace(b"2024-05-01", b"2024-06-01")
    (tmp_path / "x.warc").write_bytes(_plain_record() + cut + same)
    report = ImportReport()
    import_warc(tmp_path / "x.warc", PageImport(), Destination(), report)
    assert report.seen == {"article": 2, "truncated": 1}
