"""``unioncrawl reprints``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer
from sqlalchemy import Connection

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.json_records import story_places
from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles
from unioncrawl.archive.reprints.lineage import Group, Member, groups_of, load_groups, newest_groups
from unioncrawl.commands._console import print_table, story_line
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, JsonOption, print_json, refuse_beside
from unioncrawl.commands._terminal import say
from unioncrawl.language.zones import local_time

app = typer.Typer()


@app.command()
def reprints(
    context: typer.Context,
    reference: Annotated[
        str, typer.Argument(metavar="[ID|URL]", help="An article; without one, the newest groups.")
    ] = "",
    *,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many groups.")] = 10,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Print who reprinted whom, the first publisher first.

    Example: unioncrawl reprints 12
    """
    if reference:
        refuse_beside(context, "one article", {"limit": "--limit"})
    with archive_to_read(archive) as connection:
        wanted = (
            groups_of(connection, find_article(connection, reference))
            if reference
            else newest_groups(connection, limit)
        )
        groups = load_groups(connection, wanted)
        alone = [] if groups or not reference else _that_holds(connection, reference)
    if as_json:
        lone = [{"id": None, "origin": None, "members": [_plain_article(one)]} for one in alone]
        print_json([*map(_plain, groups), *lone])
        return
    for group in groups:
        _print_group(group)
    _print_places([*(member.article for group in groups for member in group.members), *alone])
    if not groups:
        say("no reprints" + (f" of {reference}" if reference else ""))


def format_lag(lag: timedelta) -> str:
    """A lag as people say it, a copy that is dated earlier with a minus.

    >>> format_lag(timedelta(hours=26, minutes=5)), format_lag(-timedelta(hours=2)), format_lag(timedelta())
    ('1 d 2:05', '-2:00', '')
    """
    minutes = round(abs(lag).total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    parts = [f"{days} d"] * (days > 0) + [f"{rest // 60}:{rest % 60:02}"] * (rest > 0)
    return ("-" if lag < timedelta() and parts else "") + " ".join(parts)


def _that_holds(connection: Connection, reference: str) -> list[StoredArticle]:
    """Return the article when it holds stories or stands in others: it may be in no group."""
    found = load_articles(connection, [find_article(connection, reference)])
    return [one for one in found if one.contains or one.contained_in]


def _plain(group: Group) -> dict[str, object]:
    members = [_plain_member(member) for member in group.members]
    return {"id": group.id, "origin": group.origin, "members": members}


def _plain_member(member: Member) -> dict[str, object]:
    facts = {name: value for name, value in asdict(member).items() if name not in {"article", "lag"}}
    lag = None if member.lag is None else int(member.lag.total_seconds())
    return {**_plain_article(member.article), "lag_seconds": lag, **facts}


def _plain_article(article: StoredArticle) -> dict[str, object]:
    record = article.record
    return {
        "id": article.id,
        "site": record.site,
        "url": record.url,
        "title": record.title,
        "source": record.source,
        "published_at": local_time(record.published_at),
        "hits": record.hits,
        **story_places(article),
    }


def _print_places(articles: Sequence[StoredArticle]) -> None:
    places = dict.fromkeys(place for one in articles for place in (*one.contains, *one.contained_in))
    for place in places:
        say(story_line(place))


_HEAD = ("id", "site", "published", "lag", "kind", "alike", "changed", "title")


def _print_group(group: Group) -> None:
    title = f"{group.members[0].article.record.title} (first by {group.origin})"
    print_table(title, _HEAD, [_row(member) for member in group.members])


def _row(member: Member) -> tuple[str, ...]:
    record = member.article.record
    counted = [f"+{member.added} -{member.removed}"] if member.added or member.removed else []
    return (
        str(member.article.id),
        record.site,
        (local_time(record.published_at) or "")[:10],
        "" if member.lag is None else format_lag(member.lag),
        member.kind,
        f"{member.jaccard:.2f}",
        "; ".join([*member.changes, *counted]),
        record.title if member.title_changed else "",
    )
