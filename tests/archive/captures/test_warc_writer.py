from __future__ import annotations

import hashlib
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from tests.test_whole_lines import files_end_at
from unioncrawl.archive.captures.warc_writer import LATEST_BODIES, CaptureWriter, Original
from unioncrawl.errors import ArchiveError, ArchiveUnwritable
from unioncrawl.model import RawPage

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)


def _page(
    url: str = "http://example.cn/a?id=1", body: bytes = "总工会".encode("gb18030"), **more: object
) -> RawPage:
    headers = (("content-type", "text/html; charset=gb2312"), ("set-cookie", "a=1"), ("set-cookie", "b=2"))
    return RawPage(url=url, body=body, **{"headers": headers, "fetched_at": TIME, **more})  # type: ignore[arg-type]


def _records(path: Path) -> list[tuple[str, str | None, bytes]]:
    with path.open("rb") as file:
        return [
            (
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI"),
                record.content_stream().read(),
            )
            for record in ArchiveIterator(file, check_digests="raise")
        ]


class _Args:
    verbose = False
    inputs: list[str]


def test_warcio_reads_back_what_came(tmp_path: Path) -> None:
    """A page comes back from its file as request, response and metadata, its bytes untouched."""
    with CaptureWriter(tmp_path, "run") as writer:
        writer.write(_page(), request_headers=[("User-Agent", "u")], metadata={"title": "总工\n会"})
    kinds = _records(tmp_path / "run-00000.warc.gz")
    assert [kind for kind, _, _ in kinds] == ["warcinfo", "response", "request", "metadata"]
    assert kinds[1][2] == "总工会".encode("gb18030")
    assert kinds[3][2].decode() == "title: 总工 会\r\n"


def test_digests_and_members_are_valid(tmp_path: Path) -> None:
    """The checker of warcio checker finds nothing wrong."""
    with CaptureWriter(tmp_path, "run") as writer:
        for number in range(5):
            writer.write(_page(f"http://example.cn/{number}", body=b"x" * number))
    command = _Args()
    command.inputs = [str(tmp_path / "run-00000.warc.gz")]
    checker = Checker(command)
    checker.process_all()
    assert checker.exit_value == 0


def test_reference_leads_to_the_response(tmp_path: Path) -> None:
    """Reading length bytes at offset gives exactly the response record, in every file."""
    with CaptureWriter(tmp_path, "run", max_file_bytes=2000) as writer:
        bodies = [f"正文{number}".encode() * 50 for number in range(20)]
        references = [writer.write(_page(f"http://example.cn/{n}", body=b)) for n, b in enumerate(bodies)]
    assert len({reference.file for reference in references}) > 1
    for reference, body in zip(references, bodies, strict=True):
        with (tmp_path / reference.file).open("rb") as file:
            file.seek(reference.offset)
            part = tmp_path / "part"
            part.write_bytes(file.read(reference.length))
        assert _records(part) == [("response", reference.url, body)]
        assert reference.digest == hashlib.sha256(body).hexdigest()


def test_same_body_is_a_revisit(tmp_path: Path) -> None:
    """A body kept before, in this run or an earlier one, is kept once and referred to."""
    earlier = Original("http://example.cn/old", TIME)
    known = {hashlib.sha256(b"old").hexdigest(): earlier}
    with CaptureWriter(tmp_path, "run", find_original=known.get) as writer:
        for body in (b"new", b"new", b"old"):
            writer.write(_page(body=body))
    with (tmp_path / "run-00000.warc.gz").open("rb") as file:
        found = [
            (record.rec_type, record.rec_headers.get_header("WARC-Refers-To-Target-URI"))
            for record in ArchiveIterator(file)
            if record.rec_type in {"response", "revisit"}
        ]
    assert found == [
        ("response", None),
        ("revisit", "http://example.cn/a?id=1"),
        ("revisit", "http://example.cn/old"),
    ]


def test_bodies_of_long_ago_are_asked_of_the_archive(tmp_path: Path) -> None:
    """What a run keeps in memory of its bodies is bounded: the oldest is the archive's to know."""
    asked: list[str] = []
    with CaptureWriter(tmp_path, "run", find_original=asked.append) as writer:
        for number in range(LATEST_BODIES + 1):
            writer.write(_page(body=b"%d" % number))
        asked.clear()
        for number in (LATEST_BODIES, 1, 0):
            writer.write(_page(body=b"%d" % number))
    assert asked == [hashlib.sha256(b"0").hexdigest()]


def test_a_body_that_is_remembered_takes_few_bytes(tmp_path: Path) -> None:
    """Of a body its digest, its time and its address are kept, some 240 bytes; as records they took 336."""
    held = []
    tracemalloc.start()
    try:
        with CaptureWriter(tmp_path, "run") as writer:
            for number in range(1, 1_301):
                url = f"http://gh.linxi.example/art/2024/3/5/art_1229_{number}.html"
                writer.write(_page(url, b"%d" % number, fetched_at=datetime.now(UTC)))
                if number % 650 == 0:
                    held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert (held[1] - held[0]) / 650 < 280


def test_headers_that_no_longer_hold_are_kept_aside(tmp_path: Path) -> None:
    """A decoded body isn't called gzip or chunked, and its length is its own; repeats stay."""
    headers = (("content-encoding", "gzip"), ("transfer-encoding", "chunked"), ("content-length", "9999"))
    with CaptureWriter(tmp_path, "run") as writer:
        writer.write(_page(headers=(*headers, ("set-cookie", "a=1"), ("set-cookie", "b=2"))))
    with (tmp_path / "run-00000.warc.gz").open("rb") as file:
        response = next(record for record in ArchiveIterator(file) if record.rec_type == "response")
    assert response.http_headers.headers == [
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Transfer-Encoding", "chunked"),
        ("X-Archive-Orig-Content-Length", "9999"),
        ("set-cookie", "a=1"),
        ("set-cookie", "b=2"),
        ("Content-Length", "6"),
    ]


def test_a_run_never_touches_an_older_file(tmp_path: Path) -> None:
    """A file of that name from a killed run is left alone, torn record and all."""
    (tmp_path / "run-00000.warc.gz").write_bytes(b"torn")
    with CaptureWriter(tmp_path, "run") as writer:
        assert writer.write(_page()).file == "run-00001.warc.gz"
    assert (tmp_path / "run-00000.warc.gz").read_bytes() == b"torn"


def test_a_refusing_disk_is_reported(tmp_path: Path) -> None:
    """A folder that can't be made is an archive error with a next step."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="free space"):
        CaptureWriter(tmp_path / "file", "run").write(_page())


def test_a_record_that_the_disk_takes_in_part_is_taken_back(tmp_path: Path) -> None:
    """After a write that was cut short the file holds whole records alone, and the next page follows them."""
    noise = bytes(number * 7919 % 251 for number in range(40_000))
    writer = CaptureWriter(tmp_path, "run")
    writer.write(_page())
    path = tmp_path / "run-00000.warc.gz"
    size = path.stat().st_size
    with files_end_at(size + 99), pytest.raises(ArchiveUnwritable, match="could not be written"):
        writer.write(_page("http://example.cn/2", noise))
    assert path.stat().st_size == size
    reference = writer.write(_page("http://example.cn/3", noise))
    writer.close()
    assert (reference.file, reference.offset) == (path.name, size)
    responses = [(url, body) for kind, url, body in _records(path) if kind == "response"]
    assert [url for url, _ in responses] == ["http://example.cn/a?id=1", "http://example.cn/3"]
    assert responses[1][1] == noise


def test_a_file_that_cannot_be_begun_leaves_nothing(tmp_path: Path) -> None:
    """When not even the first record fits, no file stays, and the next page begins a new file."""
    writer = CaptureWriter(tmp_path, "run")
    with files_end_at(9), pytest.raises(ArchiveUnwritable):
        writer.write(_page())
    assert list(tmp_path.iterdir()) == []
    assert writer.write(_page()).offset > 0
    writer.close()
