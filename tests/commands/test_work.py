"""``unioncrawl work`` crawls the sites of the plan that are due, and gives back what it does not end."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from tests.archive.conftest import postgres_server, postgres_url
from tests.commands.workers import Workers, workers
from tests.postgres import PostgresServer, running_postgres
from tests.processes import wait_until
from tests.spiders.test_stopped_crawl import Gate, gate
from unioncrawl.practice.server import PracticeServer
from unioncrawl.service.jobs.notes import What, add_note
from unioncrawl.service.jobs.queue_address import queue_conninfo

__all__ = ["gate", "postgres_server", "postgres_url"]
ASP, EMPIRE, XUNRUI = "practice-asp", "practice-empire", "practice-xunrui"


@pytest.fixture
def place(tmp_path: Path, postgres_url: str) -> Iterator[Workers]:
    """Practice sites and a fresh archive."""
    with PracticeServer(port=0) as server:
        working = workers(tmp_path, postgres_url, server)
        yield working
        working.end_all()


def test_a_worker_crawls_what_is_due_once(place: Workers) -> None:
    """Two sites of the plan are crawled into the archive; their jobs are gone, and none is due again."""
    assert f"added: {ASP} (daily, deep, owed)" in place.run("schedule", "sync", ASP, EMPIRE)
    said = place.run("work", "--until-empty")
    assert f"{ASP}: 17 entries: 17 stored" in said
    runs = place.rows("SELECT spider, reason FROM run ORDER BY spider")
    assert runs == [(ASP, "finished"), (EMPIRE, "finished")]
    assert place.rows("SELECT count(*) FROM article") == [(37,)]
    place.run("work", "--until-empty")
    assert len(place.rows("SELECT id FROM run")) == 2
    assert place.rows("SELECT count(*) FROM procrastinate.procrastinate_jobs") == [(0,)]
    assert place.rows("SELECT count(*) FROM procrastinate.procrastinate_workers") == [(0,)]


def test_two_workers_that_start_together_share_the_sites(place: Workers) -> None:
    """Neither fights for the queue's tables, and each site is crawled by one of them."""
    place.run("schedule", "sync", ASP, EMPIRE, XUNRUI)
    both = [place.start("work", "--until-empty", "--at-once", "2") for _ in range(2)]
    for one in both:
        said, _ = one.communicate()
        assert one.returncode == 0, said
    assert place.rows("SELECT spider FROM run ORDER BY spider") == [(ASP,), (EMPIRE,), (XUNRUI,)]


def test_without_postgresql_it_says_what_is_missing(tmp_path: Path, place: Workers) -> None:
    """A SQLite archive has no queue: both commands say so, and what to do, and make nothing."""
    address = str(tmp_path / "archive.db")
    for command in (("work",), ("schedule", "sync", ASP)):
        said = place.run(*command, "--archive", address, expected=1)
        assert "is a SQLite file" in said
        assert "unioncrawl crawl --due" in said
    assert not Path(address).exists()


def slow(place: Workers, *sites: str, seconds: float = 1.0) -> None:
    """Let each request of these sites wait so long, so that their crawls last."""
    for site in sites:
        path = place.folder / "sites" / f"{site}.toml"
        text = path.read_text(encoding="utf-8")
        slowed = re.sub(r"delay_seconds = [\d.]+", f"delay_seconds = {seconds}", text)
        path.write_text(slowed, encoding="utf-8")


def requests_of(place: Workers, captures: str = "data/captures") -> list[float]:
    """When requests went out, by the diary of a folder of captures."""
    files = (place.folder / captures / "diary").glob("*.jsonl")
    lines = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [datetime.fromisoformat(line["at"]).timestamp() for line in lines if "url" in line]


def at_work(place: Workers) -> list[tuple[str, str]]:
    """The jobs that run, with the worker of each."""
    return place.rows(
        "SELECT j.args ->> 'site', u.name FROM procrastinate.procrastinate_jobs j"
        " JOIN procrastinate.unioncrawl_worker u ON u.worker_id = j.worker_id WHERE j.status = 'doing'"
        " AND j.task_name = 'crawl'"
    )


def runs_of(place: Workers) -> list[tuple[str | None]]:
    """How the runs so far have ended, in their order."""
    return place.rows("SELECT reason FROM run ORDER BY id")


def test_the_jobs_of_a_killed_worker_run_again(place: Workers) -> None:
    """After kill -9 its site is free at once, and its job runs again on another within a minute."""
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    first = place.start("work", "--name", "first")
    wait_until(lambda: len(requests_of(place)) > 2, first)
    first.kill()
    first.communicate()
    slow(place, ASP, seconds=0.0)
    second = place.start("work", "--name", "second", "--until-empty")
    said, _ = second.communicate()
    assert second.returncode == 0, said
    assert runs_of(place) == [("",), ("finished",)]
    assert place.rows("SELECT count(DISTINCT url), count(*) FROM article") == [(17, 17)]
    assert "Workers are dead or frozen" in said


def test_a_job_that_goes_on_after_a_death_is_cleared(place: Workers) -> None:
    """When its next crawl has stored new articles, that is noted of it, once."""
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    put = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)"
        " VALUES ('crawl', 'crawl', %(lock)s, %(lock)s, %(given)s) RETURNING id"
    )
    given = {"lock": f"site {ASP}", "given": json.dumps({"site": ASP, "kind": "daily"})}
    with psycopg.connect(queue_conninfo(place.url), autocommit=True) as queue:
        for (number,) in queue.execute(put, given).fetchall():
            add_note(queue, number, "linxi-1", What.DIED, "its worker died; it runs again.")
    process = place.start("work")
    noted = "SELECT what FROM procrastinate.unioncrawl_note ORDER BY id"
    wait_until(lambda: len(place.rows(noted)) > 1, process)
    assert place.rows(noted) == [("died",), ("went-on",)]
    assert place.rows("SELECT count(*) > 0 FROM article") == [(True,)]
    process.terminate()
    said, _ = process.communicate()
    assert process.returncode == 0, said


def test_a_frozen_worker_that_wakes_up_neither_crawls_nor_ends_the_job(place: Workers) -> None:
    """Its successor has the site; it asks for nothing more, begins anew, and does other work."""
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    first = place.start("work", "--name", "first", "--captures", "first")
    wait_until(lambda: len(requests_of(place, "first")) > 2, first)
    os.kill(first.pid, signal.SIGSTOP)
    second = place.start("work", "--name", "second", "--captures", "second")
    wait_until(lambda: len(requests_of(place, "second")) > 1, second)
    awake_at = time.time()
    os.kill(first.pid, signal.SIGCONT)
    wait_until(lambda: len(place.rows("SELECT 1 FROM procrastinate.procrastinate_workers")) == 2, first)
    assert at_work(place) == [(ASP, "second")]
    wait_until(lambda: not at_work(place), second)
    for one in (first, second):
        one.terminate()
    said = {name: one.communicate()[0] for name, one in (("first", first), ("second", second))}
    assert (first.returncode, second.returncode) == (0, 0), said
    assert "taken for dead" in said["first"]
    assert "left to that one" in said["first"]
    assert max(requests_of(place, "first")) < awake_at
    assert place.rows("SELECT count(DISTINCT url), count(*) FROM article") == [(17, 17)]
    assert place.jobs()["counts"] == {}


def test_a_worker_that_is_stopped_hands_its_job_back(place: Workers) -> None:
    """What was fetched is stored, the job waits in the queue at once, and the next worker ends it."""
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    first = place.start("work", "--name", "first")
    wait_until(lambda: place.rows("SELECT 1 FROM article") != [], first)
    first.terminate()
    said, _ = first.communicate()
    assert first.returncode == 0, said
    assert "unfinished jobs are in the queue again" in said
    assert runs_of(place) == [("shutdown",)]
    (job,) = place.jobs()["jobs"]
    assert (job["site"], job["state"], job["worker"]) == (ASP, "todo", "")
    assert "stopped" in job["said"]
    slow(place, ASP, seconds=0.0)
    place.run("work", "--until-empty")
    assert runs_of(place) == [("shutdown",), ("finished",)]
    assert place.rows("SELECT count(DISTINCT url), count(*) FROM article") == [(17, 17)]


def test_a_second_signal_ends_a_worker_at_once(place: Workers, gate: Gate) -> None:
    """It says that not all is stored, and who takes its jobs; its exit code is that of `crawl`."""
    place.run("schedule", "sync", XUNRUI)
    worker = place.start("work", "--name", "first")
    # An answer that does not come keeps it from ending gracefully.
    wait_until(lambda: gate.is_holding, worker)
    worker.terminate()
    assert worker.stdout is not None
    while "send the signal again" not in worker.stdout.readline():
        assert worker.poll() is None
    worker.terminate()
    said, _ = worker.communicate()
    assert worker.returncode == 3, said
    assert "others take its jobs within a minute" in said


def test_a_job_that_is_cancelled_ends_gracefully(place: Workers) -> None:
    """Its crawl ends, what it fetched is stored, the worker goes on, and the job says what became of it."""
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    worker = place.start("work", "--name", "first")
    wait_until(lambda: place.rows("SELECT 1 FROM article") != [], worker)
    (job,) = place.jobs()["jobs"]
    assert f"is ending: {job['id']}" in place.run("jobs", "cancel", str(job["id"]))
    wait_until(lambda: place.jobs()["counts"] == {"aborted": 1}, worker)
    assert runs_of(place) == [("shutdown",)]
    # As a terminal that is closed does.
    worker.send_signal(signal.SIGHUP)
    said, _ = worker.communicate()
    assert worker.returncode == 0, said
    assert "its job is cancelled" in said
    assert place.jobs()["jobs"][0]["said"] == "it was cancelled, and ended gracefully."


def test_a_site_whose_spider_breaks_fails_its_job_alone(place: Workers) -> None:
    """The job stays with the reason, the run is in the archive, and other sites are crawled."""
    (place.folder / "sites" / f"{ASP}.py").write_text("raise RuntimeError('临溪')\n", encoding="utf-8")
    place.run("schedule", "sync", ASP, EMPIRE)
    said = place.run("work", "--until-empty")
    assert "RuntimeError: 临溪" in said
    (job,) = place.jobs()["jobs"]
    assert (job["site"], job["state"], job["attempts"]) == (ASP, "failed", 1)
    assert "RuntimeError: 临溪" in job["said"]
    assert sorted(place.rows("SELECT spider, reason FROM run")) == [(ASP, "not-begun"), (EMPIRE, "finished")]


def test_a_site_file_that_changes_is_read_anew(place: Workers) -> None:
    """A worker runs for months: a site that comes later is crawled by one that has begun before."""
    path = place.folder / "sites" / f"{EMPIRE}.toml"
    text = path.read_text(encoding="utf-8").replace(f'id = "{EMPIRE}"', 'id = "linxi"')
    place.run("schedule", "sync", ASP)
    worker = place.start("work")
    wait_until(lambda: runs_of(place) == [("finished",)], worker)
    (path.parent / "linxi.toml").write_text(text, encoding="utf-8")
    place.run("schedule", "sync", "linxi")
    wait_until(lambda: runs_of(place) == [("finished",)] * 2, worker)
    worker.terminate()
    said, _ = worker.communicate()
    assert worker.returncode == 0, said
    assert "linxi: 21 entries" in said


def test_files_are_imported_by_jobs_of_their_own(place: Workers) -> None:
    """One job a file, of which one is damaged: it fails alone, with what was printed, after three tries."""
    for name, number in (("one", 1), ("two", 2)):
        rows = f"url,title,body_text\nhttp://linxi.example/{number},送清凉{number},市总工会慰问一线职工。\n"
        (place.folder / f"{name}.csv").write_text(rows, encoding="utf-8")
    (place.folder / "bad.warc").write_bytes(b"WARC/1.0\r\n\x00\xff")
    place.run("schedule", "sync", ASP)
    place.run("schedule", "sync", ASP, "--remove")
    said = place.run("jobs", "add", "import", "one.csv", "two.csv", "bad.warc", "--site", "linxi")
    assert "3 jobs were added" in said
    place.rows("UPDATE procrastinate.procrastinate_jobs SET attempts = 2 RETURNING id")
    place.run("work", "--until-empty", "--for-heavy", "2")
    seen = place.jobs()
    assert seen["counts"] == {"failed": 1, "succeeded": 2}
    failed = next(one for one in seen["jobs"] if one["state"] == "failed")
    assert failed["arguments"][-1] == str(place.folder / "bad.warc")
    assert "exit code 1" in failed["said"]
    assert place.rows("SELECT count(*) FROM article") == [(2,)]


def test_an_archive_is_reprocessed_by_stretches(place: Workers) -> None:
    """Each job derives so many articles again, and what it printed is kept."""
    place.run("schedule", "sync", ASP)
    place.run("work", "--until-empty")
    arguments = ("reprocess", "--stage", "normalize", "--apply", "--workers", "1")
    assert "2 jobs were added" in place.run("jobs", "add", "--each", "10", *arguments)
    place.run("work", "--until-empty")
    seen = place.jobs()["jobs"]
    assert [one["arguments"][-1] for one in seen] == ["1-10", "11-17"]
    assert [one["state"] for one in seen] == ["succeeded"] * 2
    notes = place.rows("SELECT said FROM procrastinate.unioncrawl_note ORDER BY job_id")
    assert ["10 derived again" in notes[0][0], "7 derived again" in notes[1][0]] == [True, True]


def test_wrong_arguments_of_a_command_are_refused_before_a_worker_meets_them(place: Workers) -> None:
    """Unknown options and commands, files that are not there, and repair without a folder."""
    place.run("schedule", "sync", ASP)
    for wrong in (
        ("reprocess", "--nonsense"),
        ("export",),
        ("import", "nowhere.csv"),
        ("import",),
        ("repair", "nowhere.jsonl", "--jsonl"),
    ):
        place.run("jobs", "add", *wrong, expected=2)
    assert place.jobs()["jobs"] == []


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[tuple[PostgresServer, Workers]]:
    """A database server that can be stopped, and a working folder."""
    with running_postgres() as running, PracticeServer(port=0) as server:
        working = workers(tmp_path, running.url + "postgres", server)
        yield running, working
        working.end_all()


def test_a_worker_outlives_an_outage_of_the_database(own_server: tuple[PostgresServer, Workers]) -> None:
    """No request goes out meanwhile; afterwards the crawl goes on, and its job is done once."""
    running, place = own_server
    slow(place, ASP)
    place.run("schedule", "sync", ASP)
    worker = place.start("work", "--name", "first")
    wait_until(lambda: place.rows("SELECT 1 FROM article") != [], worker)
    running.stop()
    stopped_at = time.time()
    time.sleep(10)
    started_at = time.time()
    running.start()
    wait_until(lambda: not at_work(place) and runs_of(place) == [("finished",)], worker)
    worker.terminate()
    said, _ = worker.communicate()
    assert worker.returncode == 0, said
    assert "The queue's database answers again" in said
    assert "until it answers, no request goes out" in said
    assert not [at for at in requests_of(place) if stopped_at < at < started_at]
    assert place.rows("SELECT count(DISTINCT url), count(*) FROM article") == [(17, 17)]
    assert place.jobs()["counts"] == {}
