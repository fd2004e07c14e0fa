"""Whatever a site sends without end, a run stays bounded, and the other sites of the run complete."""

from __future__ import annotations

import gzip
import re
import threading
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import brotli
import pytest
import zstandard

from tests.guard.hostile import Answer, Hostile, page
from tests.guard.place import Ended, Place, memory, processor
from tests.guard.stories import article, listing

_CHUNK = bytes(1 << 26)
# What the bombs unpack to, which is far more than a run may take.
BOMB_BYTES = 25 * len(_CHUNK)
# A run over these sites takes about a third of it; one bomb unpacked takes three times as much.
MOST_BYTES = 700 << 20
# A child that reaches for more gets a MemoryError instead of the machine's memory.
ADDRESS_SPACE = 6 << 30
GOOD = range(1, 7)


@cache
def gzip_bomb() -> bytes:
    """1.6 GB of zeros in 1.6 MB: one deflated block again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = packer.compress(b"<html>") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(_CHUNK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (BOMB_BYTES // len(_CHUNK))


@cache
def deflate_bomb() -> bytes:
    """The same without gzip's head."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15)
    head = packer.compress(b"<html>") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(_CHUNK) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * (BOMB_BYTES // len(_CHUNK))


@cache
def brotli_bomb() -> bytes:
    """1.6 GB of zeros in some kilobytes."""
    packer = brotli.Compressor(quality=5, lgwin=24)
    packed = b"".join(packer.process(_CHUNK) for _ in range(BOMB_BYTES // len(_CHUNK)))
    return bytes(packed + packer.finish())


@cache
def zstd_bomb() -> bytes:
    """1.6 GB of zeros in some kilobytes, in one frame."""
    packer = zstandard.ZstdCompressor(level=3).compressobj()
    packed = b"".join(packer.compress(_CHUNK) for _ in range(BOMB_BYTES // len(_CHUNK)))
    return packed + packer.flush()


@cache
def twice_packed() -> bytes:
    """A gzip file within a gzip body."""
    return gzip.compress(gzip.compress(bytes(1 << 27)))


def _coded(coding: str, body: bytes, content_type: str = "text/html") -> Answer:
    return Answer(body, headers=(("Content-Encoding", coding),), content_type=content_type)


BOMBS: dict[str, Callable[[], Answer]] = {
    "gzip": lambda: _coded("gzip", gzip_bomb()),
    "deflate": lambda: _coded("deflate", deflate_bomb()),
    "brotli": lambda: _coded("br", brotli_bomb()),
    "zstd": lambda: _coded("zstd", zstd_bomb()),
    "many-codings": lambda: _coded(", ".join(["gzip"] * 50), twice_packed()),
    "file": lambda: Answer(gzip_bomb(), content_type="application/x-gzip"),
    "file-in-gzip": lambda: _coded("gzip", twice_packed(), "application/x-gzip"),
    "long": lambda: Answer(b"<p>" + b"x" * (70 << 20)),
}


def serve_good(hostile: Hostile, name: str) -> str:
    """A good list of six articles below ``/NAME/``; the list's path."""
    links = [f"/{name}/20250301/{number}.html" for number in GOOD]
    hostile.pages[f"/{name}/list.html"] = page(listing(links))
    hostile.pages.update({link: page(article(n, name)) for n, link in enumerate(links, start=1)})
    return f"/{name}/list.html"


@dataclass(frozen=True)
class Bombed:
    """A run over bombs, and what it stored."""

    place: Place
    ended: Ended
    host: str


@pytest.fixture(scope="module")
def bombed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bombed]:
    """Bombs as lists, articles, counters and robots.txt, beside good columns and a good site, in one run."""
    with Hostile() as hostile, Hostile() as robots, Hostile() as good:
        place = Place(tmp_path_factory.mktemp("bounds"))
        for name, make in BOMBS.items():
            for role in ("list", "counter"):
                hostile.pages[f"/{role}-{name}/{role}.html"] = make()
            hostile.pages[f"/article-{name}/20250301/9.html"] = make()
            script = f'点击：<script src="/counter-{name}/hits?id=1"></script>'
            hostile.pages[f"/counter-{name}/hits?id=1"] = make()
            counted = article(8, f"counter-{name}", after=script, line="发布时间：2025-03-02 09:30")
            hostile.pages[f"/counter-{name}/20250301/8.html"] = page(counted)
        attacks = [f"/article-{name}/20250301/9.html" for name in BOMBS]
        attacks += [f"/counter-{name}/20250301/8.html" for name in BOMBS]
        hostile.pages["/attacks.html"] = page(listing(attacks))
        columns = [f"/list-{name}/list.html" for name in BOMBS]
        columns += ["/attacks.html", serve_good(hostile, "beside")]
        place.site("bombs", hostile.host, [hostile.url + path for path in columns])
        robots.pages["/robots.txt"] = _coded("gzip", gzip_bomb(), "text/plain")
        place.site("robots", robots.host, [robots.url + serve_good(robots, "robots")])
        place.site("good", good.host, [good.url + serve_good(good, "good")])
        ended = place.unioncrawl("crawl", "bombs", "robots", "good", limit=memory(ADDRESS_SPACE))
        yield Bombed(place, ended, hostile.host)


def test_bombs_are_not_unpacked(bombed: Bombed) -> None:
    """Memory stays bounded, whatever bodies unpack to."""
    assert bombed.ended.peak_bytes < MOST_BYTES, bombed.ended.said


def test_a_run_over_bombs_ends_in_order(bombed: Bombed) -> None:
    """The run ends with its summary and no traceback."""
    assert not bombed.ended.has_traceback, bombed.ended.said
    assert "good" in bombed.ended.out, bombed.ended.said


@pytest.mark.parametrize(("site", "name"), [("bombs", "beside"), ("good", "good")])
def test_what_stands_beside_a_bomb_is_complete(bombed: Bombed, site: str, name: str) -> None:
    """Other articles of the column, other columns and other sites are stored whole."""
    stored = [url for url in bombed.place.stored(site) if f"/{name}/" in url]
    assert len(stored) == len(GOOD), bombed.ended.said


def test_a_site_whose_rules_are_a_bomb_is_not_asked(bombed: Bombed) -> None:
    """Where robots.txt is a bomb nothing is known of what it forbids: a rejection, and no article."""
    assert bombed.place.stored("robots") == []
    assert "robots-unreachable" in " ".join(bombed.place.rejections("robots")), bombed.ended.said


@pytest.mark.parametrize("role", ["list", "article"])
@pytest.mark.parametrize("name", BOMBS)
def test_each_bomb_is_a_rejection(bombed: Bombed, role: str, name: str) -> None:
    """A bomb as a list or an article is rejected with a reason."""
    assert [line for line in bombed.place.rejections("bombs") if f"/{role}-{name}/" in line]


@pytest.mark.parametrize("name", BOMBS)
def test_an_article_survives_the_bomb_that_is_its_counter(bombed: Bombed, name: str) -> None:
    """An article whose counter answers a bomb is stored, without hits."""
    found = bombed.place.rows(
        "select hits from article where url like ?", f"%/counter-{name}/20250301/8.html"
    )
    assert found == [(None,)], bombed.ended.said


# Without end


def _endless(target: str) -> Answer | None:
    """Pagers and calendars without end, and what they list."""
    found = re.match(r"/endless/(pager|calendar|query)/(\d+)(.*)", target)
    if found is not None:
        name, number = found[1], int(found[2])
        link = f"/endless-{name}/20250301/{number}.html"
        after = {
            "pager": f"<a href='/endless/pager/{number + 1}'>下一页</a>",
            "calendar": f"<a href='/endless/calendar/{number + 1}'>下一页</a>",
            "query": f"<a href='/endless/query/{number + 1}?s={'a' * number}'>下一页</a>",
        }[name]
        return page(listing([link], after=after))
    if target.startswith("/endless-"):
        return page("<p>404</p>", 404)
    if target.startswith("/maps/"):
        number = int(target.split("/")[2].partition(".")[0])
        children = "".join(f"<sitemap><loc>/maps/{number * 10 + n}.xml</loc></sitemap>" for n in range(10))
        return Answer(f"<sitemapindex>{children}</sitemapindex>".encode(), content_type="text/xml")
    return None


def _sitemap(locations: list[str]) -> Answer:
    children = "".join(f"<sitemap><loc>{location}</loc></sitemap>" for location in locations)
    return Answer(f"<sitemapindex>{children}</sitemapindex>".encode(), content_type="text/xml")


LISTS_AT_MOST = "20"
MOST_ENTRIES = 100


def test_lists_without_end_come_to_an_end(place: Place, hostile: Hostile) -> None:
    """Pagers, calendars and sitemaps without end are bounded by a setting; the rest is stored."""
    hostile.made.append(_endless)
    hostile.pages["/self.xml"] = _sitemap(["/self.xml"])
    hostile.pages["/many.xml"] = _sitemap([f"/child/{number}.xml" for number in range(20_000)])
    columns = ["/endless/pager/1", "/endless/calendar/1", "/endless/query/1", "/maps/1.xml"]
    columns += ["/self.xml", "/many.xml", serve_good(hostile, "beside")]
    place.site("endless", hostile.host, [hostile.url + path for path in columns])
    options = ("-s", f"UNIONCRAWL_MAX_LIST_PAGES={LISTS_AT_MOST}", "-s", "UNIONCRAWL_MAX_SITEMAPS=20")
    ended = place.run("scrapy", "crawl", "endless", *options, limit=processor(60))
    assert ended.code == 0, ended.said
    assert not ended.has_traceback, ended.said
    assert len([url for url in place.stored("endless") if "/beside/" in url]) == len(GOOD)
    asked = sum(number for path, number in hostile.asked.items() if not path.startswith("/beside"))
    assert asked < 1000, ended.said


def test_a_list_of_very_many_links_is_bounded(place: Place, hostile: Hostile) -> None:
    """Of a list of 200,000 links no more are asked for than a setting allows, and memory stays bounded."""
    elsewhere = "".join(f"<a href='http://a.test/20250301/{n}.html'>工会{n}</a>" for n in range(195_000))
    own = "".join(f"<a href='/many/20250301/{n}.html'>工会{n}</a>" for n in range(5_000))
    hostile.pages["/many.html"] = page(f"<html><body>{own}{elsewhere}</body></html>")
    columns = ["/many.html", serve_good(hostile, "beside")]
    place.site("many", hostile.host, [hostile.url + path for path in columns])
    options = ("-s", f"UNIONCRAWL_MAX_ENTRIES={MOST_ENTRIES}")
    ended = place.run("scrapy", "crawl", "many", *options, limit=processor(60))
    assert ended.peak_bytes < MOST_BYTES, ended.said
    assert len([url for url in place.stored("many") if "/beside/" in url]) == len(GOOD), ended.said
    assert len([path for path in hostile.asked if path.startswith("/many/")]) <= MOST_ENTRIES


# Cookies, headers, drips


def test_cookies_cannot_lock_the_crawl_out(place: Place, hostile: Hostile) -> None:
    """After a bomb of cookies the server still reads our requests: no 431, all articles stored."""
    path = serve_good(hostile, "cookies")
    bomb = [("Set-Cookie", f"c{number}={'x' * 4000}; path=/") for number in range(100)]
    hostile.pages[path] = page(
        listing([f"/cookies/20250301/{number}.html" for number in GOOD]), headers=[*bomb, ("X-Small", "1")]
    )
    place.site("cookies", hostile.host, [hostile.url + path])
    hostile.longest_head_bytes = 8190
    ended = place.unioncrawl("crawl", "cookies")
    assert len(place.stored("cookies")) == len(GOOD), ended.said
    assert ended.code == 0


FLOODS: dict[str, Answer] = {
    "many-headers": page(article(9, "many"), headers=[(f"X-{n}", "1") for n in range(100_000)]),
    "long-header": page(article(9, "long"), headers=[("X-Long", "x" * (8 << 20))]),
    "same-header": page(article(9, "same"), headers=[("Vary", "x" * 100)] * 50_000),
    "endless-redirect": Answer(b"", 302, (("Location", "/flood/20250301/endless-redirect.html"),)),
    "location-long": Answer(b"", 302, (("Location", "/" + "x" * 1_000_000),)),
    "length-false": page(article(9, "length"), headers=[("Content-Length", "999999999999")]),
    "length-many": page(article(9, "length"), headers=[("Content-Length", "5"), ("Content-Length", "7")]),
    "length-negative": page(article(9, "length"), headers=[("Content-Length", "-5")]),
    "refused-431": page("<p>431</p>", 431),
}


def test_floods_and_drips_cost_one_article_each(place: Place, hostile: Hostile) -> None:
    """Header floods, false lengths and dripping bodies are rejections; the others are stored."""
    ended_run = threading.Event()
    path = serve_good(hostile, "flood")
    drip = Answer(article(9, "drip").encode(), wait=ended_run.wait)
    hostile.pages.update({f"/flood/20250301/{name}.html": answer for name, answer in FLOODS.items()})
    hostile.pages["/flood/20250301/drip.html"] = drip
    bad = [f"/flood/20250301/{name}.html" for name in (*FLOODS, "drip")]
    hostile.pages[path] = page(listing([*bad, *(f"/flood/20250301/{number}.html" for number in GOOD)]))
    place.site("floods", hostile.host, [hostile.url + path])
    try:
        ended = place.run("scrapy", "crawl", "floods", "-s", "DOWNLOAD_TIMEOUT=4", "-s", "RETRY_TIMES=0")
    finally:
        ended_run.set()
    assert not ended.has_traceback, ended.said
    stored = [url.rpartition("/")[2] for url in place.stored("floods")]
    assert {f"{number}.html" for number in GOOD} <= set(stored), ended.said
    rejected = " ".join(place.rejections("floods"))
    for name in (*FLOODS, "drip"):
        assert f"{name}.html" in stored or f"/{name}.html" in rejected, (name, ended.said)


# Bombs in files that a user gives


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_an_imported_bomb_is_reported(place: Place, coding: str) -> None:
    """A bomb in an imported WARC costs itself: memory stays bounded, what follows it is taken."""
    packed = {"gzip": gzip_bomb, "br": brotli_bomb, "zstd": zstd_bomb, "deflate": deflate_bomb}[coding]()
    records = [
        _record(1, article(1, "前").encode(), b""),
        _record(2, packed, f"Content-Encoding: {coding}\r\n".encode()),
        _record(3, article(3, "后").encode(), b""),
    ]
    (place.folder / "old.warc").write_bytes(b"".join(records))
    ended = place.unioncrawl("import", "old.warc", "--site", "old", limit=memory(ADDRESS_SPACE))
    assert not ended.has_traceback, ended.said
    assert ended.peak_bytes < MOST_BYTES
    assert len(place.rows("select url from article")) == 2, ended.said


def _record(number: int, body: bytes, more: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n" + more + b"\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2025-03-10T00:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\n"
        b"WARC-Target-URI: http://old.union.test/20250301/%d.html\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    ) % (number, number, len(block), block)
