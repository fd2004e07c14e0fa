"""Field extraction beside its peers, on the same pages in one run.

Usage: python -m bench.extract [--pages 60] [--rounds 3] [--without-missing]

Fields are compared on the recorded pages of tests/sites, speed on the practice
site's pages of about 25 kB. Every extractor gets the decoded text; ours takes
all fields and normalises them. The extractors take turns at each page, and of
the rounds each page's fastest counts, so that other work on the machine slows
none of them alone.

The peers come with: pip install --group peers. A peer that is missing
ends the run with exit code 2 unless --without-missing is given.
"""

from __future__ import annotations

import argparse
import html
import importlib.util
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from bench.material.practice_pages import bench_pages
from unioncrawl.decode.order import decode_raw
from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, RawPage
from unioncrawl.normalize import normalize_article

SITES = Path(__file__).resolve().parent.parent / "tests" / "sites"
FIELDS = ("title", "date", "source", "editor", "hits")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFields:
    """What an extractor read from a page; None where it has no such field or found nothing."""

    title: str | None = None
    date: str | None = None
    source: str | None = None
    editor: str | None = None
    hits: int | None = None
    body: str | None = None


class Case(NamedTuple):
    """A page, and the fields that a reader sees on it."""

    page: DecodedPage
    wanted: dict[str, Any]


Extractor = Callable[[DecodedPage], PageFields]


def ours(page: DecodedPage) -> PageFields:
    """Extract and normalise all fields."""
    found = extract_page(page).article
    if found is None:
        return PageFields()
    article = normalize_article(found)
    return PageFields(
        title=article.title,
        date=article.published_at.isoformat() if article.published_at else None,
        source=article.source or None,
        editor=article.editor or None,
        hits=article.hits,
        body=article.body_text,
    )


def trafilatura(page: DecodedPage) -> PageFields:
    """Trafilatura with its metadata."""
    found = importlib.import_module("trafilatura").bare_extraction(
        page.text, url=page.url, with_metadata=True
    )
    if found is None:
        return PageFields()
    return PageFields(title=found.title, date=found.date, source=found.sitename, body=found.text)


def gne(page: DecodedPage) -> PageFields:
    """GeneralNewsExtractor."""
    found = importlib.import_module("gne").GeneralNewsExtractor().extract(page.text)
    return PageFields(title=found["title"], date=found["publish_time"], body=found["content"])


def newspaper4k(page: DecodedPage) -> PageFields:
    """newspaper4k with Chinese set."""
    article = importlib.import_module("newspaper").Article(page.url, language="zh")
    article.download(input_html=page.text)
    article.parse()
    date = article.publish_date.isoformat() if isinstance(article.publish_date, datetime) else None
    return PageFields(title=article.title, date=date, body=article.text)


def readability(page: DecodedPage) -> PageFields:
    """readability-lxml: title and body."""
    document = importlib.import_module("readability").Document(page.text)
    text = re.sub(r"<[^>]+>", "\n", document.summary(html_partial=True))
    return PageFields(title=document.short_title(), body=html.unescape(text))


def htmldate(page: DecodedPage) -> PageFields:
    """Htmldate: the date alone."""
    found = importlib.import_module("htmldate").find_date(page.text, url=page.url, original_date=True)
    return PageFields(date=found)


EXTRACTORS: dict[str, tuple[str, Extractor]] = {
    "unioncrawl": ("unioncrawl", ours),
    "trafilatura": ("trafilatura", trafilatura),
    "gne": ("gne", gne),
    "newspaper4k": ("newspaper", newspaper4k),
    "readability-lxml": ("readability", readability),
    "htmldate": ("htmldate", htmldate),
}


def recorded_cases() -> list[Case]:
    """Return the recorded article pages, without those of mirrors: they need repair first."""
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
    """Return F1 over pairs of neighbouring characters, without white space."""
    one, other = (_pairs(found or ""), _pairs(wanted))
    shared = sum((one & other).values())
    return 2 * shared / (one.total() + other.total()) if one or other else 1.0


def _pairs(text: str) -> Counter[str]:
    plain = "".join(text.split())
    return Counter(plain[place : place + 2] for place in range(len(plain) - 1))


def same_date(found: str | None, wanted: str, precision: str) -> bool:
    """Whether a date has the digits of the wanted one, to the precision that the page prints."""
    length = {"day": 8, "minute": 12, "second": 14}[precision]
    digits = re.sub(r"\D", "", found or "")
    return digits[:length] == re.sub(r"\D", "", wanted)[:length]


def score(extractor: Extractor, cases: list[Case]) -> dict[str, tuple[int, int]]:
    """Return, for each field, how many pages are right, and how many print it."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    f1 = 0.0
    bodies = 0
    for case in cases:
        read = _extracted(extractor, case.page)
        for field in FIELDS:
            wanted = case.wanted.get("published_at" if field == "date" else field)
            if wanted is None:
                continue
            asked[field] += 1
            found = getattr(read, field)
            if field == "date":
                right[field] += same_date(found, wanted, case.wanted["published_precision"])
            else:
                right[field] += found == wanted
        if case.wanted.get("body_text"):
            f1 += body_f1(read.body, case.wanted["body_text"])
            bodies += 1
    scores = {field: (right[field], asked[field]) for field in FIELDS}
    scores["body"] = (round(1000 * f1 / max(bodies, 1)), 1000)
    return scores


def _extracted(extractor: Extractor, page: DecodedPage) -> PageFields:
    try:
        return extractor(page)
    except Exception as error:  # noqa: BLE001 - a peer that fails on a page has read nothing
        print(f"  {type(error).__name__}: {error} on {page.url}", file=sys.stderr)
        return PageFields()


def pages_per_cpu_second(
    extractors: dict[str, Extractor], pages: list[DecodedPage], rounds: int
) -> dict[str, float]:
    """Return each extractor's speed: they take turns at each page, and a page's fastest round counts."""
    seconds: dict[tuple[str, int], float] = {}
    for _ in range(rounds):
        for number, page in enumerate(pages):
            for name, extractor in extractors.items():
                start = time.process_time()
                _extracted(extractor, page)
                spent = time.process_time() - start
                seconds[name, number] = min(spent, seconds.get((name, number), spent))
    return {
        name: len(pages) / sum(seconds[name, number] for number in range(len(pages))) for name in extractors
    }


def installed(*, without_missing: bool) -> dict[str, Extractor]:
    """Return the extractors to compare; a missing peer ends the run with the command that installs it."""
    missing = [name for name, (module, _) in EXTRACTORS.items() if importlib.util.find_spec(module) is None]
    if missing and not without_missing:
        print(f"Not installed: {', '.join(missing)}.", file=sys.stderr)
        print("Install the peers with: pip install --group peers", file=sys.stderr)
        print("or leave them out with: python -m bench.extract --without-missing", file=sys.stderr)
        raise SystemExit(2)
    return {name: extractor for name, (_, extractor) in EXTRACTORS.items() if name not in missing}


def table(scores: dict[str, dict[str, tuple[int, int]]], speeds: dict[str, float]) -> str:
    """Return one row for each extractor, one column for each field: right pages of those that print it."""
    head = [*FIELDS, "body F1", "pages/CPU-s", "x trafilatura"]
    rows = [f"{'':18}" + "".join(f"{name:>14}" for name in head)]
    base = speeds.get("trafilatura")
    for name, fields in scores.items():
        cells = [f"{right}/{asked}" for right, asked in (fields[field] for field in FIELDS)]
        cells.append(f"{fields['body'][0] / fields['body'][1]:.3f}")
        cells.append(f"{speeds[name]:.0f}")
        cells.append(f"{speeds[name] / base:.2f}" if base else "-")
        rows.append(f"{name:18}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join(rows)


def main() -> None:
    """Score and time every extractor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60, help="pages to time")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is timed")
    parser.add_argument("--without-missing", action="store_true", help="leave out what is not installed")
    options = parser.parse_args()
    extractors = installed(without_missing=options.without_missing)
    cases = recorded_cases()
    timed = [
        decode_raw(RawPage(url=f"http://127.0.0.1{path}", body=body))
        for path, body in bench_pages(options.pages)
    ]
    scores = {name: score(extractor, cases) for name, extractor in extractors.items()}
    speeds = pages_per_cpu_second(extractors, timed, options.rounds)
    print(f"{len(cases)} recorded articles; {len(timed)} pages timed, {options.rounds} rounds")
    print(table(scores, speeds))


if __name__ == "__main__":
    main()
