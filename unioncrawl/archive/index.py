"""The full-text index: character bigrams, kept in step by the writer.

Chinese is written without spaces and most of its words have two characters:
each pair of neighbouring characters is a word of the index, and the last
character of a run stands alone, so that every character begins some word. A
two-character query is one exact look-up, a one-character query a prefix, and a
longer one the articles that hold all its pairs, verified against the text
(`unioncrawl.archive.search`). Trigram tokenizers find no two-character word.

On SQLite the index is FTS5 without contents and positions (half the size of
the text instead of 1.3 times); on PostgreSQL a ``tsvector`` column with GIN.
The number of a document begins with the week of its publication, so that
walking the index backwards walks the news newest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import add

from sqlalchemy import Connection, delete, func, insert, select, text

from unioncrawl.archive.folding import fold
from unioncrawl.archive.schema import search_document

# Letters, digits and the middle dot of 5·1; everything else parts runs.
RUN = re.compile(r"[^\W_·]+(?:·+[^\W_·]+)*")
_WEEK_SECONDS = 7 * 86_400
# Room for 131,072 articles a week.
_WEEK_SHIFT = 17
# Marks of the words that are not text (private use, so no text yields them).
TITLE_MARK = "\ue000"
SITE_MARK = "\ue001"
SOURCE_MARK = "\ue002"
_MARKS = re.compile("[\ue000-\ue004]")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """What the index knows of an article; texts are folded."""

    article_id: int
    published_at: datetime | None
    headline: str
    body_text: str
    site: str
    source: str


def bigrams(folded: str) -> set[str]:
    """The index words of a folded text.

    >>> sorted(bigrams("总工会"))
    ['会', '工会', '总工']
    >>> sorted(bigrams("五·一, 5"))
    ['5', '·一', '一', '五·']
    """
    return set(_bigram_list(folded))


def _bigram_list(folded: str) -> list[str]:
    words: list[str] = []
    for run in RUN.findall(folded):
        words += map(add, run, run[1:])
        words.append(run[-1])
    return words


def entry_words(entry: IndexEntry) -> list[str]:
    """All index words of an article: its text, its headline and source marked, its site.

    A word may stand more than once, which the index takes as once.
    """
    headline = _bigram_list(_MARKS.sub("", entry.headline))
    words = _bigram_list(_MARKS.sub("", entry.body_text)) + headline
    words += [TITLE_MARK + word for word in headline]
    words += [SOURCE_MARK + word for word in _bigram_list(_MARKS.sub("", entry.source))]
    words.append(site_word(entry.site))
    return words


# FTS5's ascii tokenizer would part a site's id, or a host that names a site, at signs.
_SIGNS = re.compile(r"[^0-9a-z]")


def site_word(site: str) -> str:
    """The one index word of a site.

    >>> site_word("practice-asp").isprintable(), "-" in site_word("practice-asp")
    (False, False)
    """
    return SITE_MARK + _SIGNS.sub(lambda found: f"\ue003{ord(found[0]):x}", fold(site))


def week_of_time(published_at: datetime | None) -> int:
    """Weeks since 1970; 0 for undated articles, which come last."""
    return 0 if published_at is None else max(0, int(published_at.timestamp()) // _WEEK_SECONDS)


def first_number_of_week(week: int) -> int:
    """The least document number that a week can have."""
    return week << _WEEK_SHIFT


def add_entries(connection: Connection, entries: Sequence[IndexEntry]) -> None:
    """Put articles into the index (each must be absent from it)."""
    if not entries:
        return
    numbers = _give_numbers(connection, entries)
    connection.execute(
        insert(search_document),
        [{"id": number, "article_id": entry.article_id} for number, entry in numbers],
    )
    rows = [(number, entry_words(entry)) for number, entry in numbers]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(
            "INSERT INTO search_index(rowid, tokens) VALUES (?, ?)",
            [(number, " ".join(words)) for number, words in rows],
        )
    else:
        connection.execute(
            text("INSERT INTO search_index VALUES (:id, array_to_tsvector(:words))"),
            [{"id": number, "words": words} for number, words in rows],
        )


def remove_entries(connection: Connection, entries: Iterable[IndexEntry]) -> None:
    """Take articles out; ``entries`` must say what was put in (FTS5 keeps no contents)."""
    for entry in entries:
        number = connection.execute(
            select(search_document.c.id).where(search_document.c.article_id == entry.article_id)
        ).scalar()
        if number is None:
            continue
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "INSERT INTO search_index(search_index, rowid, tokens) VALUES ('delete', ?, ?)",
                (number, " ".join(entry_words(entry))),
            )
        else:
            connection.execute(text("DELETE FROM search_index WHERE id = :id"), {"id": number})
        connection.execute(delete(search_document).where(search_document.c.id == number))


def _give_numbers(connection: Connection, entries: Sequence[IndexEntry]) -> list[tuple[int, IndexEntry]]:
    """Document numbers in rising order, which FTS5 writes as one segment."""
    given: list[tuple[int, IndexEntry]] = []
    next_of_week: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: week_of_time(entry.published_at)):
        week = week_of_time(entry.published_at)
        if week not in next_of_week:
            next_of_week[week] = _next_number(connection, week)
        given.append((next_of_week[week], entry))
        next_of_week[week] += 1
    return given


def _next_number(connection: Connection, week: int) -> int:
    first = (week << _WEEK_SHIFT) + 1
    last = connection.execute(
        select(func.max(search_document.c.id)).where(
            search_document.c.id >= first, search_document.c.id < (week + 1) << _WEEK_SHIFT
        )
    ).scalar()
    return first if last is None else last + 1


def week_of_number(number: int) -> int:
    """The week in which a document number lies."""
    return number >> _WEEK_SHIFT
