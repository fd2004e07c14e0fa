"""``unioncrawl crawl``: crawl sites, print what came of it; exit 1 when nothing did, 3 when it is unsaved."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated

import typer
from scrapy.settings import Settings

from unioncrawl import settings as defaults
from unioncrawl.archive.capture_folder import CAPTURES_SETTING
from unioncrawl.archive.crawl_state.crawl_runs import RUN_NUMBER, SIGNALLED, UNWRITTEN_EXIT_CODE
from unioncrawl.archive.store import Archive
from unioncrawl.commands._capacity import sites_at_once
from unioncrawl.commands._console import is_styled
from unioncrawl.commands._crawl_summary import (
    INTERRUPTED,
    INTERRUPTED_UNWRITTEN,
    LEFT_TO_ANOTHER,
    outcome_record,
    print_outcomes,
)
from unioncrawl.commands._crawling import Crawled, SiteJob, Way, crawl_sites
from unioncrawl.commands._due import Asked, plan_sites, print_plan
from unioncrawl.commands._due_end import due_records, exit_code, record_not_begun, said_end
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    MOST,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    print_json,
    refuse_beside,
)
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveUnwritable, SiteFileError
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.site_locks import SiteLocks
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.level import Level

app = typer.Typer()

SitesArgument = Annotated[list[str] | None, typer.Argument(metavar="[SITE]...", help="Sites by their id.")]
AllOption = Annotated[bool, typer.Option("--all", help="Every open site, without the practice sites.")]
FullOption = Annotated[bool, typer.Option("--full", help="Walk every list to its end.")]
PagesOption = Annotated[int, typer.Option(min=0, max=MOST, help="List pages a column; 0 is no limit.")]
SinceOption = Annotated[str, typer.Option(metavar="DAY", help="Only articles from this day, as 2024-04-08.")]
UntilOption = Annotated[str, typer.Option(metavar="DAY", help="Only articles up to this day.")]
DueOption = Annotated[bool, typer.Option("--due", help="Crawl the sites that are due (docs/service.md).")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Print when and why each site is due.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", "-v", help="Show Scrapy's own log.")]
_NOT_BESIDE_DUE = {"every": "--all", "max_pages": "--max-pages", "since": "--since", "until": "--until"}


@app.command()
def crawl(
    context: typer.Context,
    sites: SitesArgument = None,
    every: AllOption = False,
    due: DueOption = False,
    dry_run: DryRunOption = False,
    full: FullOption = False,
    max_pages: PagesOption = 0,
    since: SinceOption = "",
    until: UntilOption = "",
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
    language: LanguageOption = None,
) -> None:
    """Crawl sites; exit 1 when a site or a list failed or an entry was lost, 3 when articles are unsaved.

    With --due, 1 is a site that broke, and 4 sites that failed as they did before, nothing else being wrong.

    Example: unioncrawl crawl hgzgh --max-pages 2
    """
    given = {"full": "1" if full else "", "max_pages": str(max_pages), "since": since, "until": until}
    settings = project_settings(archive, "INFO" if verbose else "WARNING")
    if captures is not None:
        settings.set(CAPTURES_SETTING, str(captures), priority="cmdline")
    if due or dry_run:
        refuse_beside(context, "--due", _NOT_BESIDE_DUE)
    asked = _asked(settings, sites or [], every, due or dry_run)
    chosen = spoken(language)
    if dry_run and asked.planned:
        print_plan(asked.planned, chosen, as_json=as_json)
        return
    crawled = _crawl(settings, asked, {key: value for key, value in given.items() if value}, chosen)
    code = _print_end(archive, crawled, asked, chosen, as_json=as_json)
    from unioncrawl.service.watches.after_crawl import watch_after_crawl  # noqa: PLC0415 - not before

    for line in watch_after_crawl(archive, chosen):
        say(line, err=True)
    _exit(crawled, code, chosen)


def _print_end(archive: str, crawled: Crawled, asked: Asked, language: str, *, as_json: bool) -> int | None:
    """Judge the sites that have a run; print what came of the crawl, and what is news of their health.

    The exit code of a crawl of what was due is returned.
    """
    # Sixty modules that no crawl needs before its end.
    from unioncrawl.service.watches.after_crawl import judge_ended_runs  # noqa: PLC0415

    numbers = {one.site: one.stats.get(RUN_NUMBER) for one in crawled.outcomes}
    judged = judge_ended_runs(
        archive, {site: number for site, number in numbers.items() if isinstance(number, int)}
    )
    planned = asked.planned
    code = exit_code(crawled, planned, is_alerted=judged.has_opened) if planned else None
    if as_json:
        records = [outcome_record(outcome) | judged.of(outcome.site) for outcome in crawled.outcomes]
        print_json(due_records(records, crawled, planned, code) if planned and code is not None else records)
        judged = judged.of_no_site()
    else:
        print_outcomes(crawled.outcomes, language)
    for line in judged.lines(language):
        say(line, err=True)
    return code


def project_settings(archive: str, log_level: str) -> Settings:
    """Unioncrawl's Scrapy settings with this archive and log level."""
    settings = Settings()
    settings.setmodule(defaults, priority="project")
    settings.set("UNIONCRAWL_ARCHIVE", archive, priority="cmdline")
    settings.set("LOG_LEVEL", log_level, priority="cmdline")
    return settings


def _asked(settings: Settings, sites: list[str], every: bool, due: bool) -> Asked:
    """Find out which sites are to be crawled; raises what is wrong with names, settings and archive."""
    archive = str(settings["UNIONCRAWL_ARCHIVE"])
    defaults.refuse_wrong_settings(settings)
    if not due:
        return Asked(_chosen(sites, every))
    try:
        planned = plan_sites(archive, sites, now())
    except ArchiveUnwritable as error:
        raise _unwritten(error) from error
    return Asked([one.site for one in planned.sites if one.is_due], planned)


def _chosen(sites: list[str], every: bool) -> list[str]:
    catalogue = load_catalogue(own_folders(defaults.UNIONCRAWL_SITES_DIRS))
    if every and sites:
        raise typer.BadParameter("it means every site: name no others beside it", param_hint="--all")
    if every:
        return [
            name
            for name, profile in catalogue.profiles.items()
            if not profile.closed and profile.level is not Level.PRACTICE
        ]
    if not sites:
        raise typer.BadParameter("Name a site, or ask for --all. See: unioncrawl sites list")
    for site in sites:
        _refuse_unknown(site, catalogue)
    return list(dict.fromkeys(sites))


def _refuse_unknown(site: str, catalogue: Catalogue) -> None:
    if site in catalogue.profiles:
        if catalogue.profiles[site].closed:
            say(f"unioncrawl: {site} is closed to crawlers: {catalogue.profiles[site].closed}", err=True)
        return
    for problem in catalogue.problems:
        say(f"unioncrawl: left out: {problem}", err=True)
    raise SiteFileError(f"there is no site '{site}'.", next_step="See: unioncrawl sites list")


def _crawl(settings: Settings, asked: Asked, given: Mapping[str, str], language: str) -> Crawled:
    """Crawl what was asked for, of it what no other run is at work on; record what could not begin."""
    if not asked.planned:
        _check_arguments(settings, asked.names[0], given)
    archive = str(settings["UNIONCRAWL_ARCHIVE"])
    try:
        # An archive that refuses is reported once, before any site is asked for anything.
        Archive.open(archive).close()
        with SiteLocks(archive) as locks:
            jobs, at_work = asked.take(locks, given)
            for site in at_work:
                say(f"{site}: {LEFT_TO_ANOTHER.of(language)}", err=True)
            crawled = _crawl_jobs(settings, jobs, locks, asked)
            return record_not_begun(archive, crawled, asked.planned)
    except ArchiveUnwritable as error:
        raise _unwritten(error) from error


def _crawl_jobs(settings: Settings, jobs: list[SiteJob], locks: SiteLocks, asked: Asked) -> Crawled:
    if not jobs:
        return Crawled([])
    at_once = sites_at_once(settings)
    more = partial(asked.more, str(settings["UNIONCRAWL_ARCHIVE"]), locks) if asked.planned else None
    way = Way(at_once=at_once, locks=locks, more=more)
    if not is_styled(sys.stderr):
        return crawl_sites(settings, jobs, way)
    from unioncrawl.commands._progress import with_progress  # noqa: PLC0415 - Rich draws it

    return with_progress(len(jobs), lambda watch: crawl_sites(settings, jobs, replace(way, watch=watch)))


def _check_arguments(settings: Settings, site: str, given: Mapping[str, str]) -> None:
    """Raise `ArgumentInvalid` or `SettingInvalid` before anything runs."""
    from scrapy.spiderloader import get_spider_loader  # noqa: PLC0415 - loads every site file

    get_spider_loader(settings).load(site)(**given)


def _unwritten(error: ArchiveUnwritable) -> typer.Exit:
    say(f"unioncrawl: {error}", err=True)
    return typer.Exit(UNWRITTEN_EXIT_CODE)


def _exit(crawled: Crawled, code: int | None, language: str) -> None:
    outcomes = crawled.outcomes
    if crawled.signal:
        is_whole = not any(outcome.error for outcome in outcomes)
        said = INTERRUPTED if is_whole else INTERRUPTED_UNWRITTEN
        say(f"unioncrawl: {said.of(language)}", err=True)
    if code is not None:
        say(said_end(code).of(language), err=True)
        raise typer.Exit(code)
    if any(outcome.is_unwritten for outcome in outcomes):
        raise typer.Exit(UNWRITTEN_EXIT_CODE)
    if crawled.signal:
        raise typer.Exit(SIGNALLED + crawled.signal)
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(1)
