from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import archive_at
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.imports.captured_answers import collect_answers
from unioncrawl.archive.imports.captured_pages import PageImport, import_warc
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

HOST = "http://gh.linxi.example"
# How each system's page asks, the address that a browser asked then, and the answer.
SYSTEMS = {
    "empirecms": (
        '<script src="/e/public/ViewClick/?classid=9&id={id}&addclick=1"></script>',
        "/e/public/ViewClick/?classid=9&id={id}&addclick=1",
        "document.write('{hits}');",
    ),
    "phpcms": (
        '<script src="/api.php?op=count&id={id}&modelid=1"></script>',
        "/api.php?op=count&modelid=1&id={id}&_=1714521600000",
        "$('#todaydowns').html('1');$('#hits').html('{hits}');",
    ),
    "xunrui": (
        "<script>$.get('/index.php?s=api&c=module&app=news&m=hits&id={id}')</script>",
        "/index.php?s=api&c=module&app=news&m=hits&id={id}&callback=jQuery36_1",
        'jQuery36_1({{"code":1,"msg":{hits},"data":[]}})',
    ),
    "vsb": (
        '<script>_showDynClicks("wbnews", 1234, {id})</script>',
        "/system/resource/code/news/click/dynclicks.jsp?clickid={id}&owner=1234&clicktype=wbnews",
        "{hits}",
    ),
}


def _page(number: int, script: str) -> bytes:
    body = f"东河县总工会走进第{number}车间，向一线职工送去清凉饮料和防暑药品，叮嘱大家注意安全。"
    return f"""<html><head><meta charset="utf-8"><title>送清凉第{number}站</title></head><body>
    <h1>送清凉第{number}站</h1><div>发布时间：2024-04-08 09:32 点击量：<span id="hits"></span>{script}</div>
    <div class="content">{"".join(f"<p>{body}{n}</p>" for n in "甲乙丙丁")}</div></body></html>""".encode()


def _record(
    path: str, body: bytes, at: str = "2024-05-01T00:00:00Z", digest: str = "", kind: str = ""
) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
    digest = f"WARC-Payload-Digest: {digest}\r\n" if digest else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind or 'response'}\r\nWARC-Date: {at}\r\n{digest}"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r\n"
        f"WARC-Target-URI: {HOST}{path}\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(head.encode() + block + b"\r\n\r\n")


def _pair(system: str, number: int) -> tuple[bytes, bytes]:
    """The records of an article's page and of its counter's answer, seven seconds later."""
    script, address, answer = SYSTEMS[system]
    asked = address.format(id=number)
    counted = answer.format(hits=1000 + number).encode()
    return (
        _record(f"/{number}.html", _page(number, script.format(id=number))),
        _record(asked, counted, "2024-05-01T00:00:07Z"),
    )


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(archive_at(tmp_path / "archive.db")) as opened:
        yield opened


def _import(paths: list[Path], archive: Archive, captures: Path, *, blind: bool = False) -> dict[str, int]:
    """Import files as the command does; ``blind``: as it did before it knew counters' answers."""
    report = ImportReport()
    answers = collect_answers([] if blind else paths)
    run = archive.begin_run("import", {})
    with CaptureWriter(captures, f"import-{run}", find_original=archive.original_capture) as writer:
        for path in paths:
            import_warc(path, PageImport(answers=answers), Destination(archive, run, writer), report)
    archive.flush()
    return dict(report.seen)


def _article(archive: Archive, number: int) -> dict[str, object]:
    with archive.engine.connect() as connection:
        return full_record(connection, f"{HOST}/{number}.html")


def test_captured_answers_give_the_hits(archive: Archive, tmp_path: Path) -> None:
    """Each system's captured answer is its article's count, with evidence and capture, and no article."""
    records = [record for number, system in enumerate(SYSTEMS, 1) for record in _pair(system, number)]
    (tmp_path / "a.warc.gz").write_bytes(b"".join(reversed(records)))
    seen = _import([tmp_path / "a.warc.gz"], archive, tmp_path / "captures")
    assert seen == {"article": len(SYSTEMS), "counter response": len(SYSTEMS)}
    for number in range(1, len(SYSTEMS) + 1):
        found = _article(archive, number)
        assert (found["hits"], found["hits_status"]) == (1000 + number, "counter")
        assert f"2024-05-01T00:00:07+00:00 {HOST}" in str(found["evidence"])
    assert list(verify(archive.engine, tmp_path / "captures")) == []


def test_answers_of_other_files_and_packages_are_found(archive: Archive, tmp_path: Path) -> None:
    """The page and its answer may lie in two files, or in two members of a WACZ package."""
    pages, answers = zip(*(_pair("empirecms", number) for number in (1, 2)), strict=True)
    (tmp_path / "pages.warc.gz").write_bytes(pages[0])
    (tmp_path / "answers.warc.gz").write_bytes(answers[0])
    with zipfile.ZipFile(tmp_path / "b.wacz", "w") as package:
        package.writestr("archive/0.warc.gz", pages[1])
        package.writestr("archive/1.warc.gz", answers[1])
    _import([tmp_path / f"{name}.warc.gz" for name in ("pages", "answers")], archive, tmp_path / "captures")
    _import([tmp_path / "b.wacz"], archive, tmp_path / "captures")
    assert [_article(archive, number)["hits"] for number in (1, 2)] == [1001, 1002]


@pytest.mark.parametrize("is_first", [True, False])
def test_a_repeated_answer_has_the_body_it_repeats(
    archive: Archive, tmp_path: Path, *, is_first: bool
) -> None:
    """Two counters that answered the same are two answers, though one is a revisit record, even before."""
    script, address, _ = SYSTEMS["vsb"]
    records = [_record(f"/{n}.html", _page(n, script.format(id=n))) for n in (1, 2)]
    first = _record(address.format(id=1), b"37", digest="sha1:37")
    again = _record(address.format(id=2), b"", digest="sha1:37", kind="revisit")
    (tmp_path / "a.warc.gz").write_bytes(
        b"".join([*records, *((first, again) if is_first else (again, first))])
    )
    _import([tmp_path / "a.warc.gz"], archive, tmp_path / "captures")
    assert [_article(archive, number)["hits"] for number in (1, 2)] == [37, 37]


def test_an_earlier_import_gets_its_hits_once(archive: Archive, tmp_path: Path) -> None:
    """Pages imported without their counters get the answers when imported again, and then nothing more."""
    (tmp_path / "a.warc.gz").write_bytes(b"".join(_pair("phpcms", 1)))
    place = [tmp_path / "a.warc.gz"], archive, tmp_path / "captures"
    _import(*place, blind=True)
    assert _article(archive, 1)["hits_status"] == "pending"
    assert _import(*place) == {"article": 1, "counter response": 1}
    assert _article(archive, 1)["hits"] == 1001
    assert _import(*place) == {"known": 1, "counter response": 1}


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("/e/public/ViewClick/?classid=9&id=1&addclick=1", "2024-05-03T00:00:00Z"),
        ("/e/public/ViewClick/?classid=9&id=1&addclick=1&down=5", "2024-05-01T00:00:07Z"),
        ("/e/public/ViewClick/?classid=9&id=11&addclick=1", "2024-05-01T00:00:07Z"),
    ],
)
def test_answers_of_another_visit_or_count_are_left(
    archive: Archive, tmp_path: Path, path: str, at: str
) -> None:
    """An answer of another day, of another of the system's counts or of another article gives no hits."""
    page = _pair("empirecms", 1)[0]
    (tmp_path / "a.warc.gz").write_bytes(page + _record(path, b"document.write('9');", at))
    seen = _import([tmp_path / "a.warc.gz"], archive, tmp_path / "captures")
    assert _article(archive, 1)["hits_status"] == "pending"
    assert seen["article"] == 1
    assert sum(seen.values()) == 1 + 1


def _part(number: int, following: str) -> bytes:
    pager = f'<div class="pages"><a href="{following}">下一页</a></div>' if following else ""
    return (
        _page(number, "")
        .replace(b"</body>", f"{pager}</body>".encode())
        .replace(f"第{number}站".encode(), b"")
    )


@pytest.mark.parametrize("is_whole", [True, False])
def test_parts_of_an_article_are_joined(archive: Archive, tmp_path: Path, *, is_whole: bool) -> None:
    """Captured parts are one article, also when imported again; one whose part lacks says so."""
    records = [_record("/7.html", _part(1, "/7_2.html")), _record("/8.html", _page(8, ""))]
    records += [_record("/7_2.html", _part(2, ""))] if is_whole else []
    (tmp_path / "a.warc.gz").write_bytes(b"".join(records))
    place = [tmp_path / "a.warc.gz"], archive, tmp_path / "captures"
    assert _import(*place) == {"part": 1, "article": 2}
    found = _article(archive, 7)
    assert ("第2车间" in str(found["body_text"])) is is_whole
    assert ("part-missing" in str(found["evidence"])) is not is_whole
    assert _import(*place) == {"known": len(records)}
    assert found["revision"] == _article(archive, 7)["revision"] == 1
    assert list(verify(archive.engine, tmp_path / "captures")) == []
