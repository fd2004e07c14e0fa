"""``unioncrawl crawl``: crawl sites, print what came of it; exit 1 when nothing did, 3 when it is unsaved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated

import typer
from rich.table import Table
from scrapy.settings import Settings

from unioncrawl import settings as defaults
from unioncrawl.archive.capture_folder import CAPTURES_SETTING
from unioncrawl.archive.crawl_state.crawl_runs import SIGNALLED, UNWRITTEN_EXIT_CODE
from unioncrawl.archive.crawl_state.entry_ledger import (
    counted_entries,
    entries_in_words,
)
from unioncrawl.archive.store import Archive
from unioncrawl.commands._capacity import sites_at_once
from unioncrawl.commands._console import output_console
from unioncrawl.commands._crawling import Crawled, SiteJob, SiteOutcome, Way, crawl_sites
from unioncrawl.commands._due import Asked, plan_sites, print_plan
from unioncrawl.commands._due_end import due_records, exit_code, record_not_begun, said_end
from unioncrawl.commands._judging import judge_outcomes, print_judgement
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
from unioncrawl.commands._progress import with_progress
from unioncrawl.commands._terminal import say
from unioncrawl.commands._watching import watch_after_crawl
from unioncrawl.errors import ArchiveUnwritable, SiteFileError
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.site_locks import SiteLocks
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders
from unioncrawl.sites.profile import Level

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
    if dry_run and asked.planned:
        print_plan(asked.planned, spoken(language), as_json=as_json)
        return
    crawled = _crawl(settings, asked, {key: value for key, value in given.items() if value})
    judged = judge_outcomes(archive, crawled.outcomes)
    if as_json:
        records = [_record(outcome) | judged.of(outcome.site) for outcome in crawled.outcomes]
        print_json(due_records(records, crawled, asked.planned) if asked.planned else records)
        print_judgement(judged.of_no_site(), spoken(language))
    else:
        print_outcomes(crawled.outcomes)
        print_judgement(judged, spoken(language))
    watch_after_crawl(archive)
    _exit(crawled, asked, spoken(language))


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


def _crawl(settings: Settings, asked: Asked, given: Mapping[str, str]) -> Crawled:
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
                say(f"{site}: another run is at work on it; it is left to that one.", err=True)
            crawled = _crawl_jobs(settings, jobs, locks, asked)
            return record_not_begun(archive, crawled, asked.planned)
    except ArchiveUnwritable as error:
        raise _unwritten(error) from error


def _crawl_jobs(settings: Settings, jobs: list[SiteJob], locks: SiteLocks, asked: Asked) -> Crawled:
    if not jobs:
        return Crawled([])
    at_once = sites_at_once(settings)
    more = partial(asked.more, str(settings["UNIONCRAWL_ARCHIVE"]), locks) if asked.planned else None
    return with_progress(
        len(jobs),
        lambda watch: crawl_sites(settings, jobs, Way(at_once=at_once, watch=watch, locks=locks, more=more)),
    )


def _check_arguments(settings: Settings, site: str, given: Mapping[str, str]) -> None:
    """Raise `ArgumentInvalid` or `SettingInvalid` before anything runs."""
    from scrapy.spiderloader import get_spider_loader  # noqa: PLC0415 - loads every site file

    get_spider_loader(settings).load(site)(**given)


def _unwritten(error: ArchiveUnwritable) -> typer.Exit:
    say(f"unioncrawl: {error}", err=True)
    return typer.Exit(UNWRITTEN_EXIT_CODE)


def print_outcomes(outcomes: list[SiteOutcome]) -> None:
    """Print the summary table, and below it what went wrong."""
    table = Table(box=None)
    for heading in ("site", "new", "revised", "unchanged", "hits", "repaired", "rejected", "ended"):
        table.add_column(heading, justify="left" if heading in ("site", "ended") else "right")
    for outcome in outcomes:
        record = _record(outcome)
        table.add_row(*(str(record[key]) for key in _COLUMNS))
    output_console().print(table)
    for outcome in outcomes:
        numbers = counted_entries(outcome.stats)
        if numbers is not None:
            say(f"{outcome.site}: {entries_in_words(numbers)}")
        for line in _troubles(outcome):
            say(f"{outcome.site}: {line}", err=True)


_COLUMNS = ("site", "new", "revised", "unchanged", "hits", "repaired", "rejected", "ended")


def _record(outcome: SiteOutcome) -> dict[str, object]:
    return {
        "site": outcome.site,
        "new": outcome.number("archive/new"),
        "revised": outcome.number("archive/revised"),
        "unchanged": outcome.number("archive/unchanged"),
        "hits": outcome.number("archive/observation"),
        "repaired": outcome.number("repair/articles"),
        "rejected": outcome.number("archive/rejection"),
        "rejections": outcome.total("rejected"),
        "entries": counted_entries(outcome.stats),
        "missing": outcome.lines("entries/missing_addresses"),
        "short_lists": outcome.lines("walk/short_lists"),
        "unsaved": outcome.number("archive/unsaved"),
        "ended": _ended(outcome),
        "error": outcome.error,
        "ok": not outcome.failed,
    }


def _ended(outcome: SiteOutcome) -> str:
    if outcome.error:
        return "not all stored" if outcome.is_unwritten else "error"
    return "no article found" if outcome.number("crawl/empty") else outcome.reason


def _troubles(outcome: SiteOutcome) -> list[str]:
    rejected = [f"{number} × {name}" for name, number in sorted(outcome.total("rejected").items())]
    lines = [outcome.error] if outcome.error else []
    lines += [f"rejected: {', '.join(rejected)}"] if rejected else []
    missing = outcome.lines("entries/missing_addresses")
    if missing:
        lines.append(f"entries without an answer, which the next run asks for: {' '.join(missing)}")
    if outcome.number("crawl/blocked"):
        lines.append("the site refused again and again, and the crawl was ended; try again later.")
    if outcome.number("walk/failed"):
        lines.append("a list broke off, and older entries may be missing; the next run walks it again.")
    lines += outcome.lines("walk/short_lists")
    if outcome.number("reading/retired"):
        lines.append(
            "the model of its layouts did not hold and is retired; its pages are read in full until another"
            f" is learnt: unioncrawl sites model {outcome.site}"
        )
    if outcome.number("walk/limited"):
        lines.append("a list reached a bound and was not walked to its end; see docs/bounds.md.")
    if any(name.startswith("fetch/tls-") for name in outcome.total("rejected")):
        lines.append("its server could not be reached over TLS; docs/politeness.md says what to do about it.")
    elif outcome.number("robots/pages_not_asked"):
        lines.append(
            "a host did not answer, after retries, with a whole robots.txt: none of its pages was requested;"
            " try again later."
        )
    elif outcome.number("fetch/network_failures"):
        lines.append("the network or the site did not answer, after retries; try again later.")
    elif outcome.number("crawl/empty") and not outcome.error:
        lines.append("no list showed an article; check the columns in its site file.")
    return lines


def _exit(crawled: Crawled, asked: Asked, language: str) -> None:
    outcomes = crawled.outcomes
    if crawled.signal:
        is_whole = not any(outcome.error for outcome in outcomes)
        stored = "what was fetched is stored" if is_whole else "not all that was fetched is stored, see above"
        say(f"unioncrawl: interrupted; {stored}.", err=True)
    if asked.planned:
        code = exit_code(crawled, asked.planned)
        say(said_end(code).of(language), err=True)
        raise typer.Exit(code)
    if any(outcome.is_unwritten for outcome in outcomes):
        raise typer.Exit(UNWRITTEN_EXIT_CODE)
    if crawled.signal:
        raise typer.Exit(SIGNALLED + crawled.signal)
    if any(outcome.failed for outcome in outcomes):
        raise typer.Exit(1)
