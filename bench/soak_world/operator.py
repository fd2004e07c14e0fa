"""The person who keeps the site files, and looks at a site that an alert names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bench.soak_world.alarms import OPENED, RECOVERED, Told
from bench.soak_world.proposals import Proposals
from bench.soak_world.site import Site
from bench.soak_world.site_files import needs_new_file, site_file
from bench.soak_world.world import START, World

# Kinds of alerts that end with the next run that gets articles, or finds a certificate in force: nobody
# takes an ended certificate for normal who was told to write to the site's operator.
_END_THEMSELVES = frozenset((
    *("never-answered", "dns", "unreachable", "server-error", "blocked", "robots", "no-articles"),
    "certificate-expired",
))  # fmt: skip


@dataclass
class Operator:
    """Keeps the site files: looks at a redesign at the run after an alert, or so many days after it.

    What ``sites propose-update`` proposes is taken if it is right; else the file is written as it must be.
    """

    world: World
    folder: Path
    notices_after: timedelta
    _written: dict[str, int] = field(default_factory=dict)
    _asked: set[tuple[str, int]] = field(default_factory=set)
    _settled: set[Told] = field(default_factory=set)

    def look_after(self, at: datetime, told: Sequence[Told], proposals: Proposals) -> frozenset[str]:
        """Write the files that are owed at a time; return the sites whose files are out of date."""
        outdated = set()
        for site in self.world.sites:
            present, written = site.number_of_period(at), self._written.get(site.site_id)
            if written is None:
                self._write(site, site_file(site, at), present)
            elif self._is_due(site, at, told) and not site.fault(at):
                self._asked.add((site.site_id, present))
                proposed = proposals.ask(site, at)
                is_wrong = needs_new_file(site.periods[written].look, site.periods[present].look)
                self._write(site, proposed or (site_file(site, at) if is_wrong else ""), present)
            elif needs_new_file(site.periods[written].look, site.periods[present].look):
                outdated.add(site.site_id)
        return frozenset(outdated)

    def settle(self, at: datetime, told: Sequence[Told], proposals: Proposals) -> None:
        """Take a redesigned site for normal, once its file is right; outages end by themselves."""
        ended = {(one.site, one.kind): one.at for one in told if one.change == RECOVERED}
        for site in self.world.sites:
            present = site.number_of_period(at)
            if (site.site_id, present) not in self._asked or site.fault(at) or proposals.run is None:
                continue
            for one in told:
                is_open = one.change == OPENED and one.at > ended.get((one.site, one.kind), START)
                if one.kind in _END_THEMSELVES:
                    continue
                if one.site == site.site_id and is_open and one not in self._settled:
                    self._settled.add(one)
                    proposals.run(["health", "settle", one.site, one.kind])

    def _is_due(self, site: Site, at: datetime, told: Sequence[Told]) -> bool:
        present = site.number_of_period(at)
        if (site.site_id, present) in self._asked or not site.periods[present].kind:
            return False
        since = site.periods[present].start
        is_told = any(one.site == site.site_id and one.change == OPENED and one.at > since for one in told)
        return is_told or at - since >= self.notices_after

    def _write(self, site: Site, text: str, present: int) -> None:
        self._written[site.site_id] = present
        if text:
            file = self.folder / "sites" / f"{site.site_id}.toml"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
