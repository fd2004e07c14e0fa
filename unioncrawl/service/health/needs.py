"""What needs a person: the open alerts, sites that were never crawled, and an archive that is not crawled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import Connection, func, select

from unioncrawl.archive.schema import article, run, site
from unioncrawl.service.health.alert_rows import NETWORK, Alert, unrecovered_alerts
from unioncrawl.service.health.rules.answers import DOWN, NEVER
from unioncrawl.service.health.words import LANGUAGES, say_fault, say_next_step
from unioncrawl.service.words import Words, both
from unioncrawl.sites.level import Level

NEVER_CRAWLED, UNREADABLE = "never-crawled", "archive-unreadable"
NO_RUN, NO_RUN_EVER, NO_FILE = "no-run", "no-run-ever", "no-site-file"
NEEDED_KINDS = (NEVER_CRAWLED, NO_FILE, NO_RUN, NO_RUN_EVER, UNREADABLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A line of ``unioncrawl health``: what is wrong with a site (empty: with the archive), and what to do.

    ``since``: when it began, None where nobody knows; ``muted_until``: None where it is not muted.
    ``also``: the kinds of later alerts of the site, which ``said`` names too.
    """

    site: str
    kind: str
    said: Words
    next_step: Words
    since: datetime | None = None
    muted_until: datetime | None = None
    also: tuple[str, ...] = ()

    def as_record(self) -> dict[str, object]:
        """Return it for a machine."""
        return {
            "site": self.site,
            "kind": self.kind,
            "also": list(self.also),
            "since": self.since.isoformat() if self.since else None,
            "muted_until": self.muted_until.isoformat() if self.muted_until else None,
            "said": self.said._asdict(),
            "next_step": self.next_step._asdict(),
        }

    def line(self, language: str) -> str:
        """Return it for a person, in ``en`` or ``zh``."""
        name = self.site or ("存档" if language == "zh" else "archive")
        parts = (
            self.said.of(language),
            self.next_step.of(language),
            f"[{' '.join((self.kind, *self.also))}]",
        )
        return f"{name}：{''.join(parts)}" if language == "zh" else f"{name}: {' '.join(parts)}"


def needs(
    connection: Connection, now: datetime, expected: Iterable[str] = (), known: Iterable[str] | None = None
) -> list[Need]:
    """Return what needs a person, the archive first, then by site; what is muted now is left out.

    ``expected``: sites that should be crawled; one of which the archive has no run is named. ``known``: all
    sites that have a file; one that was crawled and has none is named, for nobody crawls it any more. None:
    nobody knows here which have one.
    """
    alerts = [one for one in unrecovered_alerts(connection) if one.is_open and not one.is_muted(now)]
    is_ours = any(one.kind == NETWORK for one in alerts)
    shown = [one for one in alerts if not (is_ours and one.kind in DOWN and one.told_at is None)]
    found = [_of_alert(one) for one in shown]
    named = {(one.site, one.kind in DOWN) for one in unrecovered_alerts(connection)}
    found += [
        _never_answered(key, since) for key, since in _without_article(connection) if (key, True) not in named
    ]
    found += [_need(NEVER_CRAWLED, key) for key in sorted(set(expected) - _crawled(connection))]
    if known is not None:
        found += [_need(NO_FILE, key) for key in sorted(_unpractised(connection) - set(known))]
    ordered = sorted(found, key=lambda one: one.site)
    return [_of_site(list(some)) for _, some in groupby(ordered, key=lambda one: one.site)]


def _of_site(found: list[Need]) -> Need:
    """What needs a person at a site as one, by the next step of the oldest alert."""
    en, zh = (tuple(one.said.of(language) for one in found) for language in LANGUAGES)
    said = Words(zh="".join(zh), en=" ".join(en))
    return replace(found[0], said=said, also=tuple(one.kind for one in found[1:]))


def silence_of_runs(connection: Connection, now: datetime, hours: float) -> list[Need]:
    """Return that no run has ended for so many hours; empty where one has."""
    last = connection.execute(select(func.max(run.c.finished_at, type_=run.c.finished_at.type))).scalar()
    if last is not None and now - last < timedelta(hours=hours):
        return []
    facts = {"hours": round((now - last).total_seconds() / 3600) if last else 0}
    kind = NO_RUN if last else "no-run-ever"
    return [
        Need(site="", kind=NO_RUN, said=say_fault(kind, facts), next_step=say_next_step(kind, ""), since=last)
    ]


def unreadable(message: str, next_step: str) -> Need:
    """Return that the archive can't be read, by what its error says."""
    said = say_fault(UNREADABLE, {"message": message})
    return Need(site="", kind=UNREADABLE, said=said, next_step=both(next_step))


def _of_alert(one: Alert) -> Need:
    return _need(one.kind, one.site, one)


def _need(kind: str, key: str, one: Alert | None = None) -> Need:
    return Need(
        site=key,
        kind=kind,
        said=say_fault(kind, one.facts if one else {}),
        next_step=say_next_step(kind, key),
        since=one.opened_at if one else None,
        muted_until=one.muted_until if one else None,
    )


def _never_answered(key: str, since: datetime | None) -> Need:
    said, next_step = say_fault(NEVER, {}), say_next_step(NEVER, key)
    return Need(site=key, kind=NEVER, said=said, next_step=next_step, since=since)


def _without_article(connection: Connection) -> list[tuple[str, datetime | None]]:
    """The sites that have runs and no article, with their first run."""
    first = func.min(run.c.started_at, type_=run.c.started_at.type)
    stored = select(article.c.id).where(article.c.site_id == site.c.id).exists()
    query = select(site.c.key, first).join(run, run.c.spider == site.c.key)
    rows = connection.execute(query.where(~stored).group_by(site.c.key).order_by(site.c.key))
    return [(key, since) for key, since in rows]


def _crawled(connection: Connection) -> set[str]:
    return set(connection.execute(select(run.c.spider).distinct()).scalars())


def _unpractised(connection: Connection) -> set[str]:
    """The sites that were crawled, but for those that were only tried (`unioncrawl demo`)."""
    query = select(site.c.key).where(site.c.level != Level.PRACTICE)
    return set(connection.execute(query.where(site.c.key.in_(select(run.c.spider)))).scalars())
