"""What goes wrong with a site and when: outages, walls, certificates, an end for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

# Kinds of outages, with the median of hours and how much these spread (log-normal).
OUTAGES = {
    "status-500": (10.0, 0.9),
    "status-503": (8.0, 1.0),
    "timeout": (12.0, 0.9),
    "reset": (9.0, 0.8),
    "dns": (20.0, 0.9),
    "login": (30.0, 0.7),
    "blocked": (40.0, 0.8),
    "database-error": (10.0, 0.8),
    "empty": (12.0, 0.8),
}
CLOSED, NETWORK, CERTIFICATE, PARKED = "closed", "network", "certificate", "parked"
FOR_GOOD = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a site. Without a site it is our own network's, and all sites are gone."""

    kind: str
    start: datetime
    end: datetime

    def holds(self, at: datetime) -> bool:
        """Whether it is so at a time."""
        return self.start <= at < self.end


def draw_outages(chance: Random, first: datetime, days: int, per_year: float) -> Iterator[Fault]:
    """Yield a site's outages, so many a year; the first days are left in peace."""
    at = first + timedelta(days=min(10, days / 5))
    while (at := at + timedelta(days=chance.expovariate(per_year / 365))) < first + timedelta(days=days):
        kind = chance.choice(list(OUTAGES))
        hours, spread = OUTAGES[kind]
        yield Fault(kind, at, at + timedelta(hours=min(120.0, hours * chance.lognormvariate(0, spread))))


def draw_certificate(chance: Random, first: datetime, days: int) -> Fault:
    """Return the days in which the certificate of a site with https has run out."""
    at = first + timedelta(days=chance.uniform(0.2, 0.95) * days)
    return Fault(CERTIFICATE, at, at + timedelta(days=chance.uniform(2, 9)))


def fault_at(faults: Sequence[Fault], at: datetime, without: str = CERTIFICATE) -> Fault | None:
    """Return the fault of a time; None while all is well. Certificates are asked for by themselves."""
    return next((fault for fault in faults if fault.kind != without and fault.holds(at)), None)
