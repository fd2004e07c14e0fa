"""Repair the damaged members of a reprint group after an undamaged one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.rederive import repair_again
from unioncrawl.archive.schema import article, reprint_member, revision
from unioncrawl.archive.sql import chunks
from unioncrawl.model import Article

# More twins than this add nothing to what the first ones show.
_MAX_TWINS = 3


def repaired_from_twins(connection: Connection, groups: Iterable[int]) -> list[Article]:
    """Return the damaged articles of these groups, repaired again with their undamaged members as twins.

    A repair that leaves more damage than before is left out. A repair that
    changes nothing is returned; the writer skips it.
    """
    repaired: list[Article] = []
    for members in _load_members(connection, _with_damage(connection, sorted(groups))):
        texts = _sound_texts(members)
        if not texts:
            continue
        for member in members:
            if member.record.mirror or member.record.unresolved:
                again = repair_again(member.record, texts)
                if len(again.unresolved) <= len(member.record.unresolved):
                    repaired.append(again)
    return repaired


def twins_of(connection: Connection, articles: Sequence[StoredArticle]) -> dict[int, tuple[str, ...]]:
    """Return the undamaged texts of the same stories, for each damaged one of these articles."""
    groups = {one.reprint_group for one in articles if one.reprint_group is not None and not _is_sound(one)}
    by_group = {
        members[0].reprint_group: _sound_texts(members)
        for members in _load_members(connection, sorted(groups))
    }
    return {
        one.id: by_group[one.reprint_group]
        for one in articles
        if one.reprint_group in by_group and not _is_sound(one)
    }


def _sound_texts(members: Sequence[StoredArticle]) -> tuple[str, ...]:
    sound = [member.record for member in members if _is_sound(member)]
    return tuple(f"{twin.title}\n{twin.body_text}" for twin in sound[:_MAX_TWINS])


def _is_sound(member: StoredArticle) -> bool:
    record = member.record
    return not record.mirror and not record.unresolved and bool(record.body_text)


def _with_damage(connection: Connection, groups: Sequence[int]) -> list[int]:
    """Return the groups with a damaged member; the other groups, nearly all, need no reading."""
    found: set[int] = set()
    for some in chunks(groups):
        query = (
            select(reprint_member.c.group_id)
            .join(article, article.c.id == reprint_member.c.article_id)
            .join(revision, revision.c.id == article.c.revision_id)
            .where(reprint_member.c.group_id.in_(some))
            .where(article.c.mirror | revision.c.unresolved.is_not(None))
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _load_members(connection: Connection, groups: Sequence[int]) -> list[list[StoredArticle]]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for some in chunks(groups):
        query = select(reprint_member.c.group_id, reprint_member.c.article_id)
        for row in connection.execute(query.where(reprint_member.c.group_id.in_(some))):
            numbers[row.group_id].append(row.article_id)
    # A twin that can't be read back decides nothing; verify reports it.
    return [load_articles(connection, members, lambda _: None) for members in numbers.values()]
