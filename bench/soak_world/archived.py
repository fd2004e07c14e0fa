"""What the judge of alerts reads of an archive: what no notice says, and when articles were visited."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bench.soak_world.alarms import OPENED, RECOVERED, SETTLED, Told
from bench.soak_world.judge import read_time


def unsaid(archive: Path, runs: Sequence[datetime]) -> Iterator[Told]:
    """Yield what no site's record names: when alerts of no site opened and ended, and others were settled."""
    connection = sqlite3.connect(f"{archive.as_uri()}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT coalesce(key, ''), kind, opened_at, recovered_at, settled_at FROM alert"
        " LEFT JOIN site ON site.id = alert.site_id"
    )
    for site, kind, opened, recovered, settled in rows.fetchall():
        changes = [(SETTLED, settled)] if site else [(OPENED, opened), (RECOVERED, recovered)]
        for change, moment in changes:
            if moment:
                yield Told(max(at for at in runs if at <= read_time(moment)), site, change, kind)
    connection.close()


def visited(archive: Path, runs: Sequence[datetime]) -> dict[str, frozenset[datetime]]:
    """Return in which runs articles of each site were visited."""
    connection = sqlite3.connect(f"{archive.as_uri()}?mode=ro", uri=True)
    rows = connection.execute(
        "SELECT DISTINCT key, at FROM observation JOIN article ON article.id = article_id"
        " JOIN site ON site.id = article.site_id"
    ).fetchall()
    connection.close()
    found: defaultdict[str, set[datetime]] = defaultdict(set)
    for site, moment in rows:
        found[site].add(runs[bisect_right(runs, read_time(moment)) - 1])
    return {site: frozenset(times) for site, times in found.items()}
