"""What a watch of a story has to report: its text was changed, it vanished, came back, or was reprinted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from unioncrawl.archive.read.revisions import find_revision
from unioncrawl.archive.read.stored_articles import find_article
from unioncrawl.archive.schema import reprint_member, revision
from unioncrawl.archive.sql import chunks
from unioncrawl.errors import ArticleNotFound
from unioncrawl.service.watches.article_events import ArticleFacts, article_facts, revised_event
from unioncrawl.service.watches.event import (
    ARTICLE_BACK,
    ARTICLE_NEW,
    ARTICLE_VANISHED,
    ARTICLE_WITHDRAWN,
    Event,
    event_id,
)
from unioncrawl.service.words import Words

# A page of the reader, or a digest as citations write it.
_READER_LINK = re.compile(
    r"/articles/(?P<id>[0-9]{1,18})(?:[/?#]|$)|(?:/revisions/|^)(?P<digest>[0-9a-f]{16})(?:[?#]|$)"
)


def find_story(connection: Connection, reference: str) -> int:
    """Return the article that a watch names: by number, by any of its addresses, or as the reader names it.

    Raises `ArticleNotFound`.
    """
    try:
        return find_article(connection, reference)
    except ArticleNotFound:
        link = _READER_LINK.search(reference)
        if link is None:
            raise
        if link["id"]:
            return find_article(connection, link["id"])
        return find_revision(connection, link["digest"])[0]


def story_members(connection: Connection, arguments: Mapping[str, Any]) -> list[int]:
    """Return the articles of a watch: the one, or with ``reprints`` all of its present group."""
    number = int(arguments["article"])
    if not arguments.get("reprints"):
        return [number]
    group = select(reprint_member.c.group_id).where(reprint_member.c.article_id == number)
    members = select(reprint_member.c.article_id).where(reprint_member.c.group_id.in_(group))
    return sorted({number, *connection.execute(members).scalars()})


def story_position(
    connection: Connection, arguments: Mapping[str, Any], known: Sequence[int] = ()
) -> dict[str, Any]:
    """Return the state of a story as it is: its members, the last revision, which are gone.

    What vanished has a time and no number, so the state is compared and not a place in a row. A
    member that is ``known`` stays one, though it left the group: a takedown takes it out.
    """
    members = sorted({*story_members(connection, arguments), *known})
    facts = article_facts(connection, members)
    return {
        "members": members,
        "revision": connection.execute(select(func.max(revision.c.id))).scalar() or 0,
        "vanished": [number for number in members if facts[number].vanished_at],
        "withdrawn": [number for number in members if facts[number].withdrawn_at],
    }


def story_events(
    connection: Connection, arguments: Mapping[str, Any], position: Mapping[str, Any]
) -> tuple[list[Event], dict[str, Any]]:
    """Return what has happened to a story since a position, and its position now."""
    present = story_position(connection, arguments, position.get("members", ()))
    facts = article_facts(connection, present["members"])
    known = set(position.get("members", present["members"]))
    events = [
        *_joined(facts, [number for number in present["members"] if number not in known]),
        *_revised(connection, facts, position, present),
        *_gone(facts, position, present),
    ]
    return events, present


def _joined(facts: Mapping[int, ArticleFacts], fresh: Sequence[int]) -> Iterator[Event]:
    for number in fresh:
        fact = facts[number]
        named = event_id(ARTICLE_NEW, fact.site, fact.canonical_url)
        yield fact.event(ARTICLE_NEW, named, Words("新的转载", "a new reprint"), fact.first_seen_at)


def _revised(
    connection: Connection,
    facts: Mapping[int, ArticleFacts],
    position: Mapping[str, Any],
    present: Mapping[str, Any],
) -> Iterator[Event]:
    withdrawn = set(present["withdrawn"])
    for some in chunks([number for number in present["members"] if number not in withdrawn]):
        query = (
            select(revision.c.id, revision.c.article_id, revision.c.text_digest, revision.c.seen_at)
            .where(revision.c.article_id.in_(some), revision.c.kind == "edit")
            .where(revision.c.id > position.get("revision", 0), revision.c.id <= present["revision"])
        )
        for row in connection.execute(query.order_by(revision.c.id)):
            yield revised_event(facts[row.article_id], row.id, row.text_digest, row.seen_at)


def _gone(
    facts: Mapping[int, ArticleFacts], position: Mapping[str, Any], present: Mapping[str, Any]
) -> Iterator[Event]:
    vanished, was_vanished = set(present["vanished"]), set(position.get("vanished", []))
    for number in sorted(vanished - was_vanished):
        yield _changed(facts[number], ARTICLE_VANISHED, _VANISHED)
    for number in sorted(was_vanished - vanished):
        if number in facts:
            yield _changed(facts[number], ARTICLE_BACK, _BACK)
    for number in sorted(set(present["withdrawn"]) - set(position.get("withdrawn", []))):
        yield _changed(facts[number], ARTICLE_WITHDRAWN, _WITHDRAWN)


_VANISHED = Words("原网址已无此文", "it is gone from its address")
_BACK = Words("原站又有了", "it is back on its site")
_WITHDRAWN = Words("本库已撤下", "it was taken down from the archive")


def _changed(fact: ArticleFacts, kind: str, said: Words) -> Event:
    at = {ARTICLE_VANISHED: fact.vanished_at, ARTICLE_WITHDRAWN: fact.withdrawn_at}.get(kind)
    at = at or fact.hits_seen_at
    return fact.event(kind, event_id(kind, fact.site, fact.canonical_url, at.isoformat()), said, at)
