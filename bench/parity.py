"""Fill SQLite and PostgreSQL with the same news, and print every difference between their answers.

    python -m bench.parity postgresql://user@host/empty [--articles 4000] [--queries 400] [--seed 1]

The questions are random queries of the whole grammar in both orders with totals, facets
and snippets, reprint groups, rankings of hits, whole histories, reports, exports byte for
byte, and `verify`. All of them are asked again after takedowns. Exit code 1 when they differ.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, select

from bench.material.news import News
from unioncrawl import outcomes
from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.exports.export import WRITERS, ExportRequest, Form, Sample, export_rows
from unioncrawl.archive.read.json_records import full_record
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.reports.coverage import report_coverage
from unioncrawl.archive.reports.hit_series import Window, rank_by_growth
from unioncrawl.archive.reports.tallies import report_fields
from unioncrawl.archive.reprints.lineage import load_groups, newest_groups
from unioncrawl.archive.schema import article, reprint_member
from unioncrawl.archive.search.answer import Order, SearchRequest, search
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.model import Article, RawPage, Rejection

_NOW = datetime(2026, 11, 1, tzinfo=UTC)
_ADDED = (
    "5·1劳动节前，559名职工下载了职工之家APP。",
    "總工會領導慰問勞模，開展職工技能競賽。",
    "ＡＰＰ上线，第５·１期，满意率９９％。",
)
_OWN_WORDS = (
    "5·1",
    "559",
    "APP",
    "app",
    "ＡＰＰ",
    "工",
    "5",
    "總工會",
    "总工会",
    "勞模",
    "技能競賽",
    "職工之家APP",
)
_FILTERS = (
    "site:site1", "site:site60", "source:劳动报", "source:勞動報", "column:劳模", "level:city", "region:61",
    "since:2019", "until:2016-05", "since:2015-02-03 until:2018", "hits:>200", "hits:<=25", "hits:>1000000",
    "hits:=20", "site:nowhere",
)  # fmt: skip
Question = tuple[str, Callable[[Connection], object]]


def fill(archive: Archive, captures: Path, count: int) -> None:
    """News on three days of visits, some of it edited, with captures and rejections."""
    news = [_with_more(number, one) for number, one in enumerate(islice(News().articles(), count))]
    with CaptureWriter(captures, "parity") as writer:
        for day in range(3):
            run_id = archive.begin_run("parity", {"day": str(day)})
            for number, one in enumerate(news):
                if number % 5 > 4 - 2 * day or day == 0:
                    archive.store(_visited(number, day, one, writer), run_id)
            rejected = Rejection(
                url=f"http://x/{day}", site="site1", stage="extract", reason=outcomes.SOFT_404, at=_NOW
            )
            archive.reject(rejected, run_id)
            archive.finish_run(run_id, {}, "finished")


def _with_more(number: int, one: Article) -> Article:
    if number % 4:
        return one
    return replace(one, body_text=f"{one.body_text}\n{_ADDED[number // 4 % len(_ADDED)]}")


def _visited(number: int, day: int, one: Article, writer: CaptureWriter) -> Article:
    time = datetime(2026, 6, 1 + day, 8, tzinfo=UTC) + timedelta(seconds=number)
    hits = (one.hits or 0) * (day + 1) if number % 7 else 3
    seen = replace(one, fetched_at=time, hits=hits, hits_raw=str(hits))
    if day == 0 and number % 40 == 0:
        page = RawPage(url=one.url, body=one.body_text.encode(), fetched_at=time)
        return replace(seen, captures=(writer.write(page),))
    if day == 2 and number % 35 == 0:
        return replace(seen, body_text=one.body_text + "\n更正：以上为初步统计。")
    return seen


def queries(texts: list[str], count: int, seed: int) -> Iterator[str]:
    """Words cut from texts at random and words of our own, joined at random, with filters."""
    chance = random.Random(seed)
    for _ in range(count):
        parts = [_term(texts, chance) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.4:
            parts.append(chance.choice(("", "", "-")) + chance.choice(_FILTERS))
        if len(parts) > 2 and chance.random() < 0.3:
            parts = [f"({parts[0]} OR {parts[1]})", *parts[2:]]
        yield chance.choice((" ", " ", " AND ", " OR ", " NOT ")).join(parts)


def _term(texts: list[str], chance: random.Random) -> str:
    if chance.random() < 0.3:
        return chance.choice(("", "", "-")) + chance.choice(_OWN_WORDS)
    text = chance.choice(texts)
    start = chance.randrange(max(1, len(text) - 8))
    word = text[start : start + chance.choice((1, 2, 2, 2, 3, 4, 8))].replace('"', "").replace("\n", " ")
    return chance.choice(("", "", "", "-")) + f'"{word.strip() or "工会"}"'


def questions(connection: Connection, asked: list[str], seed: int) -> Iterator[Question]:
    """The questions for both archives; article numbers are taken from the first one."""
    for query in asked:
        orders: tuple[Order, ...] = ("newest", "relevance")
        for order in orders:
            request = SearchRequest(query=query, order=order, limit=50, facets=True)
            yield f"{order}: {query}", _asking(search, request)
        paged = SearchRequest(query=query, offset=20)
        yield f"page 2: {query}", _asking(search, paged)
    chance = random.Random(seed)
    numbers = list(connection.execute(select(article.c.id)).scalars())
    for number in chance.sample(numbers, min(60, len(numbers))):
        yield f"article {number}", _asking(_history, str(number))
    yield "counts", count_all
    yield "reprint members", _members
    yield "groups", lambda c: load_groups(c, newest_groups(c, 200))
    since = datetime(2026, 6, 2, tzinfo=UTC)
    for site in ("", "site1"):
        for window in (Window(), Window(since), Window(None, since + timedelta(hours=9))):
            yield f"ranking {site} {window}", _asking(rank_by_growth, site, window, 50)
    yield "coverage", _asking(report_coverage, _NOW)
    yield "fields", _asking(report_fields, datetime(2020, 1, 1, tzinfo=UTC))
    yield from _exports(asked)


def _asking(ask: Callable[..., object], *arguments: object) -> Callable[[Connection], object]:
    return lambda connection: ask(connection, *arguments)


def _history(connection: Connection, reference: str) -> dict[str, object]:
    """The record of an article without the places of its captures, whose records have random identifiers."""
    record = full_record(connection, reference)
    places = ("file", "offset", "length")
    captures = [
        {name: value for name, value in one.items() if name not in places} for one in record["captures"]
    ]
    return {**record, "capture": None, "captures": captures}


def _members(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(reprint_member).order_by("article_id"))]


def _exports(asked: list[str]) -> Iterator[Question]:
    sample = Sample(40, 7, ("site", "month"))
    requests = [
        ExportRequest(),
        ExportRequest(since_cursor="r100"),
        ExportRequest(query="工会", sample=sample, unmasked=True),
        *(ExportRequest(query=query) for query in asked[:3]),
    ]
    forms: tuple[Form, ...] = ("jsonl", "json", "csv")
    for request in requests:
        for form in forms:
            yield f"export {form} {request}", _asking(_written, request, form)


def _written(connection: Connection, request: ExportRequest, form: Form) -> bytes:
    file = BytesIO()
    WRITERS[form](export_rows(connection, request), file)
    return file.getvalue()


def differences(one: Archive, other: Archive, asked: list[str], seed: int) -> Iterator[str]:
    """The questions that the two answer differently, with both answers."""
    with one.engine.connect() as left, other.engine.connect() as right:
        for name, ask in questions(left, asked, seed):
            here, there = ask(left), ask(right)
            if here != there:
                yield f"{name}\n  {_shown(here, there)}"


def _shown(here: object, there: object) -> str:
    left, right = (one.decode() if isinstance(one, bytes) else repr(one) for one in (here, there))
    at = next((at for at, pair in enumerate(zip(left, right, strict=False)) if pair[0] != pair[1]), 0)
    return f"{left[max(0, at - 60) : at + 100]!r}\n  {right[max(0, at - 60) : at + 100]!r}"


def compare(addresses: tuple[str, str], folder: Path, sizes: tuple[int, int], seed: int) -> Iterator[str]:
    """Fill two empty archives, and yield the differences in their answers, before and after takedowns."""
    count, number_of_queries = sizes
    with Archive.open(addresses[0]) as one, Archive.open(addresses[1]) as other:
        pair = ((one, folder / "one"), (other, folder / "other"))
        for archive, captures in pair:
            fill(archive, captures, count)
        with one.engine.connect() as connection:
            results = search(connection, SearchRequest(query="", limit=300)).results
            texts = [full_record(connection, str(hit.id))["body_text"] for hit in results]
        asked = list(queries(texts, number_of_queries, seed))
        yield from differences(one, other, asked, seed)
        for archive, captures in pair:
            yield from map(str, verify(archive.engine, captures))
            for number in (1, 2, 3):
                take_down(archive.engine, captures, str(number), "当事人要求")
            yield from map(str, verify(archive.engine, captures))
        yield from (f"after takedowns, {line}" for line in _without_times(one, other, asked[:40], seed))


def _without_times(one: Archive, other: Archive, asked: list[str], seed: int) -> Iterator[str]:
    """Differences apart from the moment of a takedown, which no two archives share."""
    lines = differences(one, other, asked, seed)
    return (line for line in lines if not line.startswith(("article", "export", "ranking")))


def main() -> None:
    """Compare, and print the differences."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("address")
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--queries", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        addresses = (str(Path(name) / "archive.db"), given.address)
        found = list(compare(addresses, Path(name), (given.articles, given.queries), given.seed))
    print(*found, f"{len(found)} differences", sep="\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
