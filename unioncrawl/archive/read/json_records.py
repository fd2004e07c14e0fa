"""Stored articles as plain JSON: one row an article, and the whole history for ``show``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, select

from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles, load_history
from unioncrawl.archive.schema import story_part
from unioncrawl.language.zones import local_time
from unioncrawl.rows import article_row

_HIDDEN = {"article_id", "rejection_id", "content_hash", "text_digest", "exact_digest"}


def stored_row(stored: StoredArticle) -> dict[str, Any]:
    """Return one flat row: the fields of ``unioncrawl extract`` and what the archive adds."""
    return {
        "id": stored.id,
        "site": stored.record.site,
        **article_row(stored.record),
        "first_seen_at": local_time(stored.first_seen_at),
        "last_seen_at": local_time(stored.last_seen_at),
        "revision": stored.revision,
        "reprint_group": stored.reprint_group,
        "withdrawn_at": local_time(stored.withdrawn_at),
        "vanished_at": local_time(stored.vanished_at),
    }


def full_record(connection: Connection, reference: str) -> dict[str, Any]:
    """Return an article by number or URL with its repair steps, revisions, observations and captures.

    Raises `ArticleNotFound`.
    """
    number = find_article(connection, reference)
    stored = load_articles(connection, [number])[0]
    history = load_history(connection, number)
    captures = [_plain(row) for row in history.captures]
    return {
        **stored_row(stored),
        "aliases": list(history.aliases),
        "contains": _places(connection, story_part.c.article_id, number),
        "contained_in": _places(connection, story_part.c.part_article_id, number),
        "raw": dict(stored.record.raw),
        "steps": [{"field": step.field, **asdict(step.step)} for step in stored.record.steps],
        "unresolved": [{"field": left.field, **asdict(left.unresolved)} for left in stored.record.unresolved],
        "revisions": [_plain(row) for row in history.revisions],
        "observations": [_plain(row) for row in history.observations],
        "capture": captures[-1] if captures else None,
        "captures": captures,
        "failures": [_plain(row) for row in history.failures],
    }


def _places(connection: Connection, column: Column[int], number: int) -> list[dict[str, Any]]:
    """Return the stories that a roundup holds, or the roundups that hold a story, with their places."""
    is_contained = (column == number) & (story_part.c.relation == "contains")
    query = select(story_part).where(is_contained).order_by(story_part.c.start_at, *story_part.primary_key)
    names = ("article_id", "part_article_id", "start_at", "end_at", "share")
    return [{name: row[name] for name in names} for row in connection.execute(query).mappings()]


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: local_time(value) if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in _HIDDEN
    }
