"""A WACZ file is whole, replays, and holds nothing that was withdrawn."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.archive.exports.shared_archive import ADDRESSES, WITHDRAWN, Shared, page_of
from tests.processes import start, wait_until
from unioncrawl.archive.exports.export import ExportRequest, export_file
from unioncrawl.archive.exports.replay.address_index import index_blocks, second_index, url_key


@pytest.fixture(scope="module")
def wacz(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All articles of the shared archive as a WACZ file."""
    path = tmp_path_factory.mktemp("wacz") / "all.wacz"
    shared.export(path, "wacz")
    return path


def _encoded(url: str) -> str:
    return quote(url, safe=":/?&=")


def _index(bundle: zipfile.ZipFile) -> list[dict[str, Any]]:
    lines = gzip.decompress(bundle.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines)
    return [{"key": line.split(" ")[0], **json.loads(line.split(" ", 2)[2])} for line in lines]


def test_the_index_leads_to_every_page(wacz: Path) -> None:
    """At each place of the index stands the record of that address, whole, with the body as it came."""
    with zipfile.ZipFile(wacz) as bundle:
        records = bundle.read("archive/data-00000.warc.gz")
        found = {}
        for entry in _index(bundle):
            at, length = int(entry["offset"]), int(entry["length"])
            record = next(ArchiveIterator(io.BytesIO(records[at : at + length])))
            assert record.rec_type == "response"
            found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    assert found == {_encoded(url): page_of(number) for number, url in enumerate(ADDRESSES[:3], 1)}


def test_each_entry_has_a_field_in_the_list_of_entries(wacz: Path) -> None:
    """Players that look at an entry's own head only where the list has a field for it find its beginning."""
    content = wacz.read_bytes()
    with zipfile.ZipFile(wacz) as bundle:
        for entry in bundle.infolist():
            assert entry.extra
            name, own = struct.unpack_from("<HH", content, entry.header_offset + 26)
            begin = entry.header_offset + 30 + name + own
            assert content[begin : begin + entry.file_size] == bundle.read(entry)


def test_the_description_has_the_digest_of_every_entry(wacz: Path) -> None:
    """Each entry is stored as it is, described with size and digest, and the description has a digest too."""
    with zipfile.ZipFile(wacz) as bundle:
        package = json.loads(bundle.read("datapackage.json"))
        described = {one["path"]: (one["bytes"], one["hash"]) for one in package["resources"]}
        held = {
            name: (len(bundle.read(name)), f"sha256:{hashlib.sha256(bundle.read(name)).hexdigest()}")
            for name in bundle.namelist()
        }
        digest = json.loads(bundle.read("datapackage-digest.json"))
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
    own = held.pop("datapackage.json")
    del held["datapackage-digest.json"]
    assert described == held
    assert digest == {"path": "datapackage.json", "hash": own[1]}
    assert package["wacz_version"] == "1.1.1"


def test_the_pages_are_the_articles(wacz: Path, shared: Shared) -> None:
    """Each article that was not withdrawn is a page; an article without captures is counted."""
    with zipfile.ZipFile(wacz) as bundle:
        head, *pages = map(json.loads, bundle.read("pages/pages.jsonl").decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert [page["url"] for page in pages] == [_encoded(url) for url in ADDRESSES[:3]]
    assert pages[0]["ts"] == "2024-05-08T18:30:00Z"
    assert shared.export(wacz.with_name("one.wacz"), "wacz", query="site:donghe").rows == 1


def test_a_withdrawn_page_is_in_no_entry(wacz: Path) -> None:
    """Neither text, title nor address of a withdrawn article is in the file."""
    with zipfile.ZipFile(wacz) as bundle:
        held = [bundle.read(name) for name in bundle.namelist()]
    unpacked = b"".join(gzip.decompress(one) if one.startswith(b"\x1f\x8b") else one for one in held)
    assert page_of(1) in unpacked
    assert WITHDRAWN.encode() not in unpacked
    assert ADDRESSES[3].encode() not in unpacked


def test_a_capture_that_is_gone_is_reported(shared: Shared, tmp_path: Path) -> None:
    """Captures that can't be read are named, and the file holds the others."""
    request = ExportRequest(captures=tmp_path / "nowhere")
    with shared.archive.engine.connect() as connection:
        exported = export_file(connection, request, "wacz", tmp_path / "a.wacz")
    assert (exported.rows, len(request.damaged)) == (0, 3)
    assert "3 articles have no captured page" in request.notes[0]


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www2.linxi.cn/A/./b//../C.html?", "cn,linxi)/a/c.html"),
        ("https://linxi.cn/a;jsessionid=0123456789abcdef0123456789ABCDEF?x", "cn,linxi)/a?x"),
        ("http://127.0.0.1:8080/%E5%B7%A5?q=%E4%BC%9A", "127.0.0.1:8080)/%e5%b7%a5?q=%e4%bc%9a"),
        ("http://总工会.cn/", "cn,xn--6oq837aiwb)/"),
        ("http://linxi.cn/?b&a=2&a=10&a", "cn,linxi)/?a&a=10&a=2&b"),
    ],
)
def test_keys_are_those_of_wayback_machines(url: str, key: str) -> None:
    """Addresses are folded as replay looks them up."""
    assert url_key(url) == key


def test_a_large_index_has_blocks(shared: Shared, wacz: Path) -> None:
    """The second index names the first line of each block, and where the block stands."""
    del shared
    with zipfile.ZipFile(wacz) as bundle:
        blocks, second = bundle.read("indexes/index.cdx.gz"), bundle.read("indexes/index.idx").decode()
    meta, first = second.splitlines()
    assert json.loads(meta.removeprefix("!meta 0 "))["filename"] == "index.cdx.gz"
    place = json.loads(first[first.index("{") :])
    assert place == {"offset": 0, "length": len(blocks)}
    assert list(index_blocks([])) == []
    assert (
        second_index([("a 1", b"xx"), ("b 2", b"yyy")], "i").splitlines()[2]
        == b'b 2 {"offset": 2, "length": 3}'
    )


def _pywb() -> Path:
    """The folder of pywb's programs, in an environment of its own: its brotlipy takes brotli's place."""
    beside = Path(sys.prefix) / "replay" / "bin"
    found = shutil.which("wayback", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        pytest.fail("pywb is missing: make test installs it")
    return Path(found).parent


@pytest.fixture
def wayback(wacz: Path, tmp_path: Path) -> Iterator[str]:
    """The file in a real pywb; the address of its collection."""
    programs = _pywb()
    # What ``wb-manager init news`` makes; each start of pywb takes seconds.
    for name in ("archive", "indexes", "static", "templates"):
        (tmp_path / "collections" / "news" / name).mkdir(parents=True)
    command = [str(programs / "wb-manager"), "add", "--unpack-wacz", "news", str(wacz)]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    process = start([programs / "wayback", "-b", "127.0.0.1", "-p", str(port)], cwd=tmp_path)
    address = f"http://127.0.0.1:{port}/news"

    def is_up() -> bool:
        try:
            with urllib.request.urlopen(f"{address}/") as answer:  # noqa: S310 - loopback
                return bool(answer.status)
        except OSError:
            return False

    wait_until(is_up, process)
    yield address
    process.terminate()
    process.wait()


def test_pywb_replays_every_page(wayback: str) -> None:
    """Each page comes from pywb as it was captured: with a query, in Chinese, and from a revisit."""
    for number, url in enumerate(ADDRESSES[:3], 1):
        asked = f"{wayback}/20240508183000id_/{_encoded(url)}"
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - loopback
            assert answer.read() == page_of(number), url
