"""Repair the damaged members of a reprint group after an undamaged one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.schema import article, reprint_member, revision
from unioncrawl.archive.sql import chunks
from unioncrawl.errors import UnioncrawlError
from unioncrawl.model import Article

# More twins than this add nothing to what the first ones show.
_MAX_TWINS = 3
# So many groups are loaded together; a flush of an import touches some forty with damage.
_GROUPS_AT_ONCE = 50
# So many damaged members are remembered as looked at, of 200 bytes each.
_LOOKS_KEPT = 20_000


_IS_DAMAGED = (article.c.mirror | revision.c.unresolved.is_not(None)).label("is_damaged")


class _Member(NamedTuple):
    """A member of a group: its article, the revision that stands, and whether that is damaged."""

    article_id: int
    revision_id: int
    is_damaged: bool


# What decides how a damaged member is repaired: the revision of it that stands, and those of its twins.
_Look: TypeAlias = tuple[int, tuple[int, ...]]


class _Due(NamedTuple):
    """A group with damaged members to repair: all its undamaged members, and the damaged ones, by article.

    ``seen`` are the revisions that stand of the first twins.
    """

    twins: list[int]
    seen: tuple[int, ...]
    damaged: list[int]


class TwinRepair:
    """Repairs damaged members of groups, each once for the revisions that stand of it and its twins.

    A group is touched by every flush that brings it a member; on 24 mirrors of one
    story, all of them were repaired again each time (62 to 201 ms a flush).
    """

    def __init__(self) -> None:
        self._looked: dict[int, _Look] = {}
        self._looking: dict[int, tuple[int, ...]] = {}

    def repaired(self, connection: Connection, groups: Iterable[int]) -> list[Article]:
        """Return the damaged articles of these groups, repaired again with their undamaged members as twins.

        A repair that leaves more damage than before is left out. A repair that
        changes nothing is returned; the writer skips it. Once what is returned is
        written, `remember` keeps that it need not be repaired again.
        """
        self._looking = {}
        repaired: list[Article] = []
        due = [found for members in _members(connection, groups) if (found := self._due(members))]
        for some in chunks(due, _GROUPS_AT_ONCE):
            held = _load_at_once(connection, some)
            for group in some:
                texts = _texts_of(connection, group.twins, held)
                repaired += _repaired([held[number] for number in group.damaged if number in held], texts)
                if len(texts) == len(group.seen):  # a twin without a text is looked for again
                    self._looking |= dict.fromkeys(group.damaged, group.seen)
        return repaired

    def _due(self, members: Sequence[_Member]) -> _Due | None:
        """Return what of a group is to be repaired; ``None`` when nothing is, or nothing can be."""
        twins = [member for member in members if not member.is_damaged]
        seen = tuple(twin.revision_id for twin in twins[:_MAX_TWINS])
        damaged = [
            member.article_id
            for member in members
            if member.is_damaged and self._looked.get(member.article_id) != (member.revision_id, seen)
        ]
        return _Due([twin.article_id for twin in twins], seen, damaged) if twins and damaged else None

    @property
    def is_to_remember(self) -> bool:
        """Whether any member was repaired last."""
        return bool(self._looking)

    def remember(self, connection: Connection) -> None:
        """Keep that the members that were repaired last need not be repaired after the same twins again."""
        if len(self._looked) > _LOOKS_KEPT:
            self._looked.clear()
        for some in chunks(list(self._looking)):
            query = select(article.c.id, article.c.revision_id).where(article.c.id.in_(some))
            self._looked |= {
                row.id: (row.revision_id, self._looking[row.id]) for row in connection.execute(query)
            }


def _load_at_once(connection: Connection, groups: Sequence[_Due]) -> dict[int, StoredArticle]:
    """Load the damaged members of some groups, and the first twins of each.

    To load an article takes five statements: for each group by itself they took half as long as its repair.
    """
    wanted = sorted({number for one in groups for number in (*one.damaged, *one.twins[:_MAX_TWINS])})
    return {one.id: one for one in load_articles(connection, wanted, _pass_over)}


def _texts_of(
    connection: Connection, twins: Sequence[int], held: Mapping[int, StoredArticle]
) -> tuple[str, ...]:
    """Return the texts of the first twins that have one; ``held`` has the first twins."""
    texts = _sound_texts([held[number] for number in twins[:_MAX_TWINS] if number in held])
    for some in chunks(twins[_MAX_TWINS:], _MAX_TWINS):
        if len(texts) >= _MAX_TWINS:
            break
        texts += _sound_texts(load_articles(connection, some, _pass_over))
    return texts[:_MAX_TWINS]


def _repaired(damaged: Sequence[StoredArticle], texts: tuple[str, ...]) -> Iterator[Article]:
    # Few groups have damage, and the tables of repair take 0.6 CPU-seconds to load.
    from unioncrawl.archive.rederive import repair_again  # noqa: PLC0415

    for member in damaged if texts else ():
        again = repair_again(member.record, texts)
        if len(again.unresolved) <= len(member.record.unresolved):
            yield again


def _pass_over(_: UnioncrawlError) -> None:
    """Pass over a member that can't be read back: it decides nothing, and verify reports it."""


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


def _members(connection: Connection, groups: Iterable[int]) -> list[list[_Member]]:
    """Return the members of the groups with a damaged one; the other groups, nearly all, need no reading."""
    found: defaultdict[int, list[_Member]] = defaultdict(list)
    for some in chunks(_with_damage(connection, sorted(groups))):
        query = (
            select(reprint_member.c.group_id, article.c.id, revision.c.id.label("revision_id"), _IS_DAMAGED)
            .join(article, article.c.id == reprint_member.c.article_id)
            .join(revision, revision.c.id == article.c.revision_id)
            .where(reprint_member.c.group_id.in_(some))
            .order_by(reprint_member.c.group_id, article.c.id)
        )
        for row in connection.execute(query):
            found[row.group_id].append(_Member(row.id, row.revision_id, bool(row.is_damaged)))
    return list(found.values())


def _with_damage(connection: Connection, groups: Sequence[int]) -> list[int]:
    """Return the groups with a damaged member; the other groups, nearly all, need no reading."""
    found: set[int] = set()
    for some in chunks(groups):
        query = (
            select(reprint_member.c.group_id)
            .join(article, article.c.id == reprint_member.c.article_id)
            .join(revision, revision.c.id == article.c.revision_id)
            .where(reprint_member.c.group_id.in_(some))
            .where(_IS_DAMAGED)
        )
        found.update(connection.execute(query).scalars())
    return sorted(found)


def _load_members(connection: Connection, groups: Sequence[int]) -> list[list[StoredArticle]]:
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for some in chunks(groups):
        query = select(reprint_member.c.group_id, reprint_member.c.article_id)
        for row in connection.execute(query.where(reprint_member.c.group_id.in_(some))):
            numbers[row.group_id].append(row.article_id)
    return [load_articles(connection, members, _pass_over) for members in numbers.values()]
