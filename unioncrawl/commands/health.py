"""``unioncrawl health``: what needs a person, one line a site, with the next step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy import Connection
from typer.core import TyperGroup

from unioncrawl import settings as defaults
from unioncrawl.archive.database import writing
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArchiveError
from unioncrawl.service.health.alert_rows import Alert
from unioncrawl.service.health.needs import Need, needs, silence_of_runs, unreadable
from unioncrawl.service.health.overview import SiteHealth, overview
from unioncrawl.service.health.settle import days_from, mute, settle
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.watches.needs_of_watches import channel_needs
from unioncrawl.sites.level import Level
from unioncrawl.sites.own_folders import own_folders

# Longer than a day that was left out, shorter than a weekend.
_NO_RUN_HOURS = 36.0
_LONGEST_MUTE_DAYS = 3660


class _Health(TyperGroup):
    """A group whose command ``show`` need not be named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own click is private
        """Put ``show`` before what names no other command."""
        is_named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        rest: list[str] = super().parse_args(ctx, args if is_named else ["show", *args])
        return rest


app = typer.Typer(
    cls=_Health,
    help="Print what needs a person, one line a site; exit 1 when something does."
    "\n\nExample: unioncrawl health --language zh",
)
SiteArgument = Annotated[str, typer.Argument(metavar="SITE", help="The site's id; - for the archive.")]
OneSite = Annotated[str, typer.Argument(metavar="[SITE]", help="Only this site.")]
KindArgument = Annotated[
    str, typer.Argument(metavar="KIND", help="The kind of the alert, as --json names it.")
]
AllOption = Annotated[
    bool, typer.Option("--all", help="Every site that was crawled, also those that are well.")
]
TellOption = Annotated[
    bool,
    typer.Option("--tell", help="For a watcher: also when no run has ended, or the archive can't be read."),
]
HoursOption = Annotated[
    float, typer.Option(min=0, help="With --tell: the hours without a run that are too many.")
]
DaysOption = Annotated[
    float, typer.Option(min=0, max=_LONGEST_MUTE_DAYS, help="For so many days nobody hears of it.")
]


@app.command()
def show(
    site: OneSite = "",
    every: AllOption = False,
    tell: TellOption = False,
    hours: HoursOption = _NO_RUN_HOURS,
    language: LanguageOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Print what needs a person, one line a site; exit 1 when something does.

    Example: unioncrawl health --tell --hours 24
    """
    found, sites = _looked_at(archive, hours if tell else None)
    found = [one for one in found if site in ("", one.site)]
    shown = [one for one in sites if every and site in ("", one.site)]
    if as_json:
        print_json({"needs": [one.as_record() for one in found], "sites": [one.as_record() for one in shown]})
    else:
        chosen = spoken(language)
        for need in found:
            say(need.line(chosen))
        for one in shown:
            say(one.line(chosen))
    if found:
        raise typer.Exit(1)


def _looked_at(archive: str, hours: float | None) -> tuple[list[Need], list[SiteHealth]]:
    """What needs a person, and how each site is; a watcher hears that the archive can't be read."""
    try:
        with open_archive(archive) as opened, opened.connected() as connection:
            found = needs(connection, now(), *_own_sites())
            silence = silence_of_runs(connection, now(), hours) if hours is not None else []
            return [*silence, *channel_needs(connection), *found], overview(connection)
    except ArchiveError as error:
        if hours is None:
            raise
        return [unreadable(error.message, error.next_step)], []


def _own_sites() -> tuple[list[str], list[str] | None]:
    """The open sites of the user's own folders, and all that have a file; None where there is no folder.

    Whoever writes a file wants the site crawled. A watcher on another machine has no files.
    """
    folders = [folder.resolve() for folder in own_folders(defaults.UNIONCRAWL_SITES_DIRS)]
    if not folders:
        return [], None
    # With pydantic, which checks site files.
    from unioncrawl.sites.catalogue import load_catalogue  # noqa: PLC0415

    catalogue = load_catalogue(folders)
    own = [
        profile
        for key, profile in catalogue.profiles.items()
        if any(folder in catalogue.files[key].resolve().parents for folder in folders)
    ]
    is_open = [one.id for one in own if not one.closed and one.level is not Level.PRACTICE]
    return is_open, list(catalogue.profiles)


@app.command("mute")
def mute_alert(
    site: SiteArgument,
    kind: KindArgument,
    days: DaysOption = 30,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Let an alert be told to nobody for some days.

    Example: unioncrawl health mute hgzgh unreachable --days 14
    """
    until = days_from(now(), days)
    changed = _decided(archive, lambda connection: mute(connection, _key(site), kind, until))
    say(f"{site}: {changed.kind} is not told until {until:%Y-%m-%d %H:%M} UTC")


@app.command("settle")
def settle_alert(site: SiteArgument, kind: KindArgument, archive: ArchiveOption = DEFAULT_ARCHIVE) -> None:
    """Take the present state of a site for the new normal: later runs are compared with it.

    Example: unioncrawl health settle hgzgh layout-changed
    """
    changed = _decided(archive, lambda connection: settle(connection, _key(site), kind, now()))
    say(f"{site}: {changed.kind} is settled; later runs are compared with what the site is now")


def _key(site: str) -> str:
    return "" if site == "-" else site


def _decided(archive: str, decide: Callable[[Connection], Alert]) -> Alert:
    engine = open_engine(archive, create=False)
    try:
        with writing(engine) as connection:
            return decide(connection)
    finally:
        engine.dispose()
