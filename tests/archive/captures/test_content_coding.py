"""Unpacking bodies: every coding as it was, and no body beyond the bounds."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from unioncrawl.archive.captures.content_coding import unpacked
from unioncrawl.errors import ArgumentInvalid, UnpacksTooLarge
from unioncrawl.guard.bounds import BODY_BYTES, CODINGS, UNPACK_RATIO

PAGE = "<p>市总工会慰问一线职工</p>".encode() * 1000
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
# A child that may have 400 MB of addresses unpacks a gigabyte of zeros, made in pieces.
_CHILD = """
import resource, sys, zlib
import brotli, zstandard
from unioncrawl.archive.captures.content_coding import unpacked
coding, piece, parts = sys.argv[1], bytes(1 << 20), []
packer = {"gzip": lambda: zlib.compressobj(1, wbits=31), "br": lambda: brotli.Compressor(quality=1),
          "zstd": lambda: zstandard.ZstdCompressor().compressobj()}[coding]()
push = packer.process if coding == "br" else packer.compress
for _ in range(1024):
    parts.append(push(piece))
parts.append(packer.finish() if coding == "br" else packer.flush())
body = b"".join(parts)
resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))
try:
    unpacked(body, {"content-encoding": coding})
except ValueError as error:
    print(type(error).__name__)
"""


@pytest.mark.parametrize("coding", PACKERS)
def test_a_body_comes_out_as_it_was(coding: str) -> None:
    """Each coding is taken off, an empty body too."""
    for body in (PAGE, b"", b"<p>"):
        assert unpacked(PACKERS[coding](body), {"content-encoding": coding}) == body


@pytest.mark.parametrize("coding", PACKERS)
def test_a_cut_or_damaged_body_is_said(coding: str) -> None:
    """A stream that ends too early, or has a byte changed at its head, raises ValueError."""
    packed = PACKERS[coding](PAGE)
    for wrong in (packed[:-5], b"\x07" + packed[1:-1]):
        with pytest.raises(ValueError, match="damaged"):
            unpacked(wrong, {"content-encoding": coding})


def test_members_of_gzip_that_follow_each_other_are_one_body() -> None:
    """RFC 1952 lets a gzip stream have several members; before, the first alone was read."""
    body = gzip.compress(PAGE) + gzip.compress("<p>第二部分</p>".encode())
    assert unpacked(body, {"content-encoding": "gzip"}) == PAGE + "<p>第二部分</p>".encode()


def test_frames_of_zstd_that_follow_each_other_are_one_body() -> None:
    """So do frames of zstd (RFC 8878 section 3.1)."""
    body = zstandard.compress(PAGE) + zstandard.compress(b"<p>2</p>")
    assert unpacked(body, {"content-encoding": "zstd"}) == PAGE + b"<p>2</p>"


def test_stacked_codings_come_off_in_their_order() -> None:
    """Several codings are taken off from the last to the first; more than the bound is refused."""
    body = brotli.compress(gzip.compress(PAGE))
    assert unpacked(body, {"content-encoding": "gzip, br"}) == PAGE
    with pytest.raises(UnpacksTooLarge, match="codings"):
        unpacked(body, {"content-encoding": ", ".join(["gzip"] * (CODINGS.default + 1))})


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_bomb_is_refused_in_little_memory(coding: str) -> None:
    """A gigabyte of zeros is given up within 400 MB of address space, by its kind."""
    done = subprocess.run([sys.executable, "-c", _CHILD, coding], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "UnpacksTooLarge", done.stderr


def test_a_bomb_within_a_bomb_is_refused() -> None:
    """The bound is that of the bytes that came, whatever the inner codings hold."""
    body = gzip.compress(gzip.compress(bytes(1 << 26)))
    with pytest.raises(UnpacksTooLarge, match="4,194,304 bytes"):
        unpacked(body, {"content-encoding": "gzip, gzip"})


def test_a_list_of_equal_rows_is_no_bomb() -> None:
    """A hundred thousand rows of a list, which differ by their number and day alone, stay below the ratio."""
    rows = "".join(
        f"<li><a href='/ghyw/{n}.html'>市总工会举办职工技能竞赛</a><span>2025-03-01</span></li>\n"
        for n in range(100_000)
    ).encode()
    packed = brotli.compress(rows, quality=5)
    assert len(rows) > 1 << 22
    assert len(rows) * 2 < len(packed) * UNPACK_RATIO.default
    assert unpacked(packed, {"content-encoding": "br"}) == rows


def test_a_user_may_let_in_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both bounds follow an environment variable of their name; a wrong value is said."""
    body = gzip.compress(bytes(10 << 20))
    monkeypatch.setenv(UNPACK_RATIO.name, "2000")
    assert len(unpacked(body, {"content-encoding": "gzip"})) == 10 << 20
    monkeypatch.setenv(BODY_BYTES.name, "5_000_000")
    with pytest.raises(UnpacksTooLarge, match="5,000,000"):
        unpacked(body, {"content-encoding": "gzip"})
    monkeypatch.setenv(BODY_BYTES.name, "plenty")
    with pytest.raises(ArgumentInvalid, match="plenty"):
        unpacked(body, {"content-encoding": "gzip"})
