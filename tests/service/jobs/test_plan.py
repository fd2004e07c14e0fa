"""The plan of the workers: what is in it, what changes, and which sites a job is made for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from unioncrawl.archive.database import writing
from unioncrawl.archive.store import Archive
from unioncrawl.service.jobs.plan import (
    compare_plan,
    kind_of,
    kinds_of,
    planned_sites,
    read_plan,
    removed_from_plan,
    wanted_crawls,
    write_plan,
)
from unioncrawl.service.jobs.tasks import Kind
from unioncrawl.service.schedule.due import SiteDue, Why, due_of
from unioncrawl.service.schedule.site_history import SiteHistory
from unioncrawl.sites.catalogue import load_catalogue

TIME = datetime(2024, 4, 8, 1, 32, tzinfo=UTC)
ALL = (Kind.DAILY, Kind.DEEP, Kind.OWED)
SHALLOW = (Kind.DAILY, Kind.OWED)


def due(site: str, **changes: object) -> SiteDue:
    """A site that is due, because it was never crawled."""
    profile = load_catalogue().profiles["practice-asp"]
    decided = due_of(profile, SiteHistory("practice-asp"), TIME)
    return replace(decided, site=site, **changes)  # type: ignore[arg-type]


def test_a_plan_is_kept_and_changed(any_archive: str) -> None:
    """Sites come, change and go, in both databases; what is not named stays, unless the plan is whole."""
    with Archive.open(any_archive) as archive, writing(archive.engine) as connection:
        first = compare_plan({}, {"hgzgh": ALL, "gsgh": ALL}, is_whole=False)
        write_plan(connection, first, TIME)
        assert planned_sites(connection) == {"gsgh": ALL, "hgzgh": ALL}
        second = compare_plan(planned_sites(connection), {"gsgh": SHALLOW}, is_whole=False)
        assert (second.changed, second.removed, second.unchanged) == ({"gsgh": SHALLOW}, {}, {"hgzgh": ALL})
        write_plan(connection, second, TIME)
        third = compare_plan(planned_sites(connection), {"gsgh": SHALLOW}, is_whole=True)
        assert (third.removed, third.unchanged) == ({"hgzgh": ALL}, {"gsgh": SHALLOW})
        write_plan(connection, third, TIME)
        assert removed_from_plan(planned_sites(connection), ["hgzgh"]).removed == {}
        write_plan(connection, removed_from_plan(planned_sites(connection), ["gsgh"]), TIME)
    assert read_plan(any_archive) == {}


def test_a_site_without_deep_runs_has_none_in_the_plan() -> None:
    """The site's file decides."""
    profile = load_catalogue().profiles["practice-asp"]
    assert kinds_of(profile) == ALL
    schedule = profile.schedule.model_copy(update={"deep_days": 0})
    assert kinds_of(profile.model_copy(update={"schedule": schedule})) == SHALLOW


def test_a_run_is_of_the_kind_that_made_it_due() -> None:
    """Whole lists are a deep run, whatever else made it due; what is owed is neither that nor news."""
    assert kind_of(due("a")) is Kind.DAILY
    assert kind_of(due("a", why=Why.KILLED)) is Kind.OWED
    assert kind_of(due("a", why=Why.OWED)) is Kind.OWED
    assert kind_of(due("a", why=Why.OWED, is_deep=True)) is Kind.DEEP


def test_a_job_is_made_for_what_is_due_and_has_none() -> None:
    """Not for a site that has one, that is not due, or that is not in the plan."""
    sites = [due("a"), due("b"), due("c", is_due=False), due("d"), due("e", is_deep=True)]
    planned = {"a": ALL, "b": ALL, "c": ALL, "e": SHALLOW}
    assert wanted_crawls(sites, planned, frozenset({"b"})) == [("a", Kind.DAILY), ("e", Kind.DAILY)]
