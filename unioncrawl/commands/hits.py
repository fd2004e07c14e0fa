"""``unioncrawl hits``."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.stored_articles import find_article
from unioncrawl.archive.reports.hit_series import (
    Observation,
    Ranked,
    Window,
    load_series,
    missing_counts,
    rank_by_growth,
)
from unioncrawl.archive.search.known_sites import find_site
from unioncrawl.archive.search.query import Filter, filter_node
from unioncrawl.commands._console import print_table
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    MOST,
    ArchiveOption,
    JsonOption,
    print_json,
    refuse_backwards,
    refuse_beside,
)
from unioncrawl.commands._terminal import say
from unioncrawl.language.zones import local_time

app = typer.Typer()
_OF_RANKINGS = {"site": "--site", "since": "--since", "until": "--until", "limit": "--limit"}


@app.command()
def hits(
    context: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="[ID|URL]", help="An article; without one, a ranking.")
    ] = "",
    *,
    site: Annotated[str, typer.Option(help="Rank the articles of this site.")] = "",
    since: Annotated[str, typer.Option(help="The window's first day, month or year.")] = "",
    until: Annotated[str, typer.Option(help="The window's last day, month or year.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="How many to rank.")] = 20,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Show the hit counts (点击量) of an article as a series, or rank articles by growth.

    Example: unioncrawl hits --site practice-asp --since 2024-05
    """
    if reference:
        refuse_beside(context, "one article", _OF_RANKINGS)
    refuse_backwards(since, until)
    with archive_to_read(archive) as connection:
        if reference:
            series = load_series(connection, find_article(connection, reference))
            _print_series(series, as_json=as_json)
        else:
            window = Window(_time("since", since), _time("until", until))
            find_site(connection, site)
            _print_ranking(rank_by_growth(connection, site, window, limit), as_json=as_json)
            _say_missing(missing_counts(connection, site))


def _time(field: str, value: str) -> datetime | None:
    if not value:
        return None
    node: Filter = filter_node(field, value)
    return node.value if isinstance(node.value, datetime) else None


def _print_series(series: list[Observation], *, as_json: bool) -> None:
    if as_json:
        print_json([{**asdict(one), "at": local_time(one.at)} for one in series])
        return
    rows = []
    for one in series:
        numbers = (one.hits, one.change, one.per_day)
        shown = ("" if n is None else f"{n:,}" for n in numbers)
        rows.append((local_time(one.at), *shown, one.status, one.flag))
    print_table("", ("when", "点击量", "change", "a day", "status", "flag"), rows)


def _print_ranking(ranking: list[Ranked], *, as_json: bool) -> None:
    if as_json:
        print_json([_plain(one) for one in ranking])
        return
    if not ranking:
        say("No visit in this window has a hit count.", err=True)
        return
    rows = []
    for one in ranking:
        record = one.article.record
        flags = " ".join(one.flags)
        per_day = "" if one.per_day is None else f"{one.per_day:,}"
        numbers = (str(one.article.id), f"{one.gained:,}", per_day, f"{one.hits:,}")
        rows.append((*numbers, record.site, record.title, flags))
    print_table("", ("id", "gained", "a day", "点击量", "site", "title", "flags"), rows)


def _say_missing(missing: dict[str, Counter[str]]) -> None:
    """Say on stderr which articles can't be ranked, and why: the counter of a site may be forbidden."""
    for key, reasons in missing.items():
        why = ", ".join(f"{number} × {reason}" for reason, number in reasons.most_common())
        say(f"{key}: {reasons.total()} articles without a count: {why}", err=True)


def _plain(one: Ranked) -> dict[str, object]:
    record = one.article.record
    return {
        "id": one.article.id,
        "title": record.title,
        "url": record.url,
        "site": record.site,
        "gained": one.gained,
        "per_day": one.per_day,
        "hits": one.hits,
        "flags": list(one.flags),
    }
