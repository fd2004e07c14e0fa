"""The queue's tables are made once, brought forward by what is missing, and nobody else's are touched."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from procrastinate.schema import SchemaManager

from unioncrawl.archive.store import Archive
from unioncrawl.errors import QueueUnavailable
from unioncrawl.service.jobs import queue_schema
from unioncrawl.service.jobs.queue_address import queue_conninfo, refuse_without_queue
from unioncrawl.service.jobs.queue_schema import bring_queue_up_to_date, require_queue

_TRIGGER = "procrastinate_trigger_status_events_update_v1"


def tables(url: str) -> set[str]:
    """The tables of the queue, with their schema."""
    ask = "SELECT schemaname || '.' || tablename FROM pg_tables WHERE tablename ~ 'procrastinate|unioncrawl_'"
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute(ask.encode())}


def test_many_workers_make_one_queue(postgres_url: str) -> None:
    """They start together; the tables stand in a schema of their own, and the archive opens as before."""
    Archive.open(postgres_url).close()
    with pytest.raises(QueueUnavailable, match="schedule sync"):
        require_queue(postgres_url)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(bring_queue_up_to_date, [postgres_url] * 4))
    made = tables(postgres_url)
    assert all(name.startswith("procrastinate.") for name in made)
    assert {"procrastinate.procrastinate_jobs", "procrastinate.unioncrawl_note"} <= made
    require_queue(postgres_url)
    Archive.open(postgres_url).close()


def test_an_older_queue_comes_forward_and_a_newer_one_is_refused(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the migrations that it lacks are run; what a newer Procrastinate made is left alone."""
    bring_queue_up_to_date(postgres_url)
    known = queue_schema._migrations()
    assert known[-1].stem.startswith("03.")
    assert known[0].parent == known[-1].parent
    assert str(known[0].parent) == SchemaManager.get_migrations_path()
    with psycopg.connect(queue_conninfo(postgres_url), autocommit=True) as connection:
        # The last one makes this trigger anew.
        connection.execute(f"DROP TRIGGER {_TRIGGER} ON procrastinate_jobs".encode())
        connection.execute("UPDATE unioncrawl_queue SET last_migration = %s", [known[-2].stem])
        with pytest.raises(QueueUnavailable, match="schedule sync"):
            require_queue(postgres_url)
        bring_queue_up_to_date(postgres_url)
        found = connection.execute("SELECT count(*) FROM pg_trigger WHERE tgname = %s", [_TRIGGER])
        assert found.fetchone() == (1,)
    monkeypatch.setattr(queue_schema, "_migrations", lambda: known[:-1])
    with pytest.raises(QueueUnavailable, match="newer procrastinate"):
        bring_queue_up_to_date(postgres_url)


def test_a_queue_of_somebody_else_is_left_alone(postgres_url: str) -> None:
    """A schema of that name that another program filled is refused."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA procrastinate CREATE TABLE procrastinate_jobs (id integer)")
    with pytest.raises(QueueUnavailable, match="has not made"):
        bring_queue_up_to_date(postgres_url)
    assert tables(postgres_url) == {"procrastinate.procrastinate_jobs"}


def test_an_address_that_can_have_no_queue_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite, sessions that have a name, and an installation without the extra: each with the next step."""
    with pytest.raises(QueueUnavailable, match="crawl --due"):
        refuse_without_queue("data/archive.db")
    with pytest.raises(QueueUnavailable, match="application_name"):
        refuse_without_queue("postgresql://127.0.0.1/news?application_name=a")
    monkeypatch.setattr("unioncrawl.service.jobs.queue_address.find_spec", lambda _: None)
    with pytest.raises(QueueUnavailable, match="unioncrawl\\[scale\\]"):
        refuse_without_queue("postgresql://127.0.0.1/news")


def test_a_database_that_is_away_is_an_error_with_the_next_step() -> None:
    """The queue of an archive whose server does not answer."""
    with pytest.raises(QueueUnavailable, match="Check that PostgreSQL runs"):
        bring_queue_up_to_date("postgresql://127.0.0.1:1/news")
