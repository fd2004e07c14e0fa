"""Read articles back: the record as it was stored, and its whole history."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, or_, select
from sqlalchemy.exc import DBAPIError

from unioncrawl.archive.database import VERIFY
from unioncrawl.archive.read.story_places import StoryPlace, load_places
from unioncrawl.archive.schema import (
    article,
    attachment,
    capture,
    image,
    observation,
    rejection,
    reprint_member,
    revision,
    site,
    site_column,
    url_alias,
)
from unioncrawl.archive.sql import bytewise, chunks
from unioncrawl.archive.write_failures import is_no_damage
from unioncrawl.errors import ArticleDamaged, ArticleNotFound
from unioncrawl.language.printed_number import small_number
from unioncrawl.model import (
    Article,
    Attachment,
    Evidence,
    FieldStep,
    FieldUnresolved,
    HitsStatus,
    Image,
    Precision,
    Step,
    Unresolved,
)
from unioncrawl.model.article_fields import STORED_TEXTS

# What a stored value raises that is not a text, JSON, a time or a known word.
UNREADABLE = (DBAPIError, ValueError, TypeError, KeyError, AttributeError)
_SAME_NAMES = (*STORED_TEXTS, "published_at")


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the archive has it now, and what only the archive knows about it."""

    id: int
    record: Article
    site_name: str
    first_seen_at: datetime
    last_seen_at: datetime
    revision: int
    reprint_group: int | None
    withdrawn_at: datetime | None
    # When several visits had not found it any more; ``last_seen_at`` is when it was there.
    vanished_at: datetime | None = None
    # The number of the article of its site that has its story since: see `mark_vanished`.
    moved_to: int | None = None
    # The stories that it holds as a roundup does, and the articles that hold its own.
    contains: tuple[StoryPlace, ...] = ()
    contained_in: tuple[StoryPlace, ...] = ()


def find_article(connection: Connection, reference: str) -> int:
    """Return the number of an article given by number or by any of its URLs.

    Raises `ArticleNotFound`.
    """
    if (article_id := small_number(reference)) is not None:
        conditions: ColumnElement[bool] = article.c.id == article_id
    else:
        aliases = select(url_alias.c.article_id).where(url_alias.c.url == reference)
        at_address = or_(article.c.canonical_url == reference, article.c.url == reference)
        conditions = or_(at_address, article.c.id.in_(aliases))
    number = connection.execute(select(article.c.id).where(conditions).order_by(article.c.id)).scalar()
    if number is None:
        raise ArticleNotFound(
            f"the archive has no article {reference}.",
            next_step="Find it with unioncrawl search, whose results carry number and URL.",
            stage="archive",
        )
    return int(number)


def load_articles(
    connection: Connection, ids: Sequence[int], report: Callable[[ArticleDamaged], object] | None = None
) -> list[StoredArticle]:
    """Load the present state of articles, in the order of ``ids``.

    ``report`` receives the error of each article that can't be read, and the others
    are loaded; without it the first one raises `ArticleDamaged`.
    """
    found: dict[int, StoredArticle] = {}
    for some in chunks(ids):
        found |= _load(connection, some, report or _raise)
    return [found[number] for number in ids if number in found]


def _raise(damaged: ArticleDamaged) -> None:
    raise damaged


def _load(
    connection: Connection, ids: Sequence[int], report: Callable[[ArticleDamaged], object]
) -> dict[int, StoredArticle]:
    try:
        found = _load_sound(connection, ids)
    except UNREADABLE as error:
        if is_no_damage(error):
            raise
        if len(ids) == 1:
            report(damaged_article(ids[0], getattr(error, "orig", None) or error))
            return {}
        return {number: one for each in ids for number, one in _load(connection, [each], report).items()}
    for number in ids:
        if number not in found:
            report(damaged_article(number, "its row or its present revision is gone"))
    return found


def damaged_article(number: int, what: object) -> ArticleDamaged:
    """The error of a stored article that can't be read back, and why."""
    # SQLite's message goes on with the whole text.
    reason = str(what).partition(" with text ")[0]
    return ArticleDamaged(
        f"article {number} can't be read: {reason}.",
        next_step=VERIFY,
        stage="archive",
    )


def _load_sound(connection: Connection, ids: Sequence[int]) -> dict[int, StoredArticle]:
    rows = connection.execute(
        _rows_of(article.c.revision_id == revision.c.id).where(article.c.id.in_(ids))
    ).all()
    media = _load_media(connection, [row.revision_id for row in rows])
    places = load_places(connection, ids)
    stored = (_stored(row, *media[row.revision_id]) for row in rows)
    return {
        one.id: replace(one, contains=places[one.id]["contains"], contained_in=places[one.id]["contained_in"])
        for one in stored
    }


def load_revision(connection: Connection, number: int, wanted: int) -> StoredArticle:
    """Return an article as it was in one of its revisions; what the article itself has is of today.

    Raises `ArticleNotFound` when it has no revision of that number, `ArticleDamaged`.
    """
    query = _rows_of(article.c.id == revision.c.article_id)
    query = query.where(revision.c.article_id == number, revision.c.number == wanted)
    try:
        row = connection.execute(query).first()
        if row is not None:
            return replace(_stored(row, *_load_media(connection, [row.id])[row.id]), revision=wanted)
    except UNREADABLE as error:
        if is_no_damage(error):
            raise
        raise damaged_article(number, getattr(error, "orig", None) or error) from error
    raise ArticleNotFound(
        f"article {number} has no revision {wanted}.",
        next_step=f"See its revisions with unioncrawl show {number}.",
        stage="archive",
    )


def _rows_of(joined: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a Select of many columns
    """The rows of revisions, each with what its article has; ``joined`` says which revisions of it."""
    taken = (
        "canonical_url", "url", "first_seen_at", "last_seen_at", "hits", "hits_raw", "hits_status",
        "mirror", "revision_id", "revision_number", "withdrawn_at", "vanished_at",
        "moved_to",
    )  # fmt: skip
    return (
        select(
            revision,
            *(article.c[name] for name in taken),
            site.c.key.label("site_key"),
            site.c.name.label("site_name"),
            site_column.c.name.label("column_name"),
            reprint_member.c.group_id,
        )
        .join(article, joined)
        .join(site, site.c.id == article.c.site_id)
        .outerjoin(site_column, site_column.c.id == article.c.column_id)
        .outerjoin(reprint_member, reprint_member.c.article_id == article.c.id)
    )


Media = tuple[tuple[Image, ...], tuple[Attachment, ...]]


def _load_media(connection: Connection, revision_ids: Sequence[int]) -> dict[int, Media]:
    images: defaultdict[int, list[Image]] = defaultdict(list)
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    shown = select(image).where(image.c.revision_id.in_(revision_ids)).order_by(image.c.position)
    for row in connection.execute(shown):
        images[row.revision_id].append(Image(row.url, row.caption))
    offered = (
        select(attachment).where(attachment.c.revision_id.in_(revision_ids)).order_by(attachment.c.position)
    )
    for row in connection.execute(offered):
        files[row.revision_id].append(Attachment(row.url, row.name))
    return {number: (tuple(images[number]), tuple(files[number])) for number in revision_ids}


def _stored(row: Row[Any], images: tuple[Image, ...], files: tuple[Attachment, ...]) -> StoredArticle:
    record = Article(
        url=row.url,
        site=row.site_key,
        canonical_url=row.canonical_url,
        column=row.column_name or "",
        hits=row.hits,
        hits_raw=row.hits_raw,
        hits_status=HitsStatus(row.hits_status),
        mirror=row.mirror,
        images=images,
        attachments=files,
        fetched_at=row.seen_at,
        published_precision=Precision(row.published_precision) if row.published_precision else None,
        undecodable_bytes=row.undecodable_bytes or 0,
        body_is_cut=bool(row.body_is_cut),
        redirected_from=tuple(row.redirected_from or ()),
        read_in_text=tuple(row.read_in_text or ()),
        evidence=tuple(Evidence(**values) for values in row.evidence or ()),
        raw=tuple((row.raw or {}).items()),
        steps=tuple(_field_step(dict(values)) for values in row.steps or ()),
        unresolved=tuple(_field_unresolved(dict(values)) for values in row.unresolved or ()),
        **{name: getattr(row, name) for name in _SAME_NAMES},
    )
    return StoredArticle(
        id=row.article_id,
        record=record,
        site_name=row.site_name,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        revision=row.revision_number,
        reprint_group=row.group_id,
        withdrawn_at=row.withdrawn_at,
        vanished_at=row.vanished_at,
        moved_to=row.moved_to,
    )


def _field_step(values: dict[str, Any]) -> FieldStep:
    return FieldStep(values.pop("field"), Step(**values))


def _field_unresolved(values: dict[str, Any]) -> FieldUnresolved:
    alternatives = tuple(values.pop("alternatives", ()))
    return FieldUnresolved(values.pop("field"), Unresolved(**values, alternatives=alternatives))


@dataclass(frozen=True, slots=True)
class History:
    """Everything that happened to an article, each list oldest first."""

    aliases: tuple[str, ...]
    revisions: tuple[dict[str, Any], ...]
    observations: tuple[dict[str, Any], ...]
    captures: tuple[dict[str, Any], ...]
    # Visits at which the page could not be had: when, and why.
    failures: tuple[dict[str, Any], ...] = ()


def load_history(connection: Connection, number: int) -> History:
    """Load the aliases, revisions, observations, captures and failed visits of an article."""
    in_order = (url_alias.c.first_seen_at, bytewise(url_alias.c.url))
    aliases = select(url_alias.c.url).where(url_alias.c.article_id == number).order_by(*in_order)
    ordered = [
        select(table).where(table.c.article_id == number).order_by(place, table.c.id)
        for table, place in (
            (revision, revision.c.number),
            (observation, observation.c.at),
            (capture, capture.c.fetched_at.asc().nulls_first()),
        )
    ]
    revisions, observations, captures = (
        tuple(dict(row) for row in connection.execute(query).mappings()) for query in ordered
    )
    failed = (
        select(rejection.c.at, rejection.c.reason, rejection.c.detail)
        .join(article, (article.c.url == rejection.c.url) & (article.c.site_id == rejection.c.site_id))
        .where(article.c.id == number)
        .order_by(rejection.c.at, rejection.c.id)
    )
    failures = tuple(dict(row) for row in connection.execute(failed).mappings())
    found = tuple(connection.execute(aliases).scalars())
    return History(found, revisions, observations, captures, failures)


def count_all(connection: Connection) -> dict[str, int]:
    """How many sites, articles, revisions by what brought them, observations, captures, rejections.

    ``revisions`` are what the sites published: first texts and their ``edits``;
    what was ``rederived`` here or ``withdrawn`` counts by itself.
    """
    kinds = select(revision.c.kind, func.count().label("number")).group_by(revision.c.kind)
    by_kind = Counter({row.kind: row.number for row in connection.execute(kinds)})
    sites, articles, *rest = (
        int(connection.execute(select(func.count()).select_from(table)).scalar_one())
        for table in (site, article, observation, capture, rejection)
    )
    repaired = (
        select(func.count())
        .select_from(article.join(revision, revision.c.id == article.c.revision_id))
        .where(revision.c.steps.is_not(None))
    )
    return {
        "sites": sites,
        "articles": articles,
        "revisions": by_kind["first"] + by_kind["edit"],
        "edits": by_kind["edit"],
        "rederived": by_kind["rederived"],
        "withdrawn": by_kind["withdrawn"],
        **dict(zip(("observations", "captures", "rejections"), rest, strict=True)),
        "repaired": connection.execute(repaired).scalar_one(),
    }
