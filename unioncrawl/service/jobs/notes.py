"""What happened to a job, written down beside it for people; it goes with the job."""

from __future__ import annotations

from enum import StrEnum

from psycopg import Connection

ADD_NOTE = """
INSERT INTO unioncrawl_note (job_id, worker, what, said)
SELECT id, %(worker)s, %(what)s, %(said)s FROM procrastinate_jobs WHERE id = %(job)s
"""
# A page's address or a child's words may be long; the log has all of it.
LONGEST_NOTE = 20_000


class What(StrEnum):
    """What a note is about."""

    DIED = "died"
    AGAIN = "again"
    FAILED = "failed"
    SAID = "said"


def note_values(job: int, worker: str, what: What, said: str) -> dict[str, object]:
    """Return the values of `ADD_NOTE`; the end of what is too long stays.

    >>> note_values(7, "甲", What.SAID, "完成")["said"]
    '完成'
    """
    return {"job": job, "worker": worker, "what": what.value, "said": said[-LONGEST_NOTE:].replace("\0", "")}


def add_note(connection: Connection, job: int, worker: str, what: What, said: str) -> None:
    """Write down what happened to a job; nothing for a job that is gone."""
    connection.execute(ADD_NOTE, note_values(job, worker, what, said))
