"""Field extraction beside its peers, on the same pages in one run.

Usage: python -m bench.extract [--pages 60] [--rounds 3] [--folder DIR] [--without-missing]

Fields are compared on the recorded pages of tests/sites, speed on pages of the seven
sites of `bench.material.news_sites`, or on pages of your own: ``DIR/*.html``, and
``DIR/SITE/*.html`` for pages of one site, which a reading by model learns from.
Every extractor gets the decoded text; ours takes all fields and normalises them.
The extractors take turns at each page, and of the rounds each page's fastest counts,
so that other work on the machine slows none of them alone; the first round is also
the one in which a model is learnt.

The peers come with: pip install --group peers. A peer that is missing
ends the run with exit code 2 unless --without-missing is given.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bench.material.news_sites import news_pages
from bench.material.site_systems import SYSTEMS
from bench.readers import EXTRACTORS, Extractor, PageFields
from unioncrawl.decode.order import decode_raw
from unioncrawl.model import DecodedPage, RawPage

SITES = Path(__file__).resolve().parent.parent / "tests" / "sites"
# Where a browser writes the address of a page that it saves, and where sites write it themselves.
_SAVED_FROM = re.compile(rb"(?:saved from url=\(\d+\)|rel=\"canonical\" href=\")(https?://[^\s\"<>]+)")
# One reads no field, the other learns from many pages of one site.
_NOT_SCORED = ("lxml's parse", "  by model")
FIELDS = ("title", "date", "source", "editor", "hits")


class Case(NamedTuple):
    """A page, and the fields that a reader sees on it."""

    page: DecodedPage
    wanted: dict[str, Any]


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


def bench_sites(count: int) -> dict[str, list[DecodedPage]]:
    """Return pages of the measuring sites by site, none of them damaged."""
    sites: dict[str, list[DecodedPage]] = {}
    for url, body in news_pages(count, 0):
        sites.setdefault(urlsplit(url).netloc, []).append(_decoded(url, body))
    return sites


def _decoded(url: str, body: bytes) -> DecodedPage:
    return decode_raw(RawPage(url=url, body=body, headers=(("content-type", "text/html"),)))


def folder_sites(folder: Path) -> dict[str, list[DecodedPage]]:
    """Return the pages of a folder; each folder within it is a site."""
    sites: dict[str, list[DecodedPage]] = {}
    for file in sorted([*folder.glob("*.html"), *folder.glob("*/*.html")]):
        body = file.read_bytes()
        saved = _SAVED_FROM.search(body[:20_000])
        name = file.parent.name
        url = saved[1].decode("ascii", "ignore") if saved else f"http://{name}.example/{file.stem}.html"
        sites.setdefault(name, []).append(_decoded(url, body))
    return sites


Speeds = dict[str, float]


def pages_per_cpu_second(names: list[str], sites: dict[str, list[DecodedPage]], rounds: int) -> Speeds:
    """Return each extractor's speed: they take turns at each page, and a page's fastest round counts."""
    spent = dict.fromkeys(names, 0.0)
    for pages in sites.values():
        extractors = {name: EXTRACTORS[name][1]() for name in names}
        for name, seconds in _fastest(extractors, pages, rounds).items():
            spent[name] += seconds
    count = sum(map(len, sites.values()))
    return {name: count / spent[name] for name in names}


def _fastest(extractors: dict[str, Extractor], pages: list[DecodedPage], rounds: int) -> Speeds:
    """Return the seconds that each extractor takes for one site's pages."""
    seconds: dict[tuple[str, int], float] = {}
    for _ in range(rounds):
        for number, page in enumerate(pages):
            for name, extractor in extractors.items():
                start = time.process_time()
                _extracted(extractor, page)
                spent = time.process_time() - start
                seconds[name, number] = min(spent, seconds.get((name, number), spent))
    return {name: sum(seconds[name, number] for number in range(len(pages))) for name in extractors}


def installed(*, without_missing: bool) -> list[str]:
    """Return the extractors to compare; a missing peer ends the run with the command that installs it."""
    missing = [name for name, (module, _) in EXTRACTORS.items() if importlib.util.find_spec(module) is None]
    if missing:
        print(f"Not installed: {', '.join(map(str.strip, missing))}.", file=sys.stderr)
    if missing and not without_missing:
        print("Install the peers with: pip install --group peers", file=sys.stderr)
        print("or leave them out with: python -m bench.extract --without-missing", file=sys.stderr)
        raise SystemExit(2)
    return [name for name in EXTRACTORS if name not in missing]


def score_table(scores: dict[str, dict[str, tuple[int, int]]]) -> str:
    """Return one row for each extractor, one column for each field: right pages of those that print it."""
    rows = [f"{'':18}" + "".join(f"{name:>14}" for name in (*FIELDS, "body F1"))]
    for name, fields in scores.items():
        cells = [f"{right}/{asked}" for right, asked in (fields[field] for field in FIELDS)]
        cells.append(f"{fields['body'][0] / fields['body'][1]:.3f}")
        rows.append(f"{name:18}" + "".join(f"{cell:>14}" for cell in cells))
    return "\n".join(rows)


def speed_table(speeds: Speeds) -> str:
    """Return each extractor's pages a CPU-second, beside trafilatura and lxml's parse."""
    rows = [f"{'':18}{'pages/CPU-s':>14}{'us a page':>14}{'x trafilatura':>16}{'x a parse':>12}"]
    for name, speed in speeds.items():
        times = f"{speed / speeds['trafilatura']:.2f}" if "trafilatura" in speeds else "-"
        parses = speeds["lxml's parse"] / speed
        rows.append(f"{name:18}{speed:14.1f}{1e6 / speed:14.0f}{times:>16}{parses:12.2f}")
    return "\n".join(rows)


def main() -> None:
    """Score and time every extractor."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=60 * len(SYSTEMS), help="pages of the sites to time")
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is timed")
    parser.add_argument("--folder", type=Path, help="pages of your own to time; nothing is scored")
    parser.add_argument("--without-missing", action="store_true", help="leave out what is not installed")
    options = parser.parse_args()
    names = installed(without_missing=options.without_missing)
    if options.folder is None:
        cases = recorded_cases()
        print(f"{len(cases)} recorded articles")
        readers = {name: EXTRACTORS[name][1]() for name in names if name not in _NOT_SCORED}
        print(score_table({name: score(reader, cases) for name, reader in readers.items()}))
    sites = folder_sites(options.folder) if options.folder else bench_sites(options.pages)
    print(f"\n{sum(map(len, sites.values()))} pages of {len(sites)} sites timed, {options.rounds} rounds")
    print(speed_table(pages_per_cpu_second(names, sites, options.rounds)))


if __name__ == "__main__":
    main()
