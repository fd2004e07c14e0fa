"""Every failure to write is reported and survived: after the next run nothing is lost and nothing twice."""

from __future__ import annotations

import json
import re
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.guard.faults import Disk, Postgres, read_only
from tests.guard.hostile import Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing

ARTICLES = range(1, 121)
SITE = "writes"
# When the fault comes: as this article is asked for.
FAULT_AT = 40
# The longest that a database stays away when the crawl waits for it instead of asking on.
AWAY_SECONDS = 4.0
# How long a crawl waits for what it writes to, here: a database that is away comes back within it.
PATIENCE_SECONDS = "20"
SHORT_PATIENCE_SECONDS = "2"
# What a sentence about unwritten articles says.
UNWRITTEN = re.compile(
    r"is full|no space|lacks|not (?:be )?(?:written|saved|stored)|unwritten|read-only|can ?not|can't",
    re.IGNORECASE,
)


def path_of(number: int) -> str:
    """The path of an article."""
    return f"/20250301/{number}.html"


@pytest.fixture
def union(place: Place, hostile: Hostile) -> Place:
    """A place with one site of 120 articles on one list."""
    hostile.pages["/list.html"] = page(listing([path_of(number) for number in ARTICLES]))
    hostile.pages.update({path_of(number): page(article(number, "写")) for number in ARTICLES})
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    place.variables["UNIONCRAWL_UNWRITABLE_SECONDS"] = SHORT_PATIENCE_SECONDS
    return place


def crawl(place: Place) -> Ended:
    """One run by the command that users run."""
    return place.unioncrawl("crawl", SITE)


def exported(place: Place) -> list[str]:
    """The paths of all articles that the archive gives out."""
    ended = place.unioncrawl("export", "-o", "all.jsonl")
    assert ended.code == 0, ended.said
    lines = (place.folder / "all.jsonl").read_text(encoding="utf-8").splitlines()
    return ["/" + json.loads(line)["url"].split("/", 3)[3] for line in lines]


def assert_reported(ended: Ended) -> None:
    """The run did not end as if all were well: exit code, a sentence, no traceback."""
    assert ended.code not in (0, None), ended.said
    assert not ended.has_traceback, ended.said
    assert UNWRITTEN.search(ended.err), ended.said


def assert_whole(place: Place, hostile: Hostile) -> None:
    """One more run brings all: nothing lost, nothing twice, the archive sound, every feed line whole."""
    again = crawl(place)
    assert again.code == 0, again.said
    assert Counter(exported(place)) == Counter(path_of(number) for number in ARTICLES), again.said
    verified = place.unioncrawl("verify")
    assert verified.code == 0, verified.said
    assert place.feed_is_whole(SITE)
    place.feed(SITE)
    # Without a capture of robots.txt the run before asked no page at all.
    assert hostile.asked["/list.html"] >= 1


# Disks


@pytest.mark.parametrize("what", ["archive", "captures", "feeds"])
def test_a_full_disk_is_reported_and_survived(union: Place, hostile: Hostile, what: str) -> None:
    """A disk that fills during a crawl: exit code not 0, one sentence; the next run brings the rest."""
    folder = {"archive": "db", "captures": "data/captures", "feeds": "data/feeds"}[what]
    if what == "archive":
        union.variables["UNIONCRAWL_ARCHIVE"] = "db/archive.db"
    disk = Disk(union.folder / folder, union)
    hostile.before[path_of(FAULT_AT)] = disk.fill
    try:
        ended = crawl(union)
        disk.free()
        assert_reported(ended)
        assert re.search("full|space|grow|too large", ended.err, re.IGNORECASE), ended.said
        assert_whole(union, hostile)
    finally:
        disk.close()


def test_a_read_only_archive_is_refused_in_one_sentence(union: Place, hostile: Hostile) -> None:
    """A read-only archive: exit code not 0, one sentence, and all is there after the next run."""
    union.variables["UNIONCRAWL_ARCHIVE"] = "db/archive.db"
    (union.folder / "db").mkdir()
    union.unioncrawl("crawl", SITE, "--max-pages", "1", "--until", "2025-03-05")
    with read_only(union.folder / "db"):
        assert_reported(crawl(union))
    assert_whole(union, hostile)


@pytest.mark.parametrize("what", ["captures", "feeds"])
def test_a_read_only_folder_is_reported(union: Place, hostile: Hostile, what: str) -> None:
    """Captures or feeds that cannot be written: exit code not 0, one sentence; nothing is lost."""
    folder = union.folder / "data" / what
    folder.mkdir(parents=True)
    with read_only(folder):
        assert_reported(crawl(union))
    assert_whole(union, hostile)


# A process that ends


def test_a_killed_crawl_loses_nothing(union: Place, hostile: Hostile) -> None:
    """After kill -9 the next run brings the rest, and a torn feed line is cut off."""
    hostile.before[path_of(FAULT_AT)] = lambda: _send(union, signal.SIGKILL)
    assert crawl(union).code == -signal.SIGKILL
    assert_whole(union, hostile)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_crawl_says_what_it_did(
    union: Place, hostile: Hostile, number: signal.Signals, code: int
) -> None:
    """SIGTERM and Ctrl-C end a crawl with a summary and the signal's exit code, without a traceback."""
    hostile.before[path_of(FAULT_AT)] = lambda: _send(union, number)
    ended = crawl(union)
    assert ended.code == code, ended.said
    assert not ended.has_traceback, ended.said
    assert SITE in ended.out, ended.said
    assert_whole(union, hostile)


def test_a_torn_line_of_an_earlier_run_is_cut(union: Place, hostile: Hostile) -> None:
    """A feed that ends in half a line is mended at the next start: every line is whole JSON."""
    feed = union.folder / "data" / "feeds" / f"{SITE}.jsonl"
    feed.parent.mkdir(parents=True)
    feed.write_text('{"url": "http://a/"}\n{"url": "http://a/2", "title": "市总', encoding="utf-8")
    assert crawl(union).code == 0
    fed = union.feed(SITE)
    assert fed[0] == {"url": "http://a/"}
    assert len(fed) == 1 + len(ARTICLES)
    assert_whole(union, hostile)


def _send(place: Place, number: signal.Signals) -> None:
    if place.process is not None:
        place.process.send_signal(number)


# PostgreSQL


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that these tests may stop."""
    server = Postgres()
    try:
        server.start()
        yield server
    finally:
        server.close()


def test_postgresql_away_for_a_while_costs_nothing(
    union: Place, hostile: Hostile, postgres: Postgres
) -> None:
    """PostgreSQL stopped in the middle of a crawl and started again: all articles are stored by this run."""
    postgres.empty()
    union.variables["UNIONCRAWL_ARCHIVE"] = postgres.url
    union.variables["UNIONCRAWL_UNWRITABLE_SECONDS"] = PATIENCE_SECONDS
    back = _once(postgres.start)
    timer = threading.Timer(AWAY_SECONDS, back)

    def stop() -> None:
        postgres.stop()
        timer.start()

    hostile.before[path_of(FAULT_AT)] = stop
    hostile.before[path_of(ARTICLES[-5])] = back
    try:
        ended = crawl(union)
    finally:
        timer.join()
    assert not ended.has_traceback, ended.said
    assert (ended.code == 0) == (Counter(exported(union)) == Counter(map(path_of, ARTICLES))), ended.said
    assert_whole(union, hostile)


def test_postgresql_that_stays_away_is_reported(union: Place, hostile: Hostile, postgres: Postgres) -> None:
    """PostgreSQL stopped for good: the crawl ends, says what it did not write, and the next run brings it."""
    postgres.empty()
    union.variables["UNIONCRAWL_ARCHIVE"] = postgres.url
    hostile.before[path_of(FAULT_AT)] = postgres.stop
    try:
        ended = crawl(union)
    finally:
        postgres.start()
    assert_reported(ended)
    assert_whole(union, hostile)


def _once(do: Callable[[], None]) -> Callable[[], None]:
    lock = threading.Lock()
    done: list[bool] = []

    def first() -> None:
        with lock:
            if not done:
                done.append(True)
                do()

    return first
