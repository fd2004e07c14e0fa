"""``unioncrawl schedule``: when each site is due, and the system's calls of ``crawl --due``."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._due import plan_sites, print_plan
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption
from unioncrawl.commands._scheduling import (
    Places,
    cron_files,
    install_cron,
    install_systemd,
    remove_all,
    systemd_files,
)
from unioncrawl.commands._terminal import say
from unioncrawl.service.schedule.clock import now
from unioncrawl.service.schedule.cron_lines import cron_block
from unioncrawl.service.schedule.installed import Installation
from unioncrawl.service.words import Words

app = typer.Typer(
    help="When each site is due, and the system's calls of crawl --due.\n\nExample: unioncrawl schedule show",
    no_args_is_help=True,
)

SitesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[SITE]...", help="Sites; all that are open.")
]
NameOption = Annotated[str, typer.Option(help="Tells this schedule from others of this user.")]
SystemdOption = Annotated[bool, typer.Option("--systemd", help="Timers of systemd, for this user.")]
CronOption = Annotated[bool, typer.Option("--cron", help="Lines in this user's crontab.")]
PrintOption = Annotated[bool, typer.Option("--print", help="Print what would be installed; install nothing.")]
MinutesOption = Annotated[int, typer.Option(min=1, max=1440, help="Look so often what is due.")]
MailOption = Annotated[str, typer.Option(metavar="ADDRESS", help="Where cron mails what goes wrong.")]

_LINGER = Words(
    "定时器仅在您登录期间运行；若要始终运行，请执行：loginctl enable-linger",
    "The timers run while you are logged in; always, after: loginctl enable-linger",
)
_INSTALLED = Words(
    "已安装。查看采集计划：unioncrawl schedule show", "Installed. See what is due: unioncrawl schedule show"
)
_REMOVED = Words("已移除：{}。", "Removed: {}.")
_NOTHING = Words("没有可移除的内容。", "There was nothing to remove.")


@app.command()
def show(
    sites: SitesArgument = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Print each site's last run, its rhythm, and when and why it is crawled next.

    Example: unioncrawl schedule show hgzgh
    """
    print_plan(plan_sites(archive, sites or [], now()), spoken(language), as_json=as_json)


@app.command()
def install(
    sites: SitesArgument = None,
    systemd: SystemdOption = False,
    cron: CronOption = False,
    only_print: PrintOption = False,
    minutes: MinutesOption = 10,
    name: NameOption = "unioncrawl",
    mail_to: MailOption = "",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    language: LanguageOption = None,
) -> None:
    """Let the system crawl what is due, from this folder, with the settings of this terminal.

    Example: unioncrawl schedule install --systemd hgzgh gsgh
    """
    if systemd == cron and not (only_print and not cron):
        raise typer.BadParameter("one of the two, --systemd or --cron", param_hint="--systemd")
    given = Installation(
        name=_checked(name),
        program=_program(),
        folder=Path.cwd(),
        sites=sites or [],
        minutes=_divides(minutes),
        mail_to=mail_to,
    )
    places, environment = Places.of(given.name), _environment(archive)
    if only_print:
        _print(given, places, environment, is_cron=cron)
        return
    said = install_cron(given, places, environment) if cron else install_systemd(given, places, environment)
    for line in said:
        say(line, err=True)
    if systemd:
        say(_LINGER.of(spoken(language)))
    say(_INSTALLED.of(spoken(language)))


@app.command()
def remove(name: NameOption = "unioncrawl", language: LanguageOption = None) -> None:
    """Remove what install has written, of systemd and of cron; the archive stays.

    Example: unioncrawl schedule remove
    """
    removed = remove_all(Places.of(_checked(name)), _checked(name))
    words = (
        _REMOVED.of(spoken(language)).format(", ".join(removed)) if removed else _NOTHING.of(spoken(language))
    )
    say(words)


@app.command()
def sync(
    sites: SitesArgument = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would change.")] = False,
    remove_: Annotated[bool, typer.Option("--remove", help="Take these sites out of the plan.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Put sites into the plan by which workers crawl; without names all open sites, and no others.

    Example: unioncrawl schedule sync hgzgh gsgh --archive postgresql://127.0.0.1/news
    """
    from unioncrawl.commands._syncing import print_synced, synced  # noqa: PLC0415 - with a queue alone

    changed = synced(archive, sites or [], is_removal=remove_, is_dry=dry_run)
    print_synced(changed, spoken(language), as_json=as_json, is_dry=dry_run)


def _print(given: Installation, places: Places, environment: Mapping[str, str], *, is_cron: bool) -> None:
    files = (cron_files if is_cron else systemd_files)(given, places, environment)
    for path, text in files.items():
        # What has passwords is shown to nobody; install writes it for this user alone.
        shown = "\n".join(line.partition("=")[0] + "=…" for line in text.splitlines() if "=" in line)
        say(f"# {path}\n{shown if path == places.environment else text}")
    if is_cron:
        say("# crontab\n" + "\n".join(cron_block(given, places.script)))


def _environment(archive: str) -> dict[str, str]:
    """The variables of this terminal, with the archive at its full path."""
    address = archive if "://" in archive else str(Path(archive).resolve())
    return {**os.environ, "UNIONCRAWL_ARCHIVE": address}


def _program() -> list[str]:
    """What runs unioncrawl now, at its full path."""
    called = Path(sys.argv[0])
    if called.name == "unioncrawl" and (found := shutil.which(str(called))):
        return [str(Path(found).absolute())]
    return [sys.executable, "-m", "unioncrawl"]


def _checked(name: str) -> str:
    if not name.replace("-", "").isalnum() or not name.isascii():
        raise typer.BadParameter("letters, digits and hyphens", param_hint="--name")
    return name


def _divides(minutes: int) -> int:
    """The minutes, which must divide an hour or be whole hours: cron and systemd count from the full hour."""
    if 60 % minutes and minutes % 60:
        raise typer.BadParameter(
            "a part of an hour (10, 15, 20, 30) or whole hours (60, 120)", param_hint="--minutes"
        )
    return minutes
