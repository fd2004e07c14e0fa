"""The cursor of an export: what a later one gives as new, changed, vanished or seen again.

An article's present revision has a number that only grows, but an article that its site has
deleted, or shows again, gets no revision: so the cursor also says up to when articles had
vanished, and which observation was the last.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from unioncrawl.archive.crawl_state.vanished import LEAST_VISITS
from unioncrawl.archive.schema import article, observation, rejection
from unioncrawl.errors import QueryError
from unioncrawl.language.printed_number import small_number
from unioncrawl.outcomes import PageKind, outcome_of

# Cursors of earlier versions have the revision alone.
_FORM = re.compile(r"r(\d+)(?:v(\d+)o(\d+))?")
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# Times are kept by the second, and a writer waits for its turn: what vanished within this time may
# not be written yet when an export looks, so that the next one gives it again rather than never.
_WRITING = timedelta(minutes=1)


class Cursor(NamedTuple):
    """Up to where an export went: the last revision, the last vanishing in Unix seconds, the last visit."""

    revision: int
    vanished: int
    visit: int

    def __str__(self) -> str:
        return f"r{self.revision}v{self.vanished}o{self.visit}"


def read_cursor(printed: str) -> Cursor:
    """Read a cursor. One of an earlier version lets all vanished articles through once.

    Raises `QueryError` for what is no cursor.

    >>> read_cursor("r7v1714521600o31"), read_cursor("r7")
    (Cursor(revision=7, vanished=1714521600, visit=31), Cursor(revision=7, vanished=0, visit=0))
    """
    form = _FORM.fullmatch(printed)
    numbers = [small_number(part or "0") for part in form.groups()] if form else []
    if not numbers or None in numbers:
        raise QueryError(
            f"{printed:.40} is not a cursor.",
            next_step="Take it from the datapackage.json of an earlier export.",
        )
    return Cursor(*(number or 0 for number in numbers))


def present_cursor(connection: Connection) -> Cursor:
    """Return the cursor that stands for everything the archive has now."""
    revision, gone = connection.execute(
        select(func.coalesce(func.max(article.c.revision_id), 0), func.max(article.c.vanished_at))
    ).one()
    visit = connection.execute(select(func.coalesce(func.max(observation.c.id), 0))).scalar_one()
    settled = min(gone or _NEVER, datetime.now(UTC) - _WRITING)
    return Cursor(revision, int(settled.timestamp()), visit)


def changed_since(connection: Connection, cursor: Cursor) -> set[int]:
    """Return the articles that are new, changed, vanished, or seen again after they had vanished."""
    gone = article.c.vanished_at > datetime.fromtimestamp(cursor.vanished, UTC)
    changed = select(article.c.id).where((article.c.revision_id > cursor.revision) | gone)
    return {*connection.execute(changed).scalars(), *_seen_again(connection, cursor.visit)}


def _seen_again(connection: Connection, visit: int) -> Iterator[int]:
    """Yield the articles whose first visit after they had vanished is a later one than this."""
    for number, visits_in_vain in _missed(connection).items():
        after = select(func.min(observation.c.id)).where(
            observation.c.article_id == number, observation.c.at > max(visits_in_vain)
        )
        first = connection.execute(after).scalar()
        if len(visits_in_vain) >= LEAST_VISITS and first is not None and first > visit:
            yield number


def _missed(connection: Connection) -> dict[int, list[datetime]]:
    """Return when visits did not find articles that are there now."""
    reasons = connection.execute(select(rejection.c.reason).distinct()).scalars()
    not_found = [reason for reason in reasons if outcome_of(reason).kind is PageKind.NOT_FOUND]
    same = (rejection.c.url == article.c.url) & (rejection.c.site_id == article.c.site_id)
    query = (
        select(article.c.id, rejection.c.at)
        .join(rejection, same)
        .where(
            rejection.c.reason.in_(not_found),
            rejection.c.at < article.c.last_seen_at,
            article.c.vanished_at.is_(None),
        )
    )
    missed: defaultdict[int, list[datetime]] = defaultdict(list)
    for number, at in connection.execute(query):
        missed[number].append(at)
    return missed
