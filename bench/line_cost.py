"""What the line costs as a multiple of a fixed load, so that one figure holds on a busy machine too.

Usage: python -m bench.line_cost [--seconds 10]

The load is plain Python and lxml over the same pages, in about the proportions of reading; it never
changes. Each unit of work (a page, a batch of articles) is run with its share of the load by turns,
and of the rounds the fastest of each counts: other programs slow both, and hardly ever the same
unit in every round. `tests/test_line_cost.py` holds what the figures may be.
"""

from __future__ import annotations

import argparse
import gc
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lxml import etree

from bench.material.news_sites import NewsSite, make_item, news_pages
from unioncrawl.archive.store import Archive
from unioncrawl.decode.order import decode_raw
from unioncrawl.extract import extract_page
from unioncrawl.layouts.read_by_model import read_by_model
from unioncrawl.layouts.site_reader import SiteReader
from unioncrawl.line import read_page
from unioncrawl.model import Article, DecodedPage, HitsStatus, RawPage
from unioncrawl.repair.article import repair_article

PAGES = 14
_DAMAGED_PAGES = 5
_LEARNT_FROM, _BY_MODEL = 30, 6
# Articles of the batch that is timed, and those that the archive has before.
BATCH, BEFORE = 8, 40
_TIME = datetime(2025, 10, 1, tzinfo=UTC)
_HEADERS = (("content-type", "text/html"),)
_DATE = re.compile(r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}")
_LABEL = re.compile(r"(?:来源|作者|编辑|时间|点击)[:：]\s*(\S+)")
_WIDE = str.maketrans("０１２３４５６７８９，：；", "0123456789,:;")


@dataclass(frozen=True, slots=True)
class Unit:
    """A piece of a part's work, and the load that is run beside it.

    ``prepare`` is called before each run, untimed; what it returns is given to the work.
    """

    work: Callable[[Any], object]
    load: Callable[[], object]
    prepare: Callable[[], object] = lambda: None


def reference_load(text: str) -> int:
    """Do the fixed work over a page's text: parse, walk, look for labels, count pairs of characters.

    It must stay as it is: every pinned figure is a multiple of it.
    """
    root = etree.fromstring(text.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))
    seen: dict[str, list[int]] = {}
    for number, element in enumerate(root.iter(etree.Element)):
        name = f"{element.tag} {element.get('class') or ''}".lower().translate(_WIDE)
        shown = " ".join(f"{element.text or ''} {element.tail or ''}".split())
        if shown:
            found = _DATE.search(shown) or _LABEL.search(shown)
            seen.setdefault(name, []).append(number + bool(found))
    plain = "".join(character for character in text if "\u4e00" <= character <= "\u9fff")
    pairs = Counter(plain[at : at + 2] for at in range(len(plain) - 1))
    rare = sorted((count, pair) for pair, count in pairs.items() if count < 3)
    return len(rare) + sum(map(len, seen.values()))


def _raw_pages(count: int, damaged: float) -> list[RawPage]:
    return [RawPage(url=url, body=body, headers=_HEADERS) for url, body in news_pages(count, damaged)]


def line_units() -> list[Unit]:
    """Undamaged pages down the whole line: decoding, reading, repair, normalising."""

    def unit(raw: RawPage) -> Unit:
        text = decode_raw(raw).text
        return Unit(lambda _: read_page(raw), lambda: reference_load(text))

    return [unit(raw) for raw in _raw_pages(PAGES, 0)]


def model_units() -> list[Unit]:
    """Pages of one site read by its model, which is learnt from the pages before them."""
    site = NewsSite(1, _LEARNT_FROM + _BY_MODEL, damaged=0)
    pages = [
        decode_raw(
            RawPage(url=f"http://cost.example{site.path(place)}", body=site.page(place), headers=_HEADERS)
        )
        for place in range(site.count)
    ]
    reader = SiteReader(None)
    for page in pages[_BY_MODEL:]:
        reader.read(page)
    model = reader.model
    if model is None or any(read_by_model(page, None, model).in_full for page in pages[:_BY_MODEL]):
        raise SystemExit(f"no model was learnt that reads these pages: {dict(reader.counts)}")

    def unit(page: DecodedPage) -> Unit:
        return Unit(lambda _: read_by_model(page, None, model), lambda: reference_load(page.text))

    return [unit(page) for page in pages[:_BY_MODEL]]


def repair_units() -> list[Unit]:
    """Repair of articles that a mirror damaged."""

    def unit(raw: RawPage) -> Unit:
        page = decode_raw(raw)
        article = extract_page(page).article or Article(url=raw.url)
        return Unit(lambda _: repair_article(article), lambda: reference_load(page.text))

    return [unit(raw) for raw in _raw_pages(_DAMAGED_PAGES, 1)]


def archive_units(folder: Path) -> list[Unit]:
    """Storing a batch of articles in an archive that has some: rows, full text, reprints."""
    page = decode_raw(_raw_pages(1, 0)[0])
    first, second = _articles(range(BATCH, BATCH + BEFORE)), _articles(range(BATCH))
    with Archive.open(str(folder / "first.db"), batch_size=BEFORE) as archive:
        run = archive.begin_run("cost", {})
        for article in first:
            archive.store(article, run)
    opened: list[Archive] = []

    def prepare() -> Archive:
        while opened:
            opened.pop().close()
        shutil.copy(folder / "first.db", folder / "second.db")
        opened.append(Archive.open(str(folder / "second.db"), batch_size=BEFORE))
        return opened[0]

    def store(archive: Archive) -> None:
        for article in second:
            archive.store(article, run)
        archive.flush()

    return [Unit(store, lambda: reference_load(page.text), prepare)]


def _articles(numbers: Iterable[int]) -> list[Article]:
    """Return the measuring sites' articles as records, as they come to the archive."""
    articles = []
    for number in numbers:
        item, url = make_item(number), f"http://cost.example/{number}.html"
        articles.append(
            Article(
                url=url,
                canonical_url=url,
                site="cost",
                column="基层动态",
                title=item.title,
                body_text="\n".join(item.lines),
                source=item.source,
                editor=item.editor,
                published_at=_TIME - timedelta(minutes=37 * number),
                published_rule="label",
                fetched_at=_TIME,
                hits=item.hits,
                hits_raw=str(item.hits),
                hits_status=HitsStatus.PAGE,
            )
        )
    return articles


@contextmanager
def all_parts() -> Iterator[dict[str, list[Unit]]]:
    """Give the units of each part, ready to be run."""
    with tempfile.TemporaryDirectory() as folder:
        yield {
            "the line": line_units(),
            "reading by model": model_units(),
            "repair, damaged": repair_units(),
            "archive": archive_units(Path(folder)),
        }


Spent = dict[tuple[int, str], float]


def fastest(units: Sequence[Unit], seconds: float, spent: Spent) -> float:
    """Run for so many CPU seconds more; return the work's time by the load's, of each unit's fastest runs."""
    gc.collect()
    gc.disable()
    end = time.process_time() + seconds
    try:
        while time.process_time() < end:
            for number, unit in enumerate(units):
                given = unit.prepare()
                for name, run in (("load", unit.load), ("work", partial(unit.work, given))):
                    start = time.process_time()
                    run()
                    took = time.process_time() - start
                    spent[number, name] = min(took, spent.get((number, name), took))
            gc.collect(0)
    finally:
        gc.enable()
    return _sum(spent, "work") / _sum(spent, "load")


def _sum(spent: Spent, name: str) -> float:
    return sum(seconds for (_, which), seconds in spent.items() if which == name)


def main() -> None:
    """Print each part's cost, as it is pinned, and what the load itself takes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=10, help="CPU seconds for each part")
    given = parser.parse_args()
    with all_parts() as parts:
        for name, units in parts.items():
            spent: Spent = {}
            ratio = fastest(units, given.seconds, spent)
            load = 1000 * _sum(spent, "load") / len(units)
            print(f'"{name}": {ratio:.3f},  # {load * ratio:.2f} ms a unit, the load {load:.2f}', flush=True)


if __name__ == "__main__":
    main()
