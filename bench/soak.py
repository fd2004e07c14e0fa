"""Crawl a simulated year of invented union sites, and judge the archive by what the sites were.

Usage: python -m bench.soak [--days 365] [--sites 24] [--seed 1] [--pace 0.6] [--redesigns 1] [--outages 1]
    [--kinds date,pager] [--schemes asp] [--only soak04] [--due] [--minutes 20] [--folder DIR] [--json FILE]

The world (`bench/soak_world`) publishes, edits, deletes, counts, fails and is redesigned as its seed says;
one listener serves it over HTTP and HTTPS. Twice a simulated day ``unioncrawl crawl`` runs in a child
process that believes the simulated time, on Sundays with ``--full``; with ``--due`` it is asked four
times a day for what is due. A site file that a redesign left
wrong is mended after some days, as its operator would. Exit code 1 when an article was lost, doubled,
falsely revised or falsely marked as gone.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from bench.soak_world.alarms import Alarms, Told
from bench.soak_world.archived import unsaid, visited
from bench.soak_world.certificates import make_certificates
from bench.soak_world.crawling import DeadHosts, Ended, import_libraries, run
from bench.soak_world.judge import Judge, Run, Verdict
from bench.soak_world.operator import Operator
from bench.soak_world.proposals import Proposals
from bench.soak_world.server import serve, set_clock
from bench.soak_world.world import START, Plan, World, make_world

# China's 8:10 and 20:10, in UTC; of the latter kind those at which what is due is asked for.
_HOURS, _DUE_HOURS = (0, 12), (0, 4, 8, 12)
_SUNDAY = 6
_NAMED = {
    "kinds": "redesigns of these kinds alone",
    "schemes": "the schemes of addresses with which sites begin",
    "only": "these sites of the world alone",
}
_SAID = ("rejections", "missing", "short_lists", "ended", "error")
_BAD = ("lost", "duplicates", "false revisions", "false tombstones", "made up")


def run_times(plan: Plan, hours: Sequence[int] = _HOURS) -> Iterator[datetime]:
    """Yield the times of the runs, at these hours of each day, each up to half an hour late."""
    chance = Random(f"{plan.seed} runs")
    for day in range(plan.days):
        for hour in hours:
            yield START + timedelta(days=day, hours=hour, minutes=10 + chance.randrange(30))


@dataclass
class Growth:
    """What the runs cost and what they left: sizes in megabytes by the simulated day."""

    cpu_seconds: float = 0.0
    codes: Counter[int] = field(default_factory=Counter)
    rows: list[dict[str, float | int | str]] = field(default_factory=list)

    def note(self, at: datetime, ended: Ended, folder: Path) -> None:
        """Note a run."""
        self.cpu_seconds += ended.cpu_seconds
        self.codes[ended.code] += 1
        data = folder / "data"
        sizes = {name: _megabytes(data / name) for name in ("captures", "feeds")}
        archive = sum(_megabytes(file) for file in data.glob("archive.db*"))
        self.rows.append({
            "at": f"{at:%Y-%m-%d %H:%M}",
            "code": ended.code,
            "cpu_seconds": round(ended.cpu_seconds, 2),
            "memory": round(ended.peak_megabytes, 1),
            "open_files": ended.open_files,
            "archive": round(archive, 2),
            **{name: round(size, 2) for name, size in sizes.items()},
        })  # fmt: skip


def _megabytes(path: Path) -> float:
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


@dataclass
class Soak:
    """One whole run of the bench in a folder."""

    world: World
    folder: Path
    notices_after: timedelta
    is_due: bool = False
    runs: list[Run] = field(default_factory=list)
    growth: Growth = field(default_factory=Growth)
    crawls: Verdict = field(default_factory=Verdict)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.proposals = Proposals(self.folder)

    def go(self, minutes: float = 0) -> None:
        """Crawl all days, or as many as these minutes or a Ctrl-C allow."""
        end = time.monotonic() + 60 * minutes if minutes else float("inf")
        operator = Operator(self.world, self.folder, self.notices_after)
        mine, its = multiprocessing.Pipe()
        hosts = sorted(host for site in self.world.sites for host in site.hosts)
        files = make_certificates(self.folder, hosts, START)
        os.environ["SSL_CERT_FILE"] = str(files.authority)
        given = (self.world, files, its)
        server = multiprocessing.get_context("fork").Process(target=serve, args=given, daemon=True)
        server.start()
        port = mine.recv()
        try:
            for at in run_times(self.world.plan, _DUE_HOURS if self.is_due else _HOURS):
                if time.monotonic() > end:
                    break
                self._one_run(operator, port, at)
        except KeyboardInterrupt:
            print("Stopped: what was crawled until now is judged.", file=sys.stderr)
        finally:
            server.terminate()

    def _one_run(self, operator: Operator, port: int, at: datetime) -> None:
        set_clock(port, at)
        dead = DeadHosts(self.world.unresolved(at), self.world.hanging(at))
        self.proposals.run = lambda arguments: run(arguments, self.folder, at, port, dead)
        outdated = operator.look_after(at, self.told, self.proposals)
        operator.settle(at, self.told, self.proposals)
        names = [site.site_id for site in self.world.sites]
        is_deep = at.weekday() == _SUNDAY and at.hour < _HOURS[1]
        arguments = ["crawl", *names, "--json"]
        arguments += ["--due"] if self.is_due else ["--full"] if is_deep else []
        ended = run(arguments, self.folder, at, port, dead)
        self.growth.note(at, ended, self.folder)
        crawled = self._read_output(at, outdated)
        self.runs.append(Run(at, outdated, crawled if self.is_due else None))
        self._keep_output(at, ended)

    def _read_output(self, at: datetime, outdated: frozenset[str]) -> frozenset[str]:
        """Note what a run said: which sites failed though nothing was wrong, and what was told of health.

        The sites that were crawled are returned.
        """
        said = (self.folder / "output.txt").read_text(encoding="utf-8")
        sites = {site.site_id: site for site in self.world.sites}
        read = json.loads(said) if said.strip() else []
        records = read["sites"] if isinstance(read, dict) else read
        for record in records:
            site, health = sites[record["site"]], [one.split(": ", 1) for one in record.get("health", ())]
            self.told += [Told(at, site.site_id, change, kind) for change, kind in health]
            self.crawls.counts["health unjudged"] += bool(record.get("health_unjudged"))
            if record["ok"]:
                self.crawls.counts["site runs ended well"] += 1
            elif site.fault(at) or site.site_id in outdated:
                self.crawls.counts["site runs failed for a cause"] += 1
            else:
                shown = {name: record[name] for name in _SAID if record[name]}
                self.crawls.note(
                    "site runs failed without a cause", f"{site.site_id} {at:%m-%d %H:%M} {shown}"
                )
        return frozenset(record["site"] for record in records)

    def _keep_output(self, at: datetime, ended: Ended) -> None:
        """Keep what a run said, and say how far the bench is."""
        with (self.folder / "errors.log").open("a", encoding="utf-8") as log:
            said = (self.folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
            log.write(f"== {at:%Y-%m-%d %H:%M} exit {ended.code}\n{said}")
        if at.hour >= _HOURS[1] and at.day % 10 == 1:
            row = self.growth.rows[-1]
            print(f"{at:%Y-%m-%d} {row}", file=sys.stderr, flush=True)

    def judge(self) -> Verdict:
        """Return the verdict on the archive as it is now."""
        archive, times = self.folder / "data" / "archive.db", [run.at for run in self.runs]
        verdict = Judge(self.world, archive, self.runs).judge()
        told = sorted([*self.told, *unsaid(archive, times)], key=lambda one: one.at)
        alarms = Alarms(self.world, self.runs, told, visited(archive, times)).judge()
        for other in (self.crawls, self.proposals.verdict, alarms):
            verdict.counts.update(other.counts)
            verdict.examples.update(other.examples)
        return verdict


def report(soak: Soak, verdict: Verdict, wall_seconds: float) -> dict[str, Any]:
    """Return all figures."""
    plan, rows = soak.world.plan, soak.growth.rows
    kinds = Counter(one.kind for site in soak.world.sites for one in site.periods if one.kind)
    faults = Counter(fault.kind for site in soak.world.sites for fault in site.faults)
    quarter = max(1, len(rows) // 4)
    return {
        "plan": asdict(plan),
        "runs": len(rows),
        "exit_codes": dict(soak.growth.codes),
        "cpu_seconds": round(soak.growth.cpu_seconds),
        "wall_seconds": round(wall_seconds),
        "redesigns": dict(kinds),
        "faults": dict(faults),
        **verdict.as_record(),
        "memory_first_quarter": max(row["memory"] for row in rows[1 : quarter + 1] or rows),
        "memory_last_quarter": max(row["memory"] for row in rows[-quarter:]),
        "most_open_files": max(row["open_files"] for row in rows),
        "sizes": {name: rows[-1][name] for name in ("archive", "captures", "feeds")},
        "growth": rows[:: max(1, len(rows) // 60)],
    }


def print_report(figures: dict[str, Any]) -> None:
    """Print the figures as a table, and the examples of what is wrong."""
    for name in ("plan", "runs", "exit_codes", "cpu_seconds", "wall_seconds", "redesigns", "faults"):
        print(f"{name:28}{figures[name]}")
    for name in ("memory_first_quarter", "memory_last_quarter", "most_open_files", "sizes"):
        print(f"{name:28}{figures[name]}")
    for name, number in figures["counts"].items():
        print(f"{name:44}{number:8}")
        if name.startswith(("true", "articles", "revisions", "observations", "site runs ended")):
            continue
        for example in figures["examples"].get(name, ())[:4]:
            print(f"    {example}")


def _names(text: str) -> tuple[str, ...]:
    """Return the names of an option's value."""
    return tuple(text.split(","))


def main() -> None:
    """Run the bench."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--sites", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pace", type=float, default=0.6, help="multiplies what the sites publish")
    parser.add_argument("--redesigns", type=float, default=1.0, help="multiplies redesigns and resets")
    parser.add_argument("--outages", type=float, default=1.0, help="multiplies outages")
    parser.add_argument(
        "--notices-after", type=float, default=4, help="days until a wrong site file is mended"
    )
    for name, meaning in _NAMED.items():
        parser.add_argument(f"--{name}", type=_names, default=(), help=f"{meaning}, with commas between")
    parser.add_argument("--due", action="store_true", help="let the schedule decide when a site is crawled")
    parser.add_argument("--minutes", type=float, default=0, help="judge what is done after so many; 0: all")
    parser.add_argument("--folder", type=Path, help="keep the archive here (a new folder)")
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    given = parser.parse_args()
    plan = Plan(**{one.name: getattr(given, one.name) for one in fields(Plan)})
    folder = given.folder or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    import_libraries()
    soak = Soak(make_world(plan), folder.resolve(), timedelta(days=given.notices_after), given.due)
    start = time.monotonic()
    soak.go(given.minutes)
    figures = report(soak, soak.judge(), time.monotonic() - start)
    print_report(figures)
    if given.json:
        given.json.write_text(
            json.dumps(figures, ensure_ascii=False, indent=1, default=str), encoding="utf-8"
        )
    if not given.folder:
        shutil.rmtree(folder)
    raise SystemExit(any(figures["counts"].get(name) for name in _BAD))


if __name__ == "__main__":
    main()
