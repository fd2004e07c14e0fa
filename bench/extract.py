"""Field extraction beside its peers, on the same pages in one run.

Usage: python -m bench.extract [--pages 200]

Fields are compared on the recorded pages of tests/sites, speed on the practice
site's pages of about 25 kB. Every extractor gets the decoded text; ours takes
all fields and normalises them. A peer that is not installed is left out:
trafilatura, gne, newspaper4k, readability-lxml, htmldate.
"""

from __future__ import annotations

import argparse
import html
import importlib.util
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from unioncrawl.decode import decode_raw
from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, RawPage
from unioncrawl.normalize import normalize_article
from unioncrawl.practice.pages import bench_pages

SITES = Path(__file__).resolve().parent.parent / "tests" / "sites"
FIELDS = ("title", "date", "source", "editor", "hits")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an extractor told of a page; None where it has no such field or found nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    editor: str | None = None
    hits: int | None = None
    body: str | None = None


class Case(NamedTuple):
    """A page, and what a reader sees on it."""

    page: DecodedPage
    wanted: dict[str, Any]


Extractor = Callable[[DecodedPage], Told]


def ours(page: DecodedPage) -> Told:
    """Extraction and normalising of all fields."""
    found = extract_page(page).article
    if found is None:
        return Told()
    article = normalize_article(found)
    return Told(
        title=article.title,
        date=article.published_at.isoformat() if article.published_at else None,
        source=article.source or None,
        editor=article.editor or None,
        hits=article.hits,
        body=article.body_text,
    )


def trafilatura(page: DecodedPage) -> Told:
    """Trafilatura with its metadata."""
    found = importlib.import_module("trafilatura").bare_extraction(
        page.text, url=page.url, with_metadata=True
    )
    if found is None:
        return Told()
    return Told(title=found.title, date=found.date, source=found.sitename, body=found.text)


def gne(page: DecodedPage) -> Told:
    """GeneralNewsExtractor."""
    found = importlib.import_module("gne").GeneralNewsExtractor().extract(page.text)
    return Told(title=found["title"], date=found["publish_time"], body=found["content"])


def newspaper4k(page: DecodedPage) -> Told:
    """newspaper4k with Chinese set."""
    article = importlib.import_module("newspaper").Article(page.url, language="zh")
    article.download(input_html=page.text)
    article.parse()
    date = article.publish_date.isoformat() if isinstance(article.publish_date, datetime) else None
    return Told(title=article.title, date=date, body=article.text)


def readability(page: DecodedPage) -> Told:
    """readability-lxml: title and body."""
    document = importlib.import_module("readability").Document(page.text)
    text = re.sub(r"<[^>]+>", "\n", document.summary(html_partial=True))
    return Told(title=document.short_title(), body=html.unescape(text))


def htmldate(page: DecodedPage) -> Told:
    """Htmldate: the date alone."""
    found = importlib.import_module("htmldate").find_date(page.text, url=page.url, original_date=True)
    return Told(date=found)


EXTRACTORS: dict[str, tuple[str, Extractor]] = {
    "unioncrawl": ("unioncrawl", ours),
    "trafilatura": ("trafilatura", trafilatura),
    "gne": ("gne", gne),
    "newspaper4k": ("newspaper", newspaper4k),
    "readability-lxml": ("readability", readability),
    "htmldate": ("htmldate", htmldate),
}


def recorded_cases() -> list[Case]:
    """The recorded article pages, those of mirrors excepted: they need repair first."""
    cases = []
    for file in sorted(SITES.glob("*/*/expected.json")):
        wanted = json.loads(file.read_text(encoding="utf-8"))
        if wanted["kind"] != "article" or wanted.get("mirror"):
            continue
        response = json.loads((file.parent / "response.json").read_text(encoding="utf-8"))
        raw = RawPage(
            url=response["url"],
            body=(file.parent / "page.html").read_bytes(),
            headers=tuple((name, value) for name, value in response["headers"]),
        )
        cases.append(Case(decode_raw(raw), wanted))
    return cases


def body_f1(found: str | None, wanted: str) -> float:
    """F1 over pairs of neighbouring characters, white space dropped."""
    one, other = (_pairs(found or ""), _pairs(wanted))
    shared = sum((one & other).values())
    return 2 * shared / (one.total() + other.total()) if one or other else 1.0


def _pairs(text: str) -> Counter[str]:
    plain = "".join(text.split())
    return Counter(plain[place : place + 2] for place in range(len(plain) - 1))


def same_date(found: str | None, wanted: str, precision: str) -> bool:
    """Whether a date tells the wanted one as exactly as it is printed, digits compared."""
    length = {"day": 8, "minute": 12, "second": 14}[precision]
    digits = re.sub(r"\D", "", found or "")
    return digits[:length] == re.sub(r"\D", "", wanted)[:length]


def score(extractor: Extractor, cases: list[Case]) -> dict[str, tuple[int, int]]:
    """For each field, how many pages are right of those that tell it."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    f1 = 0.0
    bodies = 0
    for case in cases:
        told = _told(extractor, case.page)
        for field in FIELDS:
            wanted = case.wanted.get("published_at" if field == "date" else field)
            if wanted is None:
                continue
            asked[field] += 1
            found = getattr(told, field)
            if field == "date":
                right[field] += same_date(found, wanted, case.wanted["published_precision"])
            else:
                right[field] += found == wanted
        if case.wanted.get("body_text"):
            f1 += body_f1(told.body, case.wanted["body_text"])
            bodies += 1
    scores = {field: (right[field], asked[field]) for field in FIELDS}
    scores["body F1 x1000"] = (round(1000 * f1 / max(bodies, 1)), 1000)
    return scores


def _told(extractor: Extractor, page: DecodedPage) -> Told:
    try:
        return extractor(page)
    except Exception as error:  # noqa: BLE001 - a peer that fails on a page told nothing
        print(f"  {type(error).__name__} on {page.url}")
        return Told()


def pages_per_cpu_second(extractor: Extractor, pages: list[DecodedPage]) -> float:
    """Speed, after one page to warm up."""
    _told(extractor, pages[0])
    start = time.process_time()
    for page in pages:
        _told(extractor, page)
    return len(pages) / (time.process_time() - start)


def main() -> None:
    """Score and time every extractor that is installed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=200, help="pages to time")
    wanted_pages = parser.parse_args().pages
    cases = recorded_cases()
    timed = [
        decode_raw(RawPage(url=f"http://127.0.0.1{path}", body=body))
        for path, body in bench_pages(wanted_pages)
    ]
    print(f"{len(cases)} recorded articles; {len(timed)} pages timed")
    for name, (module, extractor) in EXTRACTORS.items():
        if importlib.util.find_spec(module) is None:
            print(f"{name:18} not installed")
            continue
        scores = score(extractor, cases)
        speed = pages_per_cpu_second(extractor, timed)
        fields = "  ".join(f"{field} {right}/{asked}" for field, (right, asked) in scores.items())
        print(f"{name:18} {fields}  {speed:.0f} pages/CPU-s")


if __name__ == "__main__":
    main()
