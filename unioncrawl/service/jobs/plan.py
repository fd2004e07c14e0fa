"""Which sites the workers of an archive crawl, and which of them a job is made for now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.service_tables import planned_site
from unioncrawl.archive.sql import bytewise
from unioncrawl.service.jobs.tasks import Kind
from unioncrawl.service.schedule.due import SiteDue, Why
from unioncrawl.sites.profile import SiteProfile

_OWED = frozenset({Why.OWED, Why.VISITS, Why.CUT_SHORT, Why.KILLED})
Kinds = tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Synced:
    """What a change of the plan comes to: sites by what becomes of them, with the kinds that they have."""

    added: Mapping[str, Kinds] = field(default_factory=dict)
    changed: Mapping[str, Kinds] = field(default_factory=dict)
    removed: Mapping[str, Kinds] = field(default_factory=dict)
    unchanged: Mapping[str, Kinds] = field(default_factory=dict)


def kinds_of(profile: SiteProfile) -> Kinds:
    """Return the kinds of runs that a site has: deep ones where its file does not forbid them."""
    return tuple(kind for kind in Kind if kind is not Kind.DEEP or profile.schedule.deep_days)


def kind_of(due: SiteDue) -> Kind:
    """Return the kind of run that a site which is due has next."""
    if due.is_deep:
        return Kind.DEEP
    return Kind.OWED if due.why in _OWED else Kind.DAILY


def planned_sites(connection: Connection) -> dict[str, Kinds]:
    """Return the plan of an archive: its sites with the kinds of their runs."""
    query = select(planned_site.c.site, planned_site.c.kinds).order_by(bytewise(planned_site.c.site))
    rows = connection.execute(query)
    return {row.site: tuple(Kind(one) for one in row.kinds) for row in rows}


def read_plan(address: str) -> dict[str, Kinds]:
    """Read the plan of an archive; raises `ArchiveError` where it can't be read."""
    with archive_to_read(address) as connection:
        return planned_sites(connection)


def compare_plan(planned: Mapping[str, Kinds], wanted: Mapping[str, Kinds], *, is_whole: bool) -> Synced:
    """Say what changes when ``wanted`` comes into a plan; ``is_whole``: what is not wanted goes.

    >>> compare_plan({"gsgh": (Kind.DAILY,)}, {"hgzgh": (Kind.DAILY,)}, is_whole=False).removed
    {}
    """
    same = {site for site, kinds in wanted.items() if planned.get(site) == kinds}
    return Synced(
        added={site: kinds for site, kinds in wanted.items() if site not in planned},
        changed={site: kinds for site, kinds in wanted.items() if site in planned and site not in same},
        removed={site: kinds for site, kinds in planned.items() if is_whole and site not in wanted},
        unchanged={
            site: kinds
            for site, kinds in planned.items()
            if site in same or (not is_whole and site not in wanted)
        },
    )


def removed_from_plan(planned: Mapping[str, Kinds], sites: Iterable[str]) -> Synced:
    """Say what changes when sites go out of a plan; one that is not in it changes nothing."""
    going = set(sites)
    return Synced(
        removed={site: kinds for site, kinds in planned.items() if site in going},
        unchanged={site: kinds for site, kinds in planned.items() if site not in going},
    )


def write_plan(connection: Connection, synced: Synced, at: datetime) -> None:
    """Write a change of the plan."""
    for site, kinds in synced.added.items():
        connection.execute(insert(planned_site), {"site": site, "kinds": list(kinds), "added_at": at})
    for site, kinds in synced.changed.items():
        changed = update(planned_site).where(planned_site.c.site == site)
        connection.execute(changed.values(kinds=list(kinds)))
    for site in synced.removed:
        connection.execute(delete(planned_site).where(planned_site.c.site == site))


def wanted_crawls(
    due: Iterable[SiteDue], planned: Mapping[str, Kinds], at_work: frozenset[str]
) -> list[tuple[str, Kind]]:
    """Return the sites that a job is to be made for, with its kind; not those that have one (``at_work``).

    Where a site's plan lacks the kind that would be next, its first one takes the place.
    """
    found = [(one.site, kind_of(one)) for one in due if one.is_due and one.site not in at_work]
    return [(site, _allowed(kind, planned[site])) for site, kind in found if planned.get(site)]


def _allowed(kind: Kind, kinds: Kinds) -> Kind:
    return kind if kind in kinds else kinds[0]
