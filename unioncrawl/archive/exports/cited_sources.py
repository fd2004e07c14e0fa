"""Load what citations say of articles: their present revisions, or one revision by its digest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from unioncrawl.archive.content_hash import digest_name, digest_number
from unioncrawl.archive.read.stored_articles import UNREADABLE, damaged_article, find_article
from unioncrawl.archive.schema import article, capture, revision, site, site_column
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write.exact_digest import DIGEST_COLUMNS, changed_articles, held_to_digests
from unioncrawl.archive.write_failures import is_no_damage
from unioncrawl.citations.cited_source import CitedSource, Evidence, Place
from unioncrawl.citations.creators import Role
from unioncrawl.errors import ArticleDamaged, ArticleNotFound
from unioncrawl.model import Precision

Permalink = Callable[[str], str]
Report = Callable[[ArticleDamaged], object]
_CHANGED = "it is not what was stored, its digest differs"


def load_cited(
    connection: Connection, numbers: Sequence[int], report: Report, permalink: Permalink | None = None
) -> list[CitedSource]:
    """Return what citations say of the present revisions of articles, in the order of ``numbers``.

    ``report`` receives the error of each article that can't be read or is not what was stored:
    no citation vouches for it. ``permalink`` makes the address of a revision of its digest,
    where a reader serves the archive.
    """
    found: dict[int, CitedSource] = {}
    for some in chunks(numbers):
        found |= {one.number: one for one in _load_sound(connection, some, report, permalink)}
    return [found[number] for number in numbers if number in found]


def _load_sound(
    connection: Connection, numbers: Sequence[int], report: Report, permalink: Permalink | None
) -> list[CitedSource]:
    query = _cited_rows().where(article.c.id.in_(numbers), article.c.revision_id == revision.c.id)
    try:
        changed = changed_articles(connection, numbers)
        cited = _cited(connection, query, permalink)
    except UNREADABLE as error:
        if is_no_damage(error):
            raise
        if len(numbers) == 1:
            report(damaged_article(numbers[0], getattr(error, "orig", None) or error))
            return []
        return [one for each in numbers for one in _load_sound(connection, [each], report, permalink)]
    for number in sorted(changed):
        report(damaged_article(number, _CHANGED))
    return [one for one in cited if one.number not in changed]


def load_cited_revision(
    connection: Connection, reference: str, digest: str, permalink: Permalink | None = None
) -> CitedSource:
    """Return what a citation says of one revision of an article, given by its digest.

    Raises `ArticleDamaged` when it is not what was stored, and `ArticleNotFound`, also when the
    article has no such revision: a takedown gives its revisions other digests.
    """
    number, wanted = find_article(connection, reference), digest_number(digest)
    if wanted is not None:
        query = _cited_rows().where(article.c.id == number, revision.c.exact_digest == wanted)
        for one in _cited(connection, query, permalink):
            _refuse_changed(connection, number, wanted)
            return one
    raise ArticleNotFound(
        f"article {number} has no revision {digest}.",
        next_step=f"unioncrawl cite {number} cites its present one; the digest stands in the note.",
        stage="archive",
    )


def _refuse_changed(connection: Connection, number: int, digest: int) -> None:
    query = select(*DIGEST_COLUMNS).join(article, article.c.id == revision.c.article_id)
    query = query.where(article.c.id == number, revision.c.exact_digest == digest)
    if not all(held.is_same for held in held_to_digests(connection, query, are_present=False)):
        raise damaged_article(number, _CHANGED)


def _cited_rows() -> Select[Any]:
    return (
        select(
            *(revision.c[name] for name in ("id", "title", "subtitle", "source", "published_precision")),
            *(revision.c[role.value] for role in Role),
            *(revision.c[name] for name in ("published_at", "seen_at", "exact_digest")),
            *(
                article.c[name]
                for name in ("url", "canonical_url", "last_seen_at", "vanished_at", "withdrawn_at")
            ),
            article.c.id.label("number"),
            *(site.c[name].label(f"site_{name}") for name in ("key", "name", "level")),
            site_column.c.name.label("column_name"),
        )
        .join(article, article.c.id == revision.c.article_id)
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(site_column, site_column.c.id == article.c.column_id)
        .order_by(revision.c.number)
    )


def _cited(connection: Connection, query: Select[Any], permalink: Permalink | None) -> list[CitedSource]:
    rows = connection.execute(query).all()
    pages = _page_digests(connection, rows)
    return [_source(row, pages.get(row.id, ""), permalink) for row in rows]


def _page_digests(connection: Connection, rows: Sequence[Row[Any]]) -> dict[int, str]:
    """The SHA-256 of each revision's page as it came; counters and later parts have other addresses."""
    addresses = {row.id: {row.url, row.canonical_url} for row in rows if row.withdrawn_at is None}
    query = (
        select(capture.c.revision_id, capture.c.url, capture.c.digest)
        .where(capture.c.revision_id.in_(addresses))
        .order_by(capture.c.id.desc())
    )
    return {
        row.revision_id: row.digest
        for row in connection.execute(query)
        if row.url in addresses[row.revision_id]
    }


def _source(row: Row[Any], page_digest: str, permalink: Permalink | None) -> CitedSource:
    is_gone = row.withdrawn_at is not None
    name = "" if is_gone or row.exact_digest is None else digest_name(row.exact_digest)
    evidence = Evidence(
        # The last revision of a withdrawn article has the time of its takedown.
        seen_at=row.last_seen_at if is_gone else row.seen_at,
        revision=name,
        capture=page_digest,
        permalink=permalink(name) if permalink and name else "",
        vanished_at=row.vanished_at,
        withdrawn_at=row.withdrawn_at,
    )
    return CitedSource(
        number=row.number,
        url=row.url,
        place=Place(key=row.site_key, name=row.site_name, level=row.site_level, column=row.column_name or ""),
        evidence=evidence,
        title=row.title,
        subtitle=row.subtitle,
        people=tuple((role, names) for role in Role if (names := getattr(row, role.value))),
        source=row.source,
        published_at=row.published_at,
        precision=Precision(row.published_precision) if row.published_precision else None,
    )
