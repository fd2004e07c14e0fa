"""What earlier runs of a spider tell the next one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from unioncrawl.archive.schema import run

WALK_COMPLETE = "unioncrawl/walk/complete"
_RUNS_LOOKED_AT = 200


def last_complete_walks(engine: Engine, spider: str) -> dict[str, datetime]:
    """When the last complete walk of each column finished, by the column's address.

    A walk is complete when the run's stats say so: the list was walked to its
    end or to articles known before. Killed, interrupted and limited runs are
    not, so that what they left out is looked for again; nor is the walk of a
    column whose list failed, which leaves the other columns as they are.
    """
    query = (
        select(run.c.finished_at, run.c.stats)
        .where(run.c.spider == spider, run.c.finished_at.is_not(None))
        .order_by(run.c.id.desc())
        .limit(_RUNS_LOOKED_AT)
    )
    found: dict[str, datetime] = {}
    with engine.connect() as connection:
        for row in connection.execute(query):
            for name, value in (row.stats or {}).items():
                if value and name.startswith(f"{WALK_COMPLETE}/"):
                    found.setdefault(name.removeprefix(f"{WALK_COMPLETE}/"), row.finished_at)
    return found
