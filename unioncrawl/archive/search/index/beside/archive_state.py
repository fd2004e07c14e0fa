"""Which state an archive is in, as far as its articles' words go.

Whatever changes the words of an article writes a revision (a visit, an import, a better repair, a
takedown), and revisions are numbered in the order of writing. Building the index again gives articles
other numbers without a revision; it is recorded as a run of care.
"""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import CARE, SCHEMA_VERSIONS, revision, run
from unioncrawl.archive.search.index.beside.index_protocol import State

# Another number when the words of an entry, or the fields of an index beside the database, change.
_FORM = 1
# The argument of the run of care that may give other numbers to all documents.
_RENUMBERS = "reindex"
EMPTY = State(f"{_FORM}-{SCHEMA_VERSIONS[-1]}", 0, "", 0)


def last_revision(connection: Connection) -> int:
    """Return the number of the last revision; 0 without any."""
    return int(connection.execute(select(func.coalesce(func.max(revision.c.id), 0))).scalar_one())


def state_at(connection: Connection, number: int) -> State:
    """Return the state of an archive when this revision was its last one, its present runs included."""
    last_run: int = connection.execute(select(func.coalesce(func.max(run.c.id), 0))).scalar_one()
    return State(EMPTY.form, number, _mark(connection, number), last_run)


def is_current(connection: Connection, state: State) -> bool:
    """Whether a state is the one that a connection reads."""
    return state.revision == last_revision(connection) and is_earlier(connection, state)


def is_earlier(connection: Connection, state: State) -> bool:
    """Whether an archive was in this state, and documents have kept their numbers since."""
    if state.form != EMPTY.form or state.mark != _mark(connection, state.revision):
        return False
    care = select(run.c.arguments).where(run.c.id > state.run, run.c.spider == CARE)
    return not any(_RENUMBERS in arguments for arguments in connection.execute(care).scalars())


def _mark(connection: Connection, number: int) -> str:
    """What no other archive has under this number of a revision; a takedown does not change it."""
    query = select(revision.c.article_id, revision.c.seen_at).where(revision.c.id == number)
    row = connection.execute(query).first()
    return f"{row.article_id} {row.seen_at.isoformat()}" if row else ""
