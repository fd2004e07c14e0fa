"""Try several workers: kill them, cut off their database, fill its disk; judge what is archived.

Usage: python -m bench.scale [--sites 20] [--articles 500] [--workers 4] [--kills 20] [--seed 1] [--json FILE]

Sites of the loopback net (`bench/scale_world`), each on an address of its own, the last ones on addresses of
the first ones, are crawled into a real PostgreSQL by ``unioncrawl work`` (with ``--engine plain`` by plain
``unioncrawl crawl`` processes with a part each). Every worker has a folder of state of its own, as if on a
machine of its own. Workers are killed with SIGKILL at random, one is frozen for a minute, the database is
stopped for ten seconds, and its disk is filled. What is right follows from the seed alone; the server that
serves the sites records each request itself. Then one plain ``crawl --due`` and 1, 2 and 4 workers crawl the
same sites undisturbed, by turns, for the CPU time a page. Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.scale_world.costs import Costs
from bench.scale_world.crew import Place
from bench.scale_world.database import Database, running_database
from bench.scale_world.engines import PLAIN, QUEUE, Engine
from bench.scale_world.figures import Figures, judge_trial, print_figures
from bench.scale_world.server import Served
from bench.scale_world.sites import Plan, make_sites
from bench.scale_world.trial import Ordered, Trial


def try_out(folder: Path, database: Database, plan: Plan, engine: Engine, ordered: Ordered) -> Figures:
    """Run one trial in a new folder, and judge it."""
    sites = make_sites(plan)
    served = Served(sites)
    try:
        place = Place(folder, database.new("trial"), sites)
        place.prepare(served.port, plan.delay_seconds)
        crew = engine.crew(place)
        trial = Trial(crew, database, served, engine.is_done(crew), plan.seed, ordered)
        trial.run(plan.total)
        return judge_trial(trial, served, plan, engine)
    finally:
        served.end()


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--engine", choices=(QUEUE, PLAIN), default=QUEUE)
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--articles", type=int, default=500, help="articles of each site")
    parser.add_argument("--shared", type=int, default=2, help="so many sites are on a host of another one")
    parser.add_argument("--delay", type=float, default=0.1, help="seconds between two requests to a host")
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument(
        "--at-once", type=int, default=0, help="sites a worker crawls together; 0: its default"
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--freezes", type=int, default=1, help="workers that SIGSTOP holds for a minute")
    parser.add_argument("--cuts", type=int, default=1)
    parser.add_argument("--fills", type=int, default=1, help="how often the database's disk is filled")
    parser.add_argument(
        "--away-seconds", type=float, default=10.0, help="how long a cut or a full disk lasts"
    )
    parser.add_argument("--disk", type=int, default=1500, help="megabytes of the database's disk")
    parser.add_argument("--cost-articles", type=int, default=100, help="of each site, for the CPU; 0: none")
    parser.add_argument("--cost-workers", default="1,2,4")
    parser.add_argument("--cost-rounds", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    parser.add_argument("--folder", type=Path, help="keep captures and logs here (a new folder)")
    return parser.parse_args()


def main() -> None:
    """Try everything, print it, and exit with 1 when a goal is missed."""
    given = _given()
    plan = Plan(
        sites=given.sites,
        articles=given.articles,
        hosts=max(1, given.sites - given.shared),
        seed=given.seed,
        delay_seconds=given.delay,
    )
    engine = Engine(given.engine, given.workers, given.at_once)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="scale-"))
    with running_database(given.disk) as database:
        fills = given.fills if database.has_disk else 0
        ordered = Ordered(
            kills=given.kills,
            freezes=given.freezes,
            cuts=given.cuts,
            fills=fills,
            away_seconds=given.away_seconds,
        )
        figures = try_out(folder / "trial", database, plan, engine, ordered)
        if given.cost_articles:
            small = replace(plan, articles=given.cost_articles)
            crews = [int(one) for one in given.cost_workers.split(",")]
            costs = Costs(folder, database, small, engine)
            figures.costs = costs.by_turns(crews, given.cost_rounds)
    print_figures(figures, plan)
    missed = figures.missed()
    print("every goal is met" if not missed else "missed: " + "; ".join(missed))
    if given.json:
        record = {**vars(figures), "verdict": vars(figures.verdict), "missed": missed}
        given.json.write_text(json.dumps(record, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    if not given.folder:
        shutil.rmtree(folder)
    raise SystemExit(bool(missed))


if __name__ == "__main__":
    main()
