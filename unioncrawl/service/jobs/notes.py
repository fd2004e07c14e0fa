"""What happened to a job, written down beside it for people; it goes with the job."""

from __future__ import annotations

from enum import StrEnum

from psycopg import Connection

ADD_NOTE = """
INSERT INTO unioncrawl_note (job_id, worker, what, said)
SELECT id, %(worker)s, %(what)s, %(said)s FROM procrastinate_jobs WHERE id = %(job)s
"""
# Of a job whose workers died: it is not what kills them.
ADD_PROGRESS = """
INSERT INTO unioncrawl_note (job_id, worker, what, said)
SELECT j.id, %(worker)s, 'went-on', 'it has stored new articles since its worker died.'
FROM procrastinate_jobs j WHERE j.id = %(job)s AND EXISTS (
    SELECT FROM unioncrawl_note d WHERE d.job_id = j.id AND d.what = 'died' AND NOT EXISTS (
        SELECT FROM unioncrawl_note w WHERE w.job_id = j.id AND w.what = 'went-on' AND w.id > d.id))
"""
# A page's address or a child's words may be long; the log has all of it.
LONGEST_NOTE = 20_000


class What(StrEnum):
    """What a note is about."""

    DIED = "died"
    WENT_ON = "went-on"
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
