"""``unioncrawl watch``: who hears of what, and by which channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from unioncrawl.archive.database import reading, writing
from unioncrawl.commands._language import LanguageOption, spoken
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.commands._watching import (
    check_query,
    day_of,
    let_go_on,
    notice_lines,
    notice_record,
    open_channels,
    opened_archive,
    outcome_record,
    print_plan,
    print_run,
    run_record,
    watch_line,
    watch_record,
)
from unioncrawl.service.channels.outcome import Nature, outcome_in_words
from unioncrawl.service.watches.delivery import send_test
from unioncrawl.service.watches.look import first_position, look
from unioncrawl.service.watches.notices import count_notices, list_notices
from unioncrawl.service.watches.run import run_watches
from unioncrawl.service.watches.saved_watches import (
    Watch,
    WatchKind,
    add_watch,
    find_watch,
    list_watches,
    pause_watch,
    remove_watch,
)
from unioncrawl.service.watches.story_events import find_story
from unioncrawl.service.words import Words

app = typer.Typer(
    help="Hear of new articles, of changes and of faults, by mail or in a group.\n\n"
    "Example: unioncrawl watch add 送清凉 --query '工会 送清凉' --to 值班群",
    no_args_is_help=True,
)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The watch's name.")]
ToOption = Annotated[
    list[str], typer.Option("--to", metavar="CHANNEL", help="A channel; may be given again.")
]
FromOption = Annotated[
    str,
    typer.Option("--from", metavar="DAY", help="Begin with what the archive took in on this day; else now."),
]
SitesOption = Annotated[
    list[str] | None,
    typer.Option("--site", metavar="SITE", help="With --health: only this site; may be repeated."),
]


@app.command()
def add(
    name: NameArgument,
    to: ToOption,
    query: Annotated[str | None, typer.Option(help="A search; '' is every article.")] = None,
    story: Annotated[str, typer.Option(metavar="ID|URL", help="An article, or its permalink.")] = "",
    reprints: Annotated[bool, typer.Option("--reprints", help="With --story: all its reprints too.")] = False,
    health: Annotated[bool, typer.Option("--health", help="Alerts of sites that are not well.")] = False,
    site: SitesOption = None,
    hours: Annotated[
        int,
        typer.Option(
            "--no-run", metavar="HOURS", min=0, max=MOST, help="With --health: also when no run ended."
        ),
    ] = 0,
    since: FromOption = "",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Add a watch: of a search, of a story or of health.

    Example: unioncrawl watch add 集体协商 --query '集体协商 region:630000' --to 邮箱 --to 值班群
    """
    _refuse_contradictions(query, story, health=health)
    for option, given, of in (
        ("--reprints", reprints, story),
        ("--no-run", hours, health),
        ("--site", site, health),
        ("--from", since, not health),
    ):
        if given and not of:
            raise typer.BadParameter(_BELONGS[option], param_hint=option)
    channels = open_channels(archive)
    for channel in to:
        channels.named(channel)
    with opened_archive(archive) as engine, writing(engine) as connection:
        kind, arguments = WatchKind.HEALTH, dict[str, Any]({"sites": site or [], "hours": hours})
        if query is not None:
            kind, arguments = WatchKind.QUERY, {}
            check_query(connection, query)
        elif story:
            kind, arguments = (
                WatchKind.STORY,
                {"article": find_story(connection, story), "reprints": reprints},
            )
        position = first_position(connection, kind, arguments, day_of(since))
        made = Watch(
            name=name, kind=kind, query=query or "", arguments=arguments, channels=tuple(to),
            created_at=datetime.now(UTC), position=position,
        )  # fmt: skip
        added = add_watch(connection, made)
    if as_json:
        print_json(watch_record(added))
    else:
        say(watch_line(added, spoken(language)))


_BELONGS = {
    "--reprints": "it belongs to --story",
    "--no-run": "it belongs to --health",
    "--site": "it belongs to --health; a search has site:ID",
    "--from": "alerts are reported from now on",
}


def _refuse_contradictions(query: str | None, story: str, *, health: bool) -> None:
    if sum((query is not None, bool(story), health)) != 1:
        raise typer.BadParameter("give one of --query, --story and --health", param_hint="--query")


@app.command("list")
def list_command(
    archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False, language: LanguageOption = None
) -> None:
    """List the watches, and what waits for each channel.

    Example: unioncrawl watch list
    """
    with opened_archive(archive) as engine, reading(engine) as connection:
        watches, counts = list_watches(connection), count_notices(connection)
    channels = open_channels(archive)
    if as_json:
        known = [{"name": one.name, "type": one.type} for one in channels.by_name.values()]
        print_json({"watches": [watch_record(one) for one in watches], "channels": known, "notices": counts})
        return
    spoken_language = spoken(language)
    for one in watches:
        say(watch_line(one, spoken_language))
    for name, number in counts.items():
        words = Words(
            f"已送达 {number['delivered']}，待发 {number['waiting']}，已放弃 {number['given_up']}",
            f"{number['delivered']} delivered, {number['waiting']} wait, {number['given_up']} given up",
        )
        say(f"→ {name}: {words.of(spoken_language)}")


@app.command()
def show(
    name: NameArgument,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Show a watch and how far it was read.

    Example: unioncrawl watch show 集体协商 --json
    """
    with opened_archive(archive) as engine, reading(engine) as connection:
        found = find_watch(connection, name)
    if as_json:
        print_json(watch_record(found))
        return
    say(watch_line(found, spoken(language)))
    for key, value in watch_record(found).items():
        say(f"  {key}: {value}")


@app.command()
def remove(
    name: NameArgument, archive: ArchiveOption = DEFAULT_ARCHIVE, language: LanguageOption = None
) -> None:
    """Remove a watch, and what still waits for it.

    Example: unioncrawl watch remove 集体协商
    """
    with opened_archive(archive) as engine, writing(engine) as connection:
        waiting_notices = remove_watch(connection, name)
    words = Words(
        f"已删除 {name}，未发的 {waiting_notices} 条通知一并删除",
        f"{name} is removed, with {waiting_notices} notices that were not sent",
    )
    say(words.of(spoken(language)))


@app.command()
def pause(
    name: NameArgument,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where it was paused.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    language: LanguageOption = None,
) -> None:
    """Pause a watch; with --resume it goes on where it was, and reports what happened meanwhile.

    Example: unioncrawl watch pause 集体协商
    """
    with opened_archive(archive) as engine, writing(engine) as connection:
        pause_watch(connection, name, paused=not resume)
        changed = find_watch(connection, name)
    say(watch_line(changed, spoken(language)))


@app.command()
def run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would go where; send nothing.")
    ] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try at once what waits after a refusal.")] = False,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Look at all watches and deliver what they found; exit 1 when a person has something to do.

    Example: unioncrawl watch run --dry-run
    """
    now = datetime.now(UTC)
    channels = open_channels(archive)
    with opened_archive(archive) as engine:
        if dry_run:
            print_plan(engine, list(look(engine, now)), spoken(language), as_json=as_json)
            return
        ran = run_watches(engine, channels, now, retry=retry)
    if as_json:
        print_json(run_record(ran))
    else:
        print_run(ran, spoken(language))
    if ran.failed:
        raise typer.Exit(1)


@app.command("test")
def try_channel(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="A channel of channels.toml.")],
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Send a test message and print what came back; exit 1 when it was refused.

    Example: unioncrawl watch test 值班群
    """
    now = datetime.now(UTC)
    outcome = send_test(open_channels(archive).named(channel), now)
    due = let_go_on(archive, channel, now) if outcome.nature is Nature.DELIVERED else 0
    if as_json:
        print_json({"channel": channel, **outcome_record(outcome), "due": due})
    else:
        said = outcome_in_words(outcome, spoken(language))
        waits = Words(f" 待发的 {due} 条下次运行即发。", f" {due} waiting notices go out with the next run.")
        say(f"{channel}: {said}{waits.of(spoken(language)) if due else ''}", err=bool(outcome.fault))
    if outcome.fault:
        raise typer.Exit(1)


@app.command("log")
def log_command(
    channel: Annotated[str, typer.Argument(metavar="[CHANNEL]", help="Only this channel.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many, the latest first.")] = 50,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
    language: LanguageOption = None,
) -> None:
    """Show what was sent when, what waits, and what was refused and why.

    Example: unioncrawl watch log --json
    """
    with opened_archive(archive) as engine, reading(engine) as connection:
        notices = list_notices(connection, limit, channel)
    if as_json:
        print_json([notice_record(one) for one in notices])
        return
    for one in notices:
        for line in notice_lines(one, spoken(language)):
            say(line)
