"""Repair the damaged members of a reprint group after an undamaged one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from unioncrawl.archive.known import chunks
from unioncrawl.archive.reading import StoredArticle, load_articles
from unioncrawl.archive.rederiving import repair_again
from unioncrawl.archive.schema import reprint_member
from unioncrawl.model import Article

# More twins than this add nothing to what the first ones tell.
_MAX_TWINS = 3


def repaired_from_twins(connection: Connection, groups: Iterable[int]) -> list[Article]:
    """The damaged articles of these groups, repaired again with their undamaged members as twins.

    A repair that leaves more damage than before is not given back; one that
    changes nothing is, for the writer to pass over.
    """
    repaired: list[Article] = []
    for members in _load_members(connection, sorted(groups)):
        twins = [member.record for member in members if _is_sound(member)]
        if not twins:
            continue
        texts = [f"{twin.title}\n{twin.body_text}" for twin in twins[:_MAX_TWINS]]
        for member in members:
            if member.record.mirror or member.record.unresolved:
                again = repair_again(member.record, texts)
                if len(again.unresolved) <= len(member.record.unresolved):
                    repaired.append(again)
    return repaired


def _is_sound(member: StoredArticle) -> bool:
    record = member.record
    return not record.mirror and not record.unresolved and bool(record.body_text)


def _load_members(connection: Connection, groups: Sequence[int]) -> list[list[StoredArticle]]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for some in chunks(groups):
        query = select(reprint_member.c.group_id, reprint_member.c.article_id)
        for row in connection.execute(query.where(reprint_member.c.group_id.in_(some))):
            numbers[row.group_id].append(row.article_id)
    return [load_articles(connection, members) for members in numbers.values()]
