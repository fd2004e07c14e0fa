"""Files that unpack to more than the memory there is, or are as large: an error of ours, in little memory."""

from __future__ import annotations

import gzip
import json
import resource
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
import zstandard

from tests.commands.test_repair import warc_response
from unioncrawl.guard.bounds import BODY_BYTES

_ZEROS = bytes(1 << 20)
_PARTS = 320
# The interpreter and the models take more than a third of it, and leave no place for what is unpacked whole.
ADDRESS_SPACE = 400 << 20


def _bomb(coding: str) -> bytes:
    """Five times `BODY_BYTES` of zeros, packed."""
    packers: dict[str, Callable[[], Any]] = {
        "gzip": lambda: zlib.compressobj(1, wbits=31),
        "br": lambda: brotli.Compressor(quality=1),
        "zstd": lambda: zstandard.ZstdCompressor().compressobj(),
    }
    packer = packers[coding]()
    push = packer.process if coding == "br" else packer.compress
    parts: list[bytes] = [push(_ZEROS) for _ in range(_PARTS)]
    parts.append(packer.finish() if coding == "br" else packer.flush())
    return b"".join(parts)


def _run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``unioncrawl …`` with little address space."""
    return subprocess.run(
        [sys.executable, "-m", "unioncrawl", *map(str, command)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE)),
    )


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_packed_text_is_repaired_within_the_bound(tmp_path: Path, coding: str) -> None:
    """A text that unpacks to five times the bound is an error that names the bound."""
    file = tmp_path / "bomb"
    file.write_bytes(_bomb(coding))
    done = _run("repair", file)
    assert done.returncode == 1
    assert BODY_BYTES.name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_packed_line_without_end_is_passed_on_in_pieces(tmp_path: Path, coding: str) -> None:
    """A pile whose first line has 320 MB is read in constant memory; the lines after it are repaired."""
    file, out = tmp_path / "pile", tmp_path / "out.jsonl.gz"
    line = b"\n" + json.dumps({"text": "&ldquo;五一&rdquo;劳动奖章"}).encode() + b"\n"
    file.write_bytes(_bomb(coding) + (gzip.compress(line) if coding == "gzip" else zstandard.compress(line)))
    done = _run("repair", "--jsonl", file, "-o", out)
    assert "Traceback" not in done.stderr, done.stderr
    assert "line 1" in done.stderr
    with gzip.open(out) as lines:
        lines.seek(_PARTS * len(_ZEROS) + 1)
        assert json.loads(lines.read())["text"] == "“五一”劳动奖章"


def test_bombs_in_a_warc_cost_themselves(tmp_path: Path) -> None:
    """Each packed body beyond the bounds is a bad record; the pages around them come out, unpacked."""
    file = tmp_path / "crawl.warc"
    page = "县总工会召开会议".encode()
    records = [
        warc_response("http://a.example/1.html", "text/plain\r\nContent-Encoding: gzip", gzip.compress(page))
    ]
    records += [
        warc_response("http://a.example/2.html", f"text/html\r\nContent-Encoding: {coding}", _bomb(coding))
        for coding in ("gzip", "br", "zstd")
    ]
    records += [warc_response("http://a.example/3.html", "text/plain", page)]
    file.write_bytes(b"".join(records))
    done = _run("repair", "--warc", file)
    texts = [json.loads(line)["text"] for line in done.stdout.splitlines()]
    assert texts == [page.decode()] * 2, done.stderr
    assert done.stderr.count("unpacks to more than") == 3
    assert done.returncode == 1


@pytest.mark.parametrize("command", ["extract", "decode", "sites new", "repair"])
def test_a_file_without_end_is_an_error(tmp_path: Path, command: str) -> None:
    """A saved page of four gigabytes is refused by its size, in one sentence."""
    file = tmp_path / "page.html"
    with file.open("wb") as sparse:
        sparse.truncate(4 << 30)
    done = _run(*command.split(), file)
    assert done.returncode == 1
    assert f"more than {BODY_BYTES.default:,} bytes" in done.stderr
    assert "Traceback" not in done.stderr
