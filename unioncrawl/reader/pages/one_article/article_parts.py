"""What the page of an article shows: its parts, from the record and from the rows about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from unioncrawl.archive.captures.kept_captures import KeptCapture
from unioncrawl.archive.read.revisions import list_revisions
from unioncrawl.archive.read.shown_instead import shown_instead
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.archive.reports.hit_series import load_series
from unioncrawl.archive.reprints.lineage import load_outline
from unioncrawl.archive.schema import article, revision
from unioncrawl.archive.sql import chunks
from unioncrawl.language.zones import local_time
from unioncrawl.model import Article, Evidence, Precision
from unioncrawl.model.article_fields import NAMED_FIELDS
from unioncrawl.reader.page_view import PageView
from unioncrawl.reader.pages.one_article.carriers import MOST_DRAWN, draw_carriers, said_lag
from unioncrawl.reader.pages.one_article.field_names import field_name
from unioncrawl.reader.pages.one_article.hit_curve import MOST_ROWS, draw_hits
from unioncrawl.reader.pages.one_article.shown_text import shown_text

# How much of a time was printed: its characters in ISO 8601.
_PRINTED = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.SECOND: 19}
_TO_THE_MINUTE = 16
# A page of sixty kilobytes has room for so many rows of each.
MOST_CAPTURES, MOST_REVISIONS = 20, 30
# Evidence of these is a claim about the page as a whole, not about one of its lines.
_OF_NO_LINE = frozenset(("encoding", "page", "capture", "body_text"))


@dataclass(frozen=True, slots=True)
class Named:
    """A field on the page: what it is called, and its value."""

    name: str
    value: str


def text_parts(
    view: PageView, connection: Connection, stored: StoredArticle, captures: Sequence[KeptCapture]
) -> dict[str, Any]:
    """Return what the head and the text of an article show, of any of its revisions."""
    record = stored.record
    kept = {
        one.url: view.plain_link(f"/captures/{one.id}/raw")
        for one in captures
        if one.is_kept and one.content_type.startswith("image/")
    }
    return {
        "stored": stored,
        "instead": shown_instead(connection, stored),
        "record": record,
        "byline": byline(record, view.language),
        "printed_date": printed_date(record),
        "text": shown_text(record, kept, view.words("shown.picture")),
        "field_name": lambda name: field_name(name, view.language),
    }


def history_parts(
    view: PageView, connection: Connection, stored: StoredArticle, captures: Sequence[KeptCapture]
) -> dict[str, Any]:
    """Return what the sections after the text show: hits, revisions, story, evidence, captures."""
    series = load_series(connection, stored.id)
    story = load_outline(connection, stored.reprint_group) if stored.reprint_group else None
    evidence = shown_evidence(stored.record)
    return {
        "series": series,
        "newest_hits": series[: -MOST_ROWS - 1 : -1],
        "hit_curve": draw_hits(view, series),
        "revisions": list_revisions(connection, stored.id),
        "story": story,
        "story_picture": draw_carriers(view, story) if story else "",
        "said_lag": lambda lag: said_lag(lag, view.language),
        "printed": printed_date,
        "titles": titles_of(connection, _others(stored)),
        "evidence": evidence,
        "located": located_fields(stored.record),
        "dropped": len(stored.record.evidence) - len(evidence),
        "captures": captures,
        "most_captures": MOST_CAPTURES,
        "most_revisions": MOST_REVISIONS,
        "most_carriers": MOST_DRAWN,
    }


def byline(record: Article, language: str) -> list[Named]:
    """Return who made an article and where it is from, each role with its names.

    >>> [(one.name, one.value) for one in byline(Article(url="", source="工人报", author="李方"), "zh")]
    [('来源', '工人报'), ('作者', '李方')]
    """
    return [
        Named(field_name(name, language), value) for name in NAMED_FIELDS if (value := getattr(record, name))
    ]


def printed_date(record: Article) -> str:
    """Return when an article was published, as exactly as its page says it; empty without a date.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2024, 4, 8, 1, 30, tzinfo=UTC)
    >>> printed_date(Article(url="", published_at=at, published_precision=Precision.MONTH))
    '2024-04'
    >>> printed_date(Article(url="", published_at=at, published_precision=Precision.MINUTE))
    '2024-04-08 09:30'
    """
    at = local_time(record.published_at) or ""
    length = _PRINTED.get(record.published_precision or Precision.MINUTE, _TO_THE_MINUTE)
    return at[:length].replace("T", " ")


def shown_evidence(record: Article) -> list[Evidence]:
    """Return what decided each field; the lines that were left out of the text stand in the ledger."""
    return [one for one in record.evidence if one.field != "body_text"]


def located_fields(record: Article) -> frozenset[str]:
    """Return the fields whose evidence stands in a line of the page, which the ledger can point at."""
    placeless = ("url", "meta")
    return frozenset(
        one.field
        for one in record.evidence
        if one.raw and one.field not in _OF_NO_LINE and one.rule not in placeless
    )


def titles_of(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """Return the headlines of some articles by their numbers."""
    found: dict[int, str] = {}
    for some in chunks(sorted(set(numbers))):
        query = select(article.c.id, revision.c.title)
        query = query.join(revision, revision.c.id == article.c.revision_id).where(article.c.id.in_(some))
        found |= {row.id: row.title for row in connection.execute(query)}
    return found


def _others(stored: StoredArticle) -> list[int]:
    places = (*stored.contains, *stored.contained_in)
    return [number for one in places for number in (one.article_id, one.part_article_id)]
