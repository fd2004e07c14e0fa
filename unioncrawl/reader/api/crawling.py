"""``/sites`` and ``/runs``: what was crawled, and what came of it."""

from __future__ import annotations

from typing import Any, NoReturn

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.reports.run_list import RunFacts, load_run, load_runs
from unioncrawl.archive.reports.site_overview import SiteFacts, load_sites
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.errors import SiteUnknown
from unioncrawl.language.zones import local_time
from unioncrawl.reader.api.answering import Before, Limit, Number, answer
from unioncrawl.reader.api.records import RunPage, RunRecord, SiteList, SiteRecord

router = APIRouter()
_USUAL = 20


@router.get("/sites", response_model=SiteList, tags=["sites"])
def list_sites(request: Request) -> Response:
    """Return every site and how many articles the archive has of it."""
    return answer(request, lambda connection: SiteList(sites=[_site(one) for one in load_sites(connection)]))


@router.get("/sites/{key}", response_model=SiteRecord, tags=["sites"])
def one_site(request: Request, key: str) -> Response:
    """Return one site."""

    def make(connection: Connection) -> SiteRecord:
        find_site(connection, key)
        (facts,) = load_sites(connection, key) or _refused(key)
        return _site(facts)

    return answer(request, make)


def _refused(key: str) -> NoReturn:
    """Refuse a key that is written in another way than the site's own."""
    raise SiteUnknown(
        f"the archive has no site {key}.", next_step="/api/v1/sites names all of them.", stage="archive"
    )


def _site(facts: SiteFacts) -> SiteRecord:
    first = facts.first.isoformat() if facts.first else None
    last = facts.recent[-1].isoformat() if facts.recent else None
    same = ("key", "name", "level", "region", "articles", "undated")
    return SiteRecord(**{name: getattr(facts, name) for name in same}, first_day=first, last_day=last)


@router.get("/runs", response_model=RunPage, tags=["runs"])
def list_runs(request: Request, before: Before = None, limit: Limit = _USUAL) -> Response:
    """Return runs, the newest first."""

    def make(connection: Connection) -> RunPage:
        runs = load_runs(connection, limit + 1, before)
        after = runs[limit - 1].id if len(runs) > limit else None
        return RunPage(runs=[_run(one) for one in runs[:limit]], next=after)

    return answer(request, make)


@router.get("/runs/{run_id}", response_model=RunRecord, tags=["runs"])
def one_run(request: Request, run_id: Number) -> Response:
    """Return one run."""
    return answer(request, lambda connection: _run(load_run(connection, run_id)))


def _run(facts: RunFacts) -> RunRecord:
    same = ("id", "spider", "reason", "version", "unwritten")
    values: dict[str, Any] = {name: getattr(facts, name) for name in same}
    return RunRecord(
        **values,
        started_at=local_time(facts.started_at) or "",
        finished_at=local_time(facts.finished_at),
        entries=None if facts.entries is None else dict(facts.entries),
        missing=list(facts.missing),
        short_lists=list(facts.short_lists),
    )
