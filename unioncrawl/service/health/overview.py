"""How every site of the archive is, also those that need nobody."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from unioncrawl.service.health.alert_rows import unrecovered_alerts
from unioncrawl.service.health.history import latest_readings


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteHealth:
    """A site's last run that says something of it, and its alerts: open ones, and settled ones."""

    site: str
    run_at: datetime
    entries: int
    new: int
    open_alerts: tuple[str, ...]
    settled: tuple[str, ...]

    def as_record(self) -> dict[str, object]:
        """Return it for a machine."""
        figures = {
            "site": self.site,
            "run_at": self.run_at.isoformat(),
            "entries": self.entries,
            "new": self.new,
        }
        return {**figures, "open": list(self.open_alerts), "settled": list(self.settled)}

    def line(self, language: str) -> str:
        """Return it for a person, in ``en`` or ``zh``."""
        at = f"{self.run_at:%Y-%m-%d %H:%M} UTC"
        if language == "zh":
            state = "、".join(self.open_alerts) or "正常"
            return f"{self.site}：{at}，列表 {self.entries} 条，新文章 {self.new} 篇，{state}"
        state = ", ".join(self.open_alerts) or "well"
        return f"{self.site}: {at}, {self.entries} entries, {self.new} new, {state}"


def overview(connection: Connection) -> list[SiteHealth]:
    """Return each site with a run that was judged, by its key."""
    opened: defaultdict[str, list[str]] = defaultdict(list)
    settled: defaultdict[str, list[str]] = defaultdict(list)
    for one in unrecovered_alerts(connection):
        (opened if one.is_open else settled)[one.site].append(one.kind)
    return [
        SiteHealth(
            site=key,
            run_at=reading.at,
            entries=reading.entries,
            new=reading.new,
            open_alerts=tuple(opened[key]),
            settled=tuple(settled[key]),
        )
        for key, reading in sorted(latest_readings(connection, 0).items())
    ]
