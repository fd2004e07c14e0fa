"""The bench of several workers: a disturbed crawl is whole, and its judges see whatever is wrong with one."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bench.scale_world.crew import Place
from bench.scale_world.database import Database, running_database
from bench.scale_world.engines import QUEUE, Engine
from bench.scale_world.figures import FAULTS, Figures, judge_trial
from bench.scale_world.judge import Judge, Verdict
from bench.scale_world.ledger import Diary, judge_alerts, judge_feeds, judge_requests, judge_runs
from bench.scale_world.server import Asked, Served
from bench.scale_world.sites import Plan, ScaleSite, make_sites
from bench.scale_world.traffic import Kill, Traffic
from bench.scale_world.trial import CUT, KILL, Ordered, Trial, open_runs, plan_troubles

PLAN = Plan(sites=3, articles=20, hosts=3, seed=5, delay_seconds=0.05)
ARTICLES = 60


@dataclass(frozen=True)
class Tried:
    """A trial that has ended: its figures, its database, and what was crawled from where."""

    figures: Figures
    database: Database
    place: Place
    port: int

    def copy(self, name: str) -> str:
        """The address of a copy of the archive."""
        with psycopg.connect(self.database.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE trial'.encode())
        return self.database.url(name)


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tried]:
    """Three sites crawled by two workers, of which two were killed, while the database was cut off once."""
    sites, folder = make_sites(PLAN), tmp_path_factory.mktemp("scale") / "trial"
    served = Served(sites)
    with running_database() as database:
        place = Place(folder, database.new("trial"), sites)
        place.prepare(served.port, PLAN.delay_seconds)
        engine = Engine(QUEUE, 2)
        crew = engine.crew(place)
        ordered = Ordered(kills=2, cuts=1, away_seconds=1)
        trial = Trial(crew, database, served, engine.is_done(crew), PLAN.seed, ordered)
        trial.run(PLAN.total)
        figures = judge_trial(trial, served, PLAN, engine)
        port = served.port
        served.end()
        yield Tried(figures, database, place, port)


def _change(archive: str, statement: str) -> None:
    with psycopg.connect(archive) as connection:
        connection.execute(statement.encode())


def _judged(tried: Tried, archive: str) -> Verdict:
    return Judge(tried.place.sites, tried.port).judge(archive)


def test_nothing_is_lost_doubled_or_altered_by_kills_and_a_cut(tried: Tried) -> None:
    """Every article is held once and as printed; all accounts add up; no host was asked too soon."""
    found = tried.figures.verdict
    assert {name: found.examples[name] for name in FAULTS if found.counts[name]} == {}
    assert (found.counts["expected"], found.counts["held"]) == (ARTICLES, ARTICLES)
    assert tried.figures.shortest_pause_seconds >= PLAN.delay_seconds
    assert [one["kind"] for one in tried.figures.away] == [CUT]
    assert len(tried.figures.kills) == 2
    assert found.counts["requests at the server"] >= ARTICLES


CHANGES = {
    "lost": "UPDATE article SET url = url || '?' WHERE id = 1",
    "made up": "UPDATE article SET url = url || '?' WHERE id = 1",
    "altered": "UPDATE revision SET body_text = body_text || '。' WHERE article_id = 2",
    "doubled": "UPDATE article SET url = (SELECT url FROM article WHERE id = 3), site_id = "
    "(SELECT site_id FROM article WHERE id = 3) WHERE id = 4",
}


# A row once more, with other values in some columns.
_AGAIN = "INSERT INTO {table} SELECT (jsonb_populate_record(one, '{other}')).* FROM {table} one WHERE id = 1"


@pytest.mark.parametrize("kind", CHANGES)
def test_one_wrong_article_is_found(tried: Tried, kind: str) -> None:
    """One article that is missing, invented, changed in a sign, or there twice is found out."""
    archive = tried.copy(f"changed_{kind.replace(' ', '_')}")
    _change(archive, CHANGES[kind])
    assert _judged(tried, archive).counts[kind] == 1


def test_a_second_visit_or_revision_without_an_edit_is_found(tried: Tried) -> None:
    """An observation that a run stored twice, and a revision of a page that never changed, are found out."""
    archive = tried.copy("twice")
    _change(archive, _AGAIN.format(table="observation", other='{"id": 100000}'))
    _change(archive, _AGAIN.format(table="revision", other='{"id": 100000, "number": 2}'))
    assert _judged(tried, archive).counts["doubled"] == 2


def _accounts(tried: Tried, archive: str) -> Verdict:
    verdict = Verdict()
    judge_runs(archive, {site.site_id: site.count for site in tried.place.sites}, verdict)
    return verdict


def test_a_run_that_counts_wrongly_is_found(tried: Tried) -> None:
    """A run that says another number than it stored, and a site whose last run has no end, are found out."""
    archive = tried.copy("accounts")
    assert _accounts(tried, archive).counts["accounts that are wrong"] == 0
    _change(archive, "UPDATE revision SET run_id = NULL WHERE id = 1")
    assert _accounts(tried, archive).counts["accounts that are wrong"] == 2
    _change(archive, "UPDATE run SET finished_at = NULL WHERE id = (SELECT max(id) FROM run)")
    assert any("no end" in one for one in _accounts(tried, archive).examples["accounts that are wrong"])


def _asked(at: float, agent: str = "w0-1", target: str = "/1.html", host: str = "127.20.0.1") -> Asked:
    return Asked(at, host, target, agent, "scale-000", is_article=True, answered_at=at)


def _lines(*said: dict[str, object]) -> Iterator[bytes]:
    return (json.dumps(one).encode() for one in said)


def test_a_request_that_no_diary_has_is_found(tmp_path: Path) -> None:
    """What no diary noted, and an answer to what never arrived, don't add up; what a kill cut off does."""
    diary = tmp_path / "diary"
    diary.mkdir()
    url = "http://127.20.0.1:80"
    lines = _lines(
        {"request": "a-1", "url": f"{url}/1.html"},
        {"answer": "a-1", "status": 200},
        {"request": "a-2", "url": f"{url}/killed.html"},
        {"request": "a-3", "url": f"{url}/never.html"},
        {"answer": "a-3", "status": 200},
    )
    (diary / "2026-11-30.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    verdict = Verdict()
    judge_requests([_asked(1.0), _asked(2.0, target="/silent.html")], tmp_path, verdict)
    assert verdict.examples["requests unaccounted for"] == [
        "127.20.0.1/silent.html: not in the diary",
        "127.20.0.1/never.html: answered, yet never asked",
    ]
    assert (verdict.counts["noted, not arrived"], verdict.counts["without an answer in the diary"]) == (2, 1)


def test_an_article_that_no_feed_has_is_found(tmp_path: Path) -> None:
    """A row that is missing and a line that is torn are found; one that stands there twice is counted."""
    lines = [*_lines({"url": "http://a.cn/1"}, {"url": "http://a.cn/1"}), b'{"url": "http://a.cn/2']
    (tmp_path / "site.jsonl").write_bytes(b"\n".join(lines))
    verdict = Verdict()
    judge_feeds(tmp_path, ["http://a.cn/1", "http://a.cn/2"], verdict)
    assert verdict.examples["not in a feed"] == ["http://a.cn/2", "1 lines can't be read"]
    assert verdict.counts["rows of feeds that repeat one"] == 1


_ALERT = """INSERT INTO alert (id, site_id, kind, opened_at, bad_runs, last_bad_at)
    VALUES (1, 1, 'silent', now(), 1, now())"""


def test_an_alert_is_a_false_alarm(tried: Tried) -> None:
    """All sites are well, so that an alert of one is found out, whether it is open or not."""
    archive, verdict = tried.copy("alarmed"), Verdict()
    _change(archive, _ALERT)
    judge_alerts(archive, verdict)
    assert verdict.counts["false alarms"] == 1


def test_a_torn_line_of_a_diary_is_counted() -> None:
    """What a killed process wrote by half is no request, and is counted."""
    diary = Diary.read([*_lines({"request": "a-1", "url": "http://127.20.0.1/"}), b'{"answer":'])
    assert (diary.asked.total(), diary.unanswered.total(), diary.damaged) == (1, 1, 1)


def test_pauses_are_those_of_a_host_over_all_workers() -> None:
    """Two workers that each keep the pause and together do not are found out; other hosts don't count."""
    seen = Traffic([_asked(1.0), _asked(1.2, "w1-1"), _asked(1.25, "w2-1", host="127.20.0.2"), _asked(1.4)])
    assert [round(one.seconds, 3) for one in seen.too_soon(0.3)] == [0.2, 0.2]
    assert seen.too_soon(0.2 - 1e-6) == []


def test_two_workers_at_one_site_are_found() -> None:
    """A, B and A again within seconds is one site crawled twice at once; A and then B is its going on."""
    assert Traffic([_asked(1.0), _asked(2.0, "w1-1"), _asked(3.0)]).both_at_work() != []
    assert Traffic([_asked(1.0), _asked(2.0, "w1-1"), _asked(3.0, "w1-1")]).both_at_work() == []


def test_a_site_goes_on_when_somebody_else_asks_it() -> None:
    """A killed worker's own last request, read late, does not count; a site that nobody asks is named so."""
    kill = Kill("kill", 10.0, "w0-1", ["scale-000", "scale-001"])
    Traffic([_asked(9.0), _asked(10.01), _asked(31.0, "w1-1")]).time_kills([kill])
    assert kill.again_after == {"scale-000": 21.0, "scale-001": None}


def test_a_site_goes_on_when_its_next_worker_is_struck_too() -> None:
    """Who had begun with it and was killed before he asked had taken it over; the rest is the next kill's."""
    first, own, second = (
        Kill("kill", at, agent, ["scale-000"])
        for at, agent in ((10.0, "w0-1"), (12.0, "w0-1"), (45.0, "w1-1"))
    )
    Traffic([_asked(9.0), _asked(78.0, "w2-1")]).time_kills([first, own, second])
    assert [one.again_after["scale-000"] for one in (first, own, second)] == [35.0, 33.0, 33.0]


def test_a_worker_is_at_work_where_no_later_run_is(tried: Tried) -> None:
    """The run of a frozen worker stays open when another has the site; that one is at work on it."""
    address = tried.copy("frozen")
    _change(
        address,
        "INSERT INTO run (id, spider, arguments, started_at, pid)"
        " SELECT 1000 + place, spider, '{}', now(), pid FROM (VALUES (1, 'a', 1), (2, 'b', 1), (3, 'a', 2))"
        " AS begun (place, spider, pid)",
    )
    assert open_runs(address, [1, 2]) == {1: ["b"], 2: ["a"]}


def test_troubles_come_by_articles_and_seed() -> None:
    """The same seed disturbs at the same articles, in their order; all that was ordered comes."""
    ordered = Ordered(kills=5, cuts=1, fills=1)
    planned = plan_troubles(ordered, 1000, 7)
    assert planned == plan_troubles(ordered, 1000, 7) != plan_troubles(ordered, 1000, 8)
    assert [one.after_articles for one in planned] == sorted(one.after_articles for one in planned)
    assert sum(one.kind == KILL for one in planned) == 5


def test_no_site_prints_a_text_twice() -> None:
    """All addresses of a host differ, and all texts of a site, also where sites share a host."""
    sites = make_sites(Plan(sites=16, articles=60, hosts=14, seed=3, delay_seconds=0))
    for site in sites:
        printed = dict(site.printed())
        assert len(printed) == len({one.text for one in printed.values()}) == 60
    for host in {site.host for site in sites}:
        targets = [target for site in sites if site.host == host for target in _targets(site)]
        assert len(targets) == len(set(targets))


def _targets(site: ScaleSite) -> Iterator[str]:
    yield from site.list_targets
    yield from (site.path(place) for place in range(site.count))


def test_a_full_disk_of_the_database_has_room_again() -> None:
    """A disk that was filled refuses what would grow, and takes it when there is room again."""
    with running_database(200) as database:
        if not database.has_disk:
            # Root alone may mount one, and CI is root.
            assert os.geteuid() != 0
            return
        archive = database.new("small")
        _change(archive, "CREATE TABLE held AS SELECT 'x' AS text")
        database.fill()
        with pytest.raises(psycopg.Error):
            _change(archive, "CREATE TABLE much AS SELECT repeat('x', 1000) FROM generate_series(1, 300000)")
        database.free()
        if database.has_ended():
            database.start()
        _change(archive, "CREATE TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 1000)")
        assert shutil.disk_usage(database.folder).free > 1 << 20
