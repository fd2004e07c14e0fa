"""What the WARC files of a crawl say of who made them and of the servers, by two readers of others."""

from __future__ import annotations

import socket
from pathlib import Path

from fastwarc import ArchiveIterator as FastIterator
from fastwarc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from tests.spiders.canned import article, listing
from tests.spiders.test_bounds import Answer, _Handler, _page, _served


def _site(asked: _Handler) -> Answer | None:
    if asked.path == "/list.html":
        return _page(listing(["/a/1.html"]))
    return _page(article(1)) if asked.path == "/a/1.html" else None


def test_the_files_of_a_crawl_name_operator_and_servers(tmp_path: Path) -> None:
    """The first record names operator, contact, machine, software and policy, each response its server."""
    with _served(tmp_path, _site) as (server, workplace):
        workplace.environment["UNIONCRAWL_CONTACT"] = "archive@linxi.example"
        workplace.environment["UNIONCRAWL_OPERATOR"] = "临溪市工运史馆"
        done = workplace.run("unioncrawl", "crawl", "hostile")
        assert done.returncode == 0, done.stderr
        assert server.asked == ["/robots.txt", "/list.html", "/a/1.html"]
    (path,) = (tmp_path / "data" / "captures").glob("*.warc.gz")
    with path.open("rb") as file:
        records = [
            (record.rec_type, dict(record.rec_headers.headers), record.content_stream().read().decode())
            for record in ArchiveIterator(file, check_digests="raise")
        ]
    said = dict(line.split(": ", 1) for line in records[0][2].splitlines())
    assert records[0][0] == "warcinfo"
    assert said["operator"] == "临溪市工运史馆, archive@linxi.example"
    assert said["hostname"] == socket.gethostname()
    assert said["robots"] == "obey"
    assert said["isPartOf"] == "hostile"
    assert said["software"].startswith("unioncrawl/")
    assert said["http-header-user-agent"] == f"{said['software']} (+archive@linxi.example)"
    answers = [headers for kind, headers, _ in records if kind == "response"]
    assert [headers["WARC-IP-Address"] for headers in answers] == ["127.0.0.1"] * 3
    with path.open("rb") as file:
        read = [
            (record.headers.get("WARC-IP-Address"), record.verify_block_digest())
            for record in FastIterator(file, record_types=WarcRecordType.response, parse_http=False)
        ]
    assert read == [("127.0.0.1", True)] * 3
