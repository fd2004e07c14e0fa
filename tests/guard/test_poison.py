"""One bad article costs itself: each poison in a batch of good articles, crawled and imported."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.guard.hostile import Answer, Hostile, page
from tests.guard.place import Ended, Place
from tests.guard.poisons import COUNTERS, PAGES, POISONED, bad_rows, good_row, poisoned_by_counter
from tests.guard.stories import article, hits_of, listing, title_of

GOOD = (1, 2, 3, 4, 6, 7)
CASES = [*PAGES, *COUNTERS]
MOST_HITS = 10**12
IMPORTED = range(30)


@dataclass(frozen=True)
class Poisoned:
    """A run over one site a poison."""

    place: Place
    hostile: Hostile
    ended: Ended
    summary: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    """Crawl all poisoned sites by one command; each batch holds one poison among six good articles."""
    with Hostile() as hostile:
        place = Place(tmp_path_factory.mktemp("poison"))
        for name in CASES:
            _serve(hostile, name)
            place.site(name, hostile.host, [f"{hostile.url}/{name}/list.html"])
        ended = place.unioncrawl("crawl", *CASES, "--json")
        rows = json.loads(ended.out) if ended.out.startswith("[") else []
        yield Poisoned(place, hostile, ended, {row["site"]: row for row in rows})


def _serve(hostile: Hostile, name: str) -> None:
    numbers = sorted((*GOOD, POISONED))
    paths = {number: f"/{name}/20250301/{number}.html" for number in numbers}
    hostile.pages[f"/{name}/list.html"] = page(listing(list(paths.values())))
    for number in GOOD:
        hostile.pages[paths[number]] = page(article(number, name))
    if name in COUNTERS:
        hostile.pages[paths[POISONED]] = poisoned_by_counter(name)
        hostile.pages[f"/{name}/hits?id=5"] = Answer(COUNTERS[name], content_type="text/plain")
    else:
        hostile.pages[paths[POISONED]] = PAGES[name]()


@pytest.mark.parametrize("name", CASES)
def test_the_other_articles_are_stored_with_their_values(poisoned: Poisoned, name: str) -> None:
    """Whatever one article holds, the others of its batch are stored with title, hits and date."""
    found = poisoned.place.rows(
        "select a.url, r.title, a.hits, a.published_at from article a join site s on s.id = a.site_id "
        "join revision r on r.id = a.revision_id where s.key = ?",
        name,
    )
    stored = {url.rpartition("/")[2]: values for url, *values in found}
    for number in GOOD:
        title, hits, published = stored.get(f"{number}.html", (None, None, None))
        assert (title, hits) == (title_of(number, name), hits_of(number)), poisoned.ended.said
        assert f"2025-03-{1 + number % 28:02d}" in str(published)


@pytest.mark.parametrize("name", CASES)
def test_the_poisoned_article_is_stored_or_rejected(poisoned: Poisoned, name: str) -> None:
    """The poisoned article is in the archive, or among the rejections with a reason; never nowhere."""
    own = f"/{name}/20250301/{POISONED}.html"
    stored = [url for url in poisoned.place.stored(name) if own in url]
    rejected = [line for line in poisoned.place.rejections(name) if own in line]
    assert stored or rejected


@pytest.mark.parametrize("name", CASES)
def test_the_summary_says_what_the_archive_holds(poisoned: Poisoned, name: str) -> None:
    """The summary's counts are those of the archive, and a site with one bad article does not fail."""
    counts = poisoned.summary.get(name, {})
    assert counts.get("new") == len(poisoned.place.stored(name)), poisoned.ended.said
    assert counts.get("rejected") == len(poisoned.place.rejections(name))
    assert counts["ok"]


@pytest.mark.parametrize("name", CASES)
def test_every_line_of_the_feed_is_whole(poisoned: Poisoned, name: str) -> None:
    """The feed holds each stored article once, in lines of whole JSON."""
    fed = [row["url"] for row in poisoned.place.feed(name)]
    assert sorted(fed) == poisoned.place.stored(name)


def test_no_number_is_stored_that_no_counter_could_mean(poisoned: Poisoned) -> None:
    """More than 10^12 hits, and fewer than 0, are not hits."""
    query = "select a.url, a.hits from article a where a.hits > ? or a.hits < 0"
    assert poisoned.place.rows(query, MOST_HITS) == []
    query = "select article_id, hits from observation where hits > ? or hits < 0"
    assert poisoned.place.rows(query, MOST_HITS) == []


def test_the_crawl_of_poison_ends_in_order(poisoned: Poisoned) -> None:
    """The command ends with exit code 0 and no traceback."""
    assert not poisoned.ended.has_traceback, poisoned.ended.said
    assert poisoned.ended.code == 0, poisoned.ended.said


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("export", "-o", "all.jsonl"),
        ("export", "-o", "all.csv"),
        ("feed", "-o", "feed.json"),
        ("feed", "--format", "atom", "-o", "feed.atom"),
        ("search", "工会", "--json"),
        ("stats",),
    ],
    ids=" ".join,
)
def test_what_poison_left_can_be_read(poisoned: Poisoned, command: tuple[str, ...]) -> None:
    """Verify finds the archive sound; exports, feeds and searches read all of it."""
    ended = poisoned.place.unioncrawl(*command)
    assert ended.code == 0, ended.said
    assert not ended.has_traceback


# Imports


def _write_rows(path: Path, rows: list[dict[str, Any]]) -> None:
    match path.suffix:
        case ".jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        case ".json":
            path.write_text(json.dumps(rows), encoding="utf-8")
        case ".csv":
            with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
                writer = csv.DictWriter(file, list(good_row(0)))
                writer.writeheader()
                writer.writerows(rows)
        case _:
            connection = sqlite3.connect(path)
            connection.execute(f"create table news ({', '.join(good_row(0))})")
            for row in rows:
                values = [_sqlite_value(value) for value in row.values()]
                connection.execute(f"insert into news values ({', '.join('?' * len(row))})", values)  # noqa: S608
            connection.commit()
            connection.close()


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    return value if isinstance(value, float | None) else str(value)


@pytest.mark.parametrize("name", ["old.jsonl", "old.json", "old.csv", "old.db"])
def test_a_bad_row_costs_no_other(place: Place, name: str) -> None:
    """Bad rows among thirty good ones: the good ones are imported, each bad one is taken or reported."""
    good, bad = [good_row(number) for number in IMPORTED], bad_rows()
    mixed = [row for place_, row in enumerate(bad) for row in (row, *good[place_ : place_ + 1])]
    _write_rows(place.folder / name, mixed)
    ended = place.unioncrawl("import", name, "--site", "old")
    assert not ended.has_traceback, ended.said
    found = dict(place.rows("select url, hits from article"))
    assert [row["url"] for row in good if found.get(row["url"]) != int(row["hits_raw"])] == [], ended.said
    assert not [hits for hits in found.values() if hits is not None and not 0 <= hits <= MOST_HITS]
    assert place.unioncrawl("verify").code == 0


def _record(number: int, headers: bytes, body: bytes, date: bytes = b"2025-03-10T00:00:00Z") -> bytes:
    block = b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n\r\n" + body
    return (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: %b\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\n"
        b"WARC-Target-URI: http://old.union.test/20250301/%d.html\r\n"
        b"Content-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n%b\r\n\r\n"
    ) % (date, number, number, len(block), block)


def _bad_records() -> Iterator[bytes]:
    answers = [make() for name, make in PAGES.items() if name != "attributes"]  # read once is enough
    for number, answer in enumerate(answers, start=100):
        kind = answer.content_type if isinstance(answer.content_type, bytes) else answer.content_type.encode()
        more = [
            name.encode() + b": " + (value if isinstance(value, bytes) else value.encode())
            for name, value in answer.headers
        ]
        yield _record(number, b"\r\n".join([b"Content-Type: " + kind, *more]), answer.body)
    for number, date in enumerate(
        (b"0001-01-01T00:00:00Z", b"9999-12-31T23:59:59Z", b"junk", b"\xff"), start=900
    ):
        yield _record(number, b"Content-Type: text/html", article(number, "日").encode(), date)


def test_a_bad_record_costs_no_other(place: Place) -> None:
    """Poisoned records of a WARC among thirty good ones: the good ones are imported with their values."""
    good = [
        _record(number, b"Content-Type: text/html; charset=utf-8", article(number, "旧").encode())
        for number in IMPORTED
    ]
    bad = list(_bad_records())
    mixed = [record for n, one in enumerate(bad) for record in (one, *good[n : n + 1])]
    (place.folder / "old.warc").write_bytes(b"".join(mixed))
    ended = place.unioncrawl("import", "old.warc", "--site", "old")
    assert not ended.has_traceback, ended.said
    found = dict(place.rows("select url, hits from article"))
    missing = [n for n in IMPORTED if found.get(f"http://old.union.test/20250301/{n}.html") != hits_of(n)]
    assert missing == [], ended.said
    assert place.unioncrawl("verify").code == 0


# What is given out

_SCRIPTS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "file:///etc/passwd",
    "vbscript:x",
    "data:text/html,x",
)


def test_addresses_of_other_schemes_are_never_given_out_as_links(place: Place) -> None:
    """Imported ``javascript:`` and ``file:`` addresses are not links in feeds and exports."""
    rows = [{**good_row(number), "url": url} for number, url in enumerate(_SCRIPTS)]
    body = "".join(f"<p><a href='{url}'>工会</a><img src='{url}'>职工代表大会召开。</p>" for url in _SCRIPTS)
    rows.append({**good_row(50), "body_text": body + "<p>市总工会送清凉，慰问一线职工。</p>"})
    _write_rows(place.folder / "old.jsonl", rows)
    place.unioncrawl("import", "old.jsonl", "--site", "old")
    place.unioncrawl("feed", "-o", "feed.json")
    place.unioncrawl("feed", "--format", "atom", "-o", "feed.atom")
    place.unioncrawl("export", "-o", "all.jsonl")
    feed = json.loads((place.folder / "feed.json").read_text(encoding="utf-8"))
    links = [str(item.get(key, "")) for item in feed["items"] for key in ("url", "external_url", "image")]
    assert not [link for link in links if link.lower().startswith(_SCHEMES)]
    written = [
        (place.folder / name).read_text(encoding="utf-8").lower() for name in ("feed.json", "all.jsonl")
    ]
    written.append((place.folder / "feed.atom").read_text(encoding="utf-8").lower().replace("&quot;", '"'))
    for text in written:
        for scheme in _SCHEMES:
            for mark in ('href="', 'href=\\"', "href='", 'src="', 'src=\\"', "src='"):
                assert mark + scheme not in text


_SCHEMES = ("javascript:", "file:", "vbscript:", "data:")


@pytest.mark.parametrize("hidden", ["\ufeff", "\u200b", "\u202e", "\u2060", "\u00a0", "\t", "\u3000"])
def test_a_hidden_formula_is_guarded(place: Place, hidden: str) -> None:
    """A cell that hides ``=`` after an invisible sign is guarded in a CSV export."""
    row = {**good_row(1), "title": f"{hidden}=HYPERLINK(1)", "source": f"{hidden}=cmd()"}
    _write_rows(place.folder / "old.jsonl", [row])
    place.unioncrawl("import", "old.jsonl", "--site", "old")
    place.unioncrawl("export", "-o", "all.csv")
    with (place.folder / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [
            cell
            for line in csv.DictReader(file)
            for cell in line.values()
            if "=HYPER" in cell or "=cmd" in cell
        ]
    assert cells
    assert not [
        cell for cell in cells if cell.lstrip("\ufeff\u200b\u202e\u2060\u00a0\u3000\t ").startswith("=")
    ]
