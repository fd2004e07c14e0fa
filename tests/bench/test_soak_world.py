"""The world of the soak bench is the same for a seed, and its judge notices what an archive gets wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.soak import run_times
from bench.soak_world.judge import Judge, Run, Verdict
from bench.soak_world.looks import REDESIGNS
from bench.soak_world.world import START, Plan, World, make_world
from tests.processes import ROOT

_PLAN = Plan(days=1, sites=2, pace=0.3)
_DOUBLED = """UPDATE article SET (url, canonical_url, site_id) =
    (SELECT url, url || '#', site_id FROM article WHERE id = 2) WHERE id = 1"""


@pytest.fixture(scope="module")
def year() -> World:
    """The whole world."""
    return make_world(Plan())


def test_a_seed_makes_the_same_world() -> None:
    """Two worlds of one seed have the same articles, redesigns and faults; another seed has others."""
    one, same, other = (make_world(Plan(days=10, sites=3, seed=seed)) for seed in (1, 1, 2))
    assert one.sites == same.sites
    assert one.sites != other.sites


def test_a_year_has_the_redesigns_and_faults_that_are_promised(year: World) -> None:
    """A year of 24 sites has at least 50 redesigns, of every kind, and each kind of outage."""
    kinds = [one.kind for site in year.sites for one in site.periods if one.kind]
    assert len(kinds) >= 50
    assert set(kinds) == set(REDESIGNS)
    assert {"dns", "login", "blocked", "closed", "certificate", "network"} <= {
        fault.kind for site in year.sites for fault in site.faults
    }


def test_an_edit_changes_the_text_from_its_time_on(year: World) -> None:
    """A story says another thing after its edit, and never before."""
    stories = [one for site in year.sites for one in site.stories if one.edits]
    for story in stories[:40]:
        at = story.edits[0][0]
        assert story.text(at - timedelta(seconds=1)) != story.text(at), story


class Soaked(NamedTuple):
    """An archive of the bench, and the world that it was crawled from."""

    world: World
    archive: Path
    runs: list[Run]

    def judge(self, archive: Path) -> Verdict:
        """Return the verdict on this archive, or on a copy."""
        return Judge(self.world, archive, self.runs).judge()


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Soaked:
    """A day of two small sites, crawled in a process of the bench's own."""
    folder = tmp_path_factory.mktemp("soak")
    size = ("--days", str(_PLAN.days), "--sites", str(_PLAN.sites), "--pace", str(_PLAN.pace))
    command = [sys.executable, "-m", "bench.soak", *size, "--folder", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return Soaked(make_world(_PLAN), folder / "data" / "archive.db", [Run(at) for at in run_times(_PLAN)])


def test_a_quiet_world_is_archived_as_it_is(soaked: Soaked) -> None:
    """Every article that was shown is held, with its fields; the archive's times are the simulated ones."""
    counts = soaked.judge(soaked.archive).counts
    assert counts["articles held"] == counts["articles shown"] > 10
    assert not [
        kind for kind in counts if kind.startswith(("lost", "dupl", "false", "made", "wrong", "missed"))
    ]
    connection = sqlite3.connect(soaked.archive)
    (first,) = connection.execute("SELECT min(started_at) FROM run").fetchone()
    connection.close()
    assert first.startswith(f"{START:%Y-%m-%d}")


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        ("UPDATE article SET url = 'http://x/9', canonical_url = 'http://x/9' WHERE id = 1", "lost"),
        ("UPDATE article SET url = 'http://x/9', canonical_url = 'http://x/9' WHERE id = 1", "made up"),
        ("UPDATE article SET vanished_at = last_seen_at WHERE id = 1", "false tombstones"),
        ("UPDATE revision SET title = '假标题' WHERE article_id = 1", "wrong title"),
        ("UPDATE observation SET hits = 987654321 WHERE article_id = 1", "hits wrong"),
        (_DOUBLED, "duplicates"),
    ],
    ids=lambda value: value if " " not in value else None,
)
def test_the_judge_notices_harm(soaked: Soaked, harm: str, kind: str, tmp_path: Path) -> None:
    """An archive in which one thing is wrong is told from a right one."""
    copy = tmp_path / "archive.db"
    verdict = _harmed(soaked, copy, lambda connection: connection.execute(harm))
    assert verdict.counts[kind] > 0


def _harmed(soaked: Soaked, copy: Path, harm: Callable[[sqlite3.Connection], object]) -> Verdict:
    whole, connection = sqlite3.connect(soaked.archive), sqlite3.connect(copy)
    whole.backup(connection)
    harm(connection)
    connection.commit()
    connection.close()
    whole.close()
    return soaked.judge(copy)
