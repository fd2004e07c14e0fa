"""Whether the accounts of all workers add up: requests, runs, entries, feeds; and which alarms were false."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

from bench.scale_world.judge import Verdict
from bench.scale_world.server import Asked
from unioncrawl.archive.crawl_state.entry_ledger import counted_entries

_RUNS = """SELECT r.id, r.spider, r.finished_at, r.reason, r.stats,
        (SELECT count(*) FROM revision WHERE run_id = r.id AND kind = 'first') AS stored,
        (SELECT count(*) FROM revision WHERE run_id = r.id AND kind = 'edit') AS edited
    FROM run r ORDER BY r.id"""
_ARTICLES = "SELECT count(*) AS number, count(DISTINCT canonical_url || ' ' || site_id) AS urls FROM article"
_ALERTS = "SELECT s.key, a.kind FROM alert a LEFT JOIN site s ON s.id = a.site_id ORDER BY a.id"
_NEW = "unioncrawl/archive/new"

Address = tuple[str, str]


@dataclass
class Diary:
    """What the diaries of all processes say: each request's address, and those without an answer."""

    asked: Counter[Address] = field(default_factory=Counter)
    unanswered: Counter[Address] = field(default_factory=Counter)
    damaged: int = 0

    @classmethod
    def read(cls, lines: Iterable[bytes]) -> Diary:
        r"""Read lines of a diary.

        >>> diary = Diary.read([b'{"request":"a-1","url":"http://127.0.0.1:80/x?y"}', b'{"requ'])
        >>> dict(diary.unanswered), diary.damaged
        ({('127.0.0.1', '/x?y'): 1}, 1)
        """
        diary, open_ones = cls(), dict[str, Address]()
        for line in lines:
            try:
                said = json.loads(line)
            except ValueError:
                diary.damaged += 1
                continue
            if "request" in said:
                open_ones[said["request"]] = address = _address(said["url"])
                diary.asked[address] += 1
            else:
                open_ones.pop(said["answer"], None)
        diary.unanswered.update(open_ones.values())
        return diary


def _address(url: str) -> Address:
    parts = urlsplit(url)
    return parts.hostname or "", (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def judge_requests(asked: Sequence[Asked], captures: Path, verdict: Verdict) -> None:
    """Compare what the server was asked with the diary: what one has and the other has not.

    A request that was noted and did not arrive is one that a kill or a cut took on its way: it has no answer.
    """
    files = sorted((captures / "diary").glob("*.jsonl"))
    diary = Diary.read(line for file in files for line in file.read_bytes().splitlines())
    seen = Counter((one.host, one.target) for one in asked)
    unsent = diary.asked - seen
    verdict.counts.update({
        "requests at the server": len(asked),
        "requests in the diary": diary.asked.total(),
        "without an answer in the diary": diary.unanswered.total(),
        "noted, not arrived": unsent.total(),
    })  # fmt: skip
    verdict.counts["requests unaccounted for"] += 0
    for address, number in (seen - diary.asked).items():
        verdict.note("requests unaccounted for", f"{''.join(address)}: not in the diary", number)
    for address, number in (unsent - diary.unanswered).items():
        verdict.note("requests unaccounted for", f"{''.join(address)}: answered, yet never asked", number)
    if diary.damaged:
        verdict.note("requests unaccounted for", f"{diary.damaged} lines can't be read", diary.damaged)


def judge_runs(archive: str, articles: Mapping[str, int], verdict: Verdict) -> None:
    """Compare the rows of runs with the articles: each stored by one run, each run's account right.

    ``articles``: how many each site has. A killed run has no end; what it stored stands in the archive, and
    a run of the site that ended must account for every article.
    """
    with psycopg.connect(archive, row_factory=dict_row) as connection:
        runs = connection.execute(_RUNS.encode()).fetchall()
        (held,) = connection.execute(_ARTICLES.encode()).fetchall()
    ended = [run for run in runs if run["finished_at"]]
    verdict.counts.update({
        "runs": len(runs),
        "runs without an end": len(runs) - len(ended),
        "articles of ended runs": sum(run["stored"] for run in ended),
        "articles of runs without an end": sum(run["stored"] for run in runs if not run["finished_at"]),
    })  # fmt: skip
    verdict.counts["accounts that are wrong"] += 0
    stored = sum(run["stored"] for run in runs)
    if not stored == held["number"] == held["urls"]:
        verdict.note("accounts that are wrong", f"runs stored {stored} articles, {held['number']} are held")
    for run in ended:
        said = (run["stats"] or {}).get(_NEW, 0)
        if said != run["stored"]:
            verdict.note("accounts that are wrong", f"run {run['id']} says {said} new, has {run['stored']}")
    for site, number in articles.items():
        for fault in _site_faults([run for run in runs if run["spider"] == site], number):
            verdict.note("accounts that are wrong", f"{site}: {fault}")


def judge_feeds(feeds: Path, articles: Iterable[str], verdict: Verdict) -> None:
    """Compare the rows of all feeds with the articles' addresses: one that is not there, or can't be read.

    A row may stand there twice: what a killed worker had written and not stored, the next one writes again.
    """
    rows, torn = Counter[str](), 0
    for line in (line for file in sorted(feeds.glob("*.jsonl")) for line in file.read_bytes().splitlines()):
        try:
            rows[json.loads(line)["url"]] += 1
        except ValueError:
            torn += 1
    verdict.counts["rows of feeds that repeat one"] = rows.total() - len(rows)
    verdict.counts["not in a feed"] += 0
    for url in set(articles) - rows.keys():
        verdict.note("not in a feed", url)
    if torn:
        verdict.note("not in a feed", f"{torn} lines can't be read", torn)


def judge_alerts(archive: str, verdict: Verdict) -> None:
    """Count the alerts: every site was well, whatever became of workers and database."""
    verdict.counts["false alarms"] += 0
    with psycopg.connect(archive) as connection:
        for site, kind in connection.execute(_ALERTS.encode()):
            verdict.note("false alarms", f"{site}: {kind}")


def _site_faults(runs: Sequence[Mapping[str, Any]], articles: int) -> Iterator[str]:
    """What is wrong with the runs of a site that has so many articles.

    One of them must have settled every article; the last may have read the newest lists alone.
    """
    if not runs or runs[-1]["finished_at"] is None:
        yield "its last run has no end" if runs else "no run"
        return
    accounts = [counted_entries(run["stats"] or {}) or {} for run in runs]
    settled = [one.get("stored", 0) + one.get("known", 0) for one in accounts]
    if articles not in settled:
        yield f"no run settled {articles} entries, the most {max(settled)}"
    if accounts[-1].get("total", 0) != settled[-1]:
        yield f"its last run ({runs[-1]['reason']}) settled {settled[-1]} of {accounts[-1].get('total', 0)}"
