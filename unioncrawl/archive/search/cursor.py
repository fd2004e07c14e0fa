"""Where a page of results ends, so that the next one begins there however many went before.

What is published in the meantime shifts no page: a cursor names the article that was shown last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, or_

from unioncrawl.archive.schema import article
from unioncrawl.archive.search.index.document_numbers import day_of_time
from unioncrawl.errors import QueryError

_WRITTEN = re.compile(r"(?P<seconds>-?\d{1,12}|undated)\.(?P<id>\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last article of a page, in the order of the newest."""

    published_at: datetime | None
    article_id: int

    @property
    def newness(self) -> tuple[float, int]:
        """The key of its place."""
        return newness(self.published_at, self.article_id)

    @property
    def day(self) -> int:
        """The day in which the next page begins."""
        return day_of_time(self.published_at)

    @property
    def condition(self) -> ColumnElement[bool]:
        """What SQL asks of the articles that follow."""
        time, number = article.c.published_at, article.c.id
        if self.published_at is None:
            return and_(time.is_(None), number < self.article_id)
        same = and_(time == self.published_at, number < self.article_id)
        return or_(time < self.published_at, same, time.is_(None))

    def __str__(self) -> str:
        """Write it for an address; `parse_cursor` reads it."""
        seconds = "undated" if self.published_at is None else int(self.published_at.timestamp())
        return f"{seconds}.{self.article_id}"


def newness(published_at: datetime | None, article_id: int) -> tuple[float, int]:
    """A key that is larger for what was published later; undated articles come last."""
    return (published_at.timestamp() if published_at else float("-inf"), article_id)


def parse_cursor(text: str) -> Cursor | None:
    """Read a cursor; ``None`` for the beginning (an empty text).

    Raises `QueryError`.

    >>> str(parse_cursor("1712539954.26")), parse_cursor("undated.7").day, parse_cursor("") is None
    ('1712539954.26', 0, True)
    """
    if not text:
        return None
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise no_place(text)
    if written["seconds"] == "undated":
        return Cursor(None, int(written["id"]))
    try:
        return Cursor(datetime.fromtimestamp(int(written["seconds"]), UTC), int(written["id"]))
    except (ValueError, OverflowError, OSError) as error:
        raise no_place(text) from error


def no_place(text: str) -> QueryError:
    """Return the error of an ``after`` that no answer gave."""
    return QueryError(f"{text!a} is not a place in the results.", next_step="Begin at the first page.")
