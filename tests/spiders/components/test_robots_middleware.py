"""What a robots.txt that does not come, or can't be read, means for the pages of its host, over HTTP."""

from __future__ import annotations

import gzip
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import HANG_SECONDS
from tests.spiders.canned import article, listing
from tests.spiders.test_bounds import Answer, _Handler, _page, _reasons, _served, _stored
from unioncrawl.guard.bounds import BODY_BYTES

_RULES = b"User-agent: *\nDisallow:\n"
_TEXT = ("Content-Type", "text/plain")


def _cut(packed: bytes) -> bytes:
    return packed[:-6]


UNREACHABLE: dict[str, Callable[[], Answer]] = {
    "server error": lambda: (503, [], b"<html>busy</html>"),
    "too many requests": lambda: (429, [], b""),
    "bomb": lambda: (200, [_TEXT, ("Content-Encoding", "gzip")], gzip.compress(_RULES + bytes(1 << 28), 1)),
    "cut packing": lambda: (200, [_TEXT, ("Content-Encoding", "gzip")], _cut(gzip.compress(_RULES * 99))),
    "too large": lambda: (200, [_TEXT], b"#" * (BODY_BYTES.default + 1)),
}
UNAVAILABLE: dict[str, Callable[[], Answer]] = {
    "missing": lambda: (404, [_TEXT], b"User-agent: *\nDisallow: /\n"),
    "forbidden": lambda: (403, [], b"<html>403</html>"),
    "endless redirect": lambda: (302, [("Location", "/robots.txt?again")], b""),
}


def _site(robots: Answer) -> Callable[[_Handler], Answer | None]:
    def answer(asked: _Handler) -> Answer | None:
        if asked.path.startswith("/robots.txt"):
            return robots
        if asked.path == "/list.html":
            return _page(listing(["/a/1.html", "/a/2.html"]))
        number = asked.path.removeprefix("/a/").removesuffix(".html")
        return _page(article(int(number))) if number.isdigit() else None

    return answer


@pytest.mark.parametrize("name", UNREACHABLE)
def test_rules_that_are_not_known_forbid_everything(tmp_path: Path, name: str) -> None:
    """No page is asked; the rejection says why, the exit code is 1, and the next run brings the articles."""
    with _served(tmp_path, _site(UNREACHABLE[name]())) as (server, workplace):
        done = workplace.run("unioncrawl", "crawl", "hostile")
        assert {path for path in server.asked if path != "/robots.txt"} == set()
        assert _reasons(workplace) == {"list.html": "robots-unreachable"}, done.stderr
        assert done.returncode == 1
        assert "with a whole robots.txt: none of its pages was requested" in done.stderr
        server.site = _site((200, [_TEXT], _RULES))
        assert workplace.run("unioncrawl", "crawl", "hostile").returncode == 0
        assert _stored(workplace) == ["1.html", "2.html"]


@pytest.mark.parametrize("name", UNAVAILABLE)
def test_rules_that_are_not_there_allow_everything(tmp_path: Path, name: str) -> None:
    """A site without a robots.txt is crawled."""
    with _served(tmp_path, _site(UNAVAILABLE[name]())) as (_, workplace):
        done = workplace.run("unioncrawl", "crawl", "hostile")
        assert _stored(workplace) == ["1.html", "2.html"], done.stderr
        assert done.returncode == 0


def test_a_robots_txt_that_a_full_disk_refuses_allows_nothing(tmp_path: Path) -> None:
    """Where its capture can't be written, no page is asked without knowing the rules."""

    def full_disk(asked: _Handler) -> Answer | None:
        if asked.path == "/robots.txt":
            limit(process, 1)
        return _site((200, [_TEXT], b"User-agent: *\nDisallow: /\n"))(asked)

    with _served(tmp_path, full_disk) as (server, workplace):
        workplace.environment["UNIONCRAWL_UNWRITABLE_SECONDS"] = "2"
        process = workplace.start("unioncrawl", "crawl", "hostile")
        _, err = process.communicate(timeout=HANG_SECONDS)
        assert process.returncode == 3, err
        assert server.asked == ["/robots.txt"]


def limit(process: subprocess.Popen[str], most_bytes: int) -> None:
    """Let no file of a process grow beyond so many bytes."""
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (most_bytes, hard))
