"""What earlier runs of a spider tell the next one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from unioncrawl.archive.schema import run

WALK_COMPLETE = "unioncrawl/walk/complete"
_RUNS_LOOKED_AT = 200


def last_complete_walk(engine: Engine, spider: str) -> datetime | None:
    """When the spider's last complete walk finished; None when it never completed one.

    A walk is complete when the run's stats say so: every list was walked to its
    end or to articles known before. Killed, interrupted and limited runs are
    not, so that what they left out is looked for again.
    """
    query = (
        select(run.c.finished_at, run.c.stats)
        .where(run.c.spider == spider, run.c.finished_at.is_not(None))
        .order_by(run.c.id.desc())
        .limit(_RUNS_LOOKED_AT)
    )
    with engine.connect() as connection:
        for row in connection.execute(query):
            if (row.stats or {}).get(WALK_COMPLETE):
                finished_at: datetime = row.finished_at
                return finished_at
    return None
