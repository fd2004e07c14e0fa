"""A body that ended too early is flagged, kept and asked again; one that only seems so is whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import archive_at
from tests.guard.place import Ended, Place
from tests.guard.raw_server import Raw, head
from tests.guard.stories import article, body_of, listing
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.store import Archive

SITE = "cut"
_REVISIT = "[revisit]\nminimum_hours = 0\nshare_of_age = 0\nuntil_days = 90000\n"


def _own(name: str) -> str:
    return f"/20250301/{name}.html"


def _chunked(body: bytes, *, ends: bool) -> bytes:
    return head("Transfer-Encoding: chunked") + b"%x\r\n%s\r\n" % (len(body), body) + b"0\r\n\r\n" * ends


def _part(body: bytes) -> bytes:
    """The page up to the middle of its last paragraph."""
    return body[: body.rindex("第4段".encode())]


# How a page comes: name -> the bytes of the answer, by the page.
CUT: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda page: (
        head("Content-Encoding: gzip", f"Content-Length: {len(gzip.compress(page, 0)) - 400}")
        + gzip.compress(page, 0)[:-400]
    ),
    "no-length": lambda page: head() + _part(page),
    "no-length-after-a-tag": lambda page: head() + page[: page.rindex(b"<p>")],
    "length": lambda page: head(f"Content-Length: {len(page)}") + _part(page),
    "chunk": lambda page: head("Transfer-Encoding: chunked") + b"%x\r\n" % len(page) + _part(page),
    "last-chunk": lambda page: _chunked(_part(page), ends=False),
}
WHOLE: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda page: head(f"Content-Length: {len(page)}") + page,
    "wrong-length": lambda page: head(f"Content-Length: {len(page) + 5000}") + page,
    "closed": lambda page: head() + page,
    "unfinished-chunks": lambda page: _chunked(page, ends=False),
    "old-template": lambda page: head() + page.replace(b"</body></html>", b"</body>"),
}
NAMES = [*CUT, *WHOLE]


@dataclass(frozen=True)
class Crawled:
    """Two runs: in the second one every page comes whole."""

    place: Place
    first: Ended
    texts: dict[str, str]
    cut: set[str]
    asked: dict[str, int]
    second: Ended


def _texts(place: Place) -> dict[str, str]:
    rows = place.rows(
        "select a.url, r.body_text from article a join revision r on r.id = a.revision_id order by a.id"
    )
    return {url.rpartition("/")[2].removesuffix(".html"): text for url, text in rows}


def _flagged(place: Place) -> set[str]:
    with Archive.open(archive_at(place.folder / "data" / "archive.db"), create=False) as archive:
        connection = archive.engine.connect()
        with connection:
            numbers = [number for (number,) in place.rows("select id from article")]
            found = [one.record.url for one in load_articles(connection, numbers) if one.record.body_is_cut]
    return {url.rpartition("/")[2].removesuffix(".html") for url in found}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """A site whose pages come in every way, crawled twice."""
    place = Place(tmp_path_factory.mktemp("cut"))
    pages = {name: article(number, "断") for number, name in enumerate(NAMES)}
    with Raw() as server:
        ways = CUT | WHOLE
        server.answers |= {_own(name): ways[name](pages[name].encode()) for name in NAMES}
        listed = listing([_own(name) for name in NAMES]).encode()
        server.answers["/list.html"] = WHOLE["plain"](listed)
        place.site(SITE, server.host, [f"{server.url}/list.html"])
        first = place.run("scrapy", "crawl", SITE, "-s", "RETRY_TIMES=1")
        texts, cut, asked = _texts(place), _flagged(place), dict(server.asked)
        server.answers |= {_own(name): WHOLE["plain"](pages[name].encode()) for name in NAMES}
        second = place.unioncrawl("crawl", SITE, "--json")
        yield Crawled(place, first, texts, cut, asked, second)


@pytest.mark.parametrize("name", CUT)
def test_a_cut_body_is_kept_flagged_and_asked_again(crawled: Crawled, name: str) -> None:
    """What came is stored with a flag and a row, after a second try; the next run brings the whole text."""
    paragraphs = body_of(NAMES.index(name), "断")
    assert paragraphs[0] in crawled.texts[name], crawled.first.said
    assert paragraphs[-1] not in crawled.texts[name]
    assert name in crawled.cut
    assert crawled.asked[_own(name)] == 2
    assert any("body-cut" in line and _own(name) in line for line in crawled.place.rejections(SITE))
    assert paragraphs[-1] in _texts(crawled.place)[name], crawled.second.said
    assert name not in _flagged(crawled.place)


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_page_is_whole_whatever_its_head_says(crawled: Crawled, name: str) -> None:
    """A page that ends with its last tag is stored at once, without a flag, and not asked again."""
    assert body_of(NAMES.index(name), "断")[-1] in crawled.texts[name], crawled.first.said
    assert name not in crawled.cut
    assert crawled.asked[_own(name)] == 1


def test_the_runs_add_up(crawled: Crawled) -> None:
    """A cut article is stored; the run that brings the rest makes a revision of it."""
    record = json.loads(crawled.second.out)[0]
    assert record["revised"] == len(CUT), crawled.second.said
    assert record["entries"]["known"] == record["entries"]["total"] == len(NAMES)
    assert crawled.second.code == 0


def test_a_known_article_does_not_become_shorter(tmp_path: Path) -> None:
    """A visit that brings only a part of a known article leaves its text, and is owed again."""
    page = article(1, "存").encode()
    place = Place(tmp_path)
    with Raw() as server:
        server.answers[_own("a")] = [WHOLE["plain"](page), CUT["length"](page)]
        server.answers["/list.html"] = WHOLE["plain"](listing([_own("a")]).encode())
        place.site(SITE, server.host, [f"{server.url}/list.html"], more=_REVISIT)
        place.run("scrapy", "crawl", SITE)
        ended = place.run("scrapy", "crawl", SITE, "-s", "RETRY_TIMES=0")
    assert place.rows("select count(*) from revision") == [(1,)], ended.said
    assert server.asked[_own("a")] == 2
    assert [line.split()[1] for line in place.rejections(SITE)] == ["body-cut"]


def test_a_cut_list_is_no_end(tmp_path: Path) -> None:
    """A list whose connection was closed in the middle fails the run, which names it."""
    place = Place(tmp_path)
    with Raw() as server:
        server.answers[_own("a")] = WHOLE["plain"](article(1, "列").encode())
        server.answers["/list.html"] = head() + listing([_own("a"), _own("b")]).encode()[:-60]
        place.site(SITE, server.host, [f"{server.url}/list.html"])
        ended = place.unioncrawl("crawl", SITE)
    assert ended.code == 1, ended.said
    assert "a list broke off" in ended.err
    assert any("cut-off" in line for line in place.rejections(SITE))
