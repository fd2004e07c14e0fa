"""Stored articles as plain JSON: one row an article, and the whole history for ``show``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from unioncrawl.archive.read.shown_instead import shown_instead
from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles, load_history
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
        **story_places(stored),
        "withdrawn_at": local_time(stored.withdrawn_at),
        "vanished_at": local_time(stored.vanished_at),
    }


def story_places(stored: StoredArticle) -> dict[str, list[dict[str, Any]]]:
    """Return the stories that a roundup holds and the roundups that hold a story, with their places."""
    return {
        "contains": [asdict(place) for place in stored.contains],
        "contained_in": [asdict(place) for place in stored.contained_in],
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
        "moved_to": stored.moved_to,
        "shown_instead": shown_instead(connection, stored),
        "aliases": list(history.aliases),
        "raw": dict(stored.record.raw),
        "steps": [{"field": step.field, **asdict(step.step)} for step in stored.record.steps],
        "unresolved": [{"field": left.field, **asdict(left.unresolved)} for left in stored.record.unresolved],
        "revisions": [_plain(row) for row in history.revisions],
        "observations": [_plain(row) for row in history.observations],
        "capture": captures[-1] if captures else None,
        "captures": captures,
        "failures": [_plain(row) for row in history.failures],
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: local_time(value) if isinstance(value, datetime) else value
        for name, value in row.items()
        if name not in _HIDDEN
    }
