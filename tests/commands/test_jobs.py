"""``unioncrawl jobs`` shows what is in the queue, and lets jobs run again or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner, Result

from tests.archive.conftest import postgres_server, postgres_url
from unioncrawl.archive.store import Archive
from unioncrawl.cli import app
from unioncrawl.service.jobs import old_transactions
from unioncrawl.service.jobs.notes import What, add_note
from unioncrawl.service.jobs.queue_address import queue_conninfo
from unioncrawl.service.jobs.queue_schema import bring_queue_up_to_date

__all__ = ["postgres_server", "postgres_url"]
_MADE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, lock, queueing_lock)
VALUES ('crawl', %s, jsonb_build_object('site', %s::text, 'kind', 'daily'), %s, %s) RETURNING id
"""


@pytest.fixture
def queue(postgres_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the queue of a fresh archive."""
    Archive.open(postgres_url).close()
    bring_queue_up_to_date(postgres_url)
    with psycopg.connect(queue_conninfo(postgres_url), autocommit=True) as connection:
        yield connection


def made(queue: psycopg.Connection[Any], site: str, state: str = "todo", task: str = "crawl") -> int:
    """The number of a job in a state."""
    lock = f"site {site}"
    row = queue.execute(_MADE, [task, site, lock, lock]).fetchone()
    assert row is not None
    if state != "todo":
        queue.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [row[0]])
    if state not in {"todo", "doing"}:
        ended = "UPDATE procrastinate_jobs SET status = %s, attempts = 1 WHERE id = %s"
        queue.execute(ended, [state, row[0]])
    return int(row[0])


def jobs(url: str, *arguments: str) -> Result:
    """Call ``unioncrawl jobs``."""
    return CliRunner().invoke(app, ["jobs", *arguments, "--archive", url])


def state_of(queue: psycopg.Connection[Any], number: int) -> tuple[str, bool]:
    """A job's state, and whether it is to end."""
    ask = "SELECT status::text, abort_requested FROM procrastinate_jobs WHERE id = %s"
    row = queue.execute(ask, [number]).fetchone()
    assert row is not None
    return row[0], row[1]


def test_jobs_are_listed_by_state_and_site(postgres_url: str, queue: psycopg.Connection[Any]) -> None:
    """With the counts of all, for people and for a machine; the making of the plan is no job of theirs."""
    waits, failed = made(queue, "hgzgh"), made(queue, "gsgh", "failed")
    made(queue, "plan", task="plan")
    add_note(queue, failed, "linxi-1", What.FAILED, "RuntimeError: 临溪")
    seen = json.loads(jobs(postgres_url, "--json").stdout)
    assert seen["counts"] == {"failed": 1, "todo": 1}
    assert [(one["id"], one["site"], one["state"]) for one in seen["jobs"]] == [
        (waits, "hgzgh", "todo"),
        (failed, "gsgh", "failed"),
    ]
    assert set(seen["jobs"][0]) >= {"task", "kind", "attempts", "scheduled_at", "worker"}
    assert (seen["workers"], seen["long_transactions"]) == ([], [])
    assert seen["jobs"][1]["said"] == "RuntimeError: 临溪"
    said = jobs(postgres_url, "--state", "failed", "--language", "zh").stdout
    assert "临溪" in said
    assert "hgzgh" not in said
    assert [
        one["id"] for one in json.loads(jobs(postgres_url, "--site", "hgzgh", "--json").stdout)["jobs"]
    ] == [waits]
    assert not seen["is_cut"]
    assert "only the first 1 jobs" in jobs(postgres_url, "--limit", "1").stderr
    assert jobs(postgres_url, "--state", "lost").exit_code == 2


def test_a_job_is_shown_with_its_life(postgres_url: str, queue: psycopg.Connection[Any]) -> None:
    """Its events and notes, in the order of time; an unknown number is an error with the next step."""
    failed = made(queue, "gsgh", "failed")
    add_note(queue, failed, "linxi-1", What.DIED, "its worker died; it runs again.")
    said = jobs(postgres_url, "show", str(failed)).stdout
    assert said.index("deferred") < said.index("linxi-1: its worker died")
    record = json.loads(jobs(postgres_url, "show", str(failed), "--json").stdout)
    assert [one["what"] for one in record["events"]] == ["deferred", "started", "failed"]
    unknown = jobs(postgres_url, "show", "999")
    assert unknown.exit_code == 1
    assert "unioncrawl jobs" in str(unknown.exception)


def test_what_failed_or_was_cancelled_runs_again(postgres_url: str, queue: psycopg.Connection[Any]) -> None:
    """One that runs does not, and not one beside which another of its site waits."""
    ended = [made(queue, f"site-{state}", state) for state in ("failed", "cancelled", "aborted")]
    doubled = made(queue, "hgzgh", "failed")
    made(queue, "hgzgh")
    runs = made(queue, "gsgh", "doing")
    done = jobs(postgres_url, "retry", *map(str, [*ended, doubled, runs]))
    assert done.exit_code == 0, done.output
    assert [state_of(queue, number)[0] for number in ended] == ["todo"] * 3
    assert (state_of(queue, doubled)[0], state_of(queue, runs)[0]) == ("failed", "doing")
    assert jobs(postgres_url, "retry", str(runs)).exit_code == 1
    twice = [made(queue, "nhgh", "failed") for _ in range(2)]
    assert jobs(postgres_url, "retry", *map(str, twice)).exit_code == 0
    assert [state_of(queue, number)[0] for number in twice] == ["failed", "todo"]
    queue.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [twice[0]])
    queue.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [ended[0]])
    queue.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [doubled])
    assert str(ended[0]) in jobs(postgres_url, "retry", "--failed").stdout
    assert "No job has failed" in jobs(postgres_url, "retry", "--failed").stdout
    assert jobs(postgres_url, "retry").exit_code == 2


def test_a_job_that_runs_is_asked_to_end(postgres_url: str, queue: psycopg.Connection[Any]) -> None:
    """One that waits is cancelled at once."""
    waits, runs = made(queue, "hgzgh"), made(queue, "gsgh", "doing")
    said = jobs(postgres_url, "cancel", str(waits), str(runs)).stdout
    assert f"cancelled: {waits}" in said
    assert f"is ending: {runs}" in said
    assert state_of(queue, waits)[0] == "cancelled"
    assert state_of(queue, runs) == ("doing", True)
    assert jobs(postgres_url, "cancel", str(waits)).exit_code == 1


def test_an_old_transaction_is_named_with_the_next_step(
    postgres_url: str, queue: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A session that keeps a transaction open lets the queue grow; who it is stands on stderr and in JSON."""
    del queue
    monkeypatch.setattr(old_transactions, "OLD_MINUTES", 0)
    with psycopg.connect(postgres_url, application_name="forgotten psql") as forgotten:
        forgotten.execute("SELECT count(*) FROM article")
        seen = json.loads(jobs(postgres_url, "--json").stdout)["long_transactions"]
        assert [(one["application_name"], one["state"]) for one in seen] == [
            ("forgotten psql", "idle in transaction")
        ]
        assert f"pg_terminate_backend({seen[0]['pid']})" in jobs(postgres_url).stderr


def test_without_a_queue_it_says_how_to_make_one(postgres_url: str, tmp_path: Path) -> None:
    """An archive whose queue was never made, and one that can have none."""
    Archive.open(postgres_url).close()
    assert "unioncrawl schedule sync" in str(jobs(postgres_url).exception)
    assert "is a SQLite file" in str(jobs(str(tmp_path / "archive.db")).exception)
