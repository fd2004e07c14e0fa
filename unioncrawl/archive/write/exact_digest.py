"""A digest over everything that a revision keeps; `verify` compares the rows with it.

It detects a change of a comma or of a width, which the digests that decide about
edits ignore on purpose. A field without a value has no part in it, so that a
schema with more columns leaves the digests unchanged. Code that changes stored
revisions must write their digests again (`write_digests`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Connection, Select, Text, bindparam, cast, select, update

from unioncrawl.archive.column_types import json_text
from unioncrawl.archive.content_hash import digest64
from unioncrawl.archive.schema import article, attachment, image, revision
from unioncrawl.archive.sql import chunks

# Where a revision stands in its article's history may change: an import puts earlier ones before it.
_OF_THE_HISTORY = {"id", "article_id", "number", "kind", "run_id", "exact_digest"}
_OWN = tuple(column for column in revision.columns if column.name not in _OF_THE_HISTORY)
_JSON_NAMES = tuple(column.name for column in _OWN if isinstance(column.type, JSON))
# Of the article; ``mirror`` is that of its present revision.
_OF_THE_ARTICLE = ("url", "canonical_url", "mirror")
_NAMES = (*(column.name for column in _OWN), *_OF_THE_ARTICLE)
# The columns that a digest is made from; JSON as the text that stands there.
DIGEST_COLUMNS = (
    revision.c.id,
    revision.c.article_id,
    revision.c.number,
    revision.c.exact_digest,
    *(cast(column, Text).label(column.name) if column.name in _JSON_NAMES else column for column in _OWN),
    *(article.c[name] for name in _OF_THE_ARTICLE),
)
Media = Sequence[tuple[object, ...]]
_BATCH = 500


def exact_digest(values: Mapping[str, Any], media: Media = ()) -> int:
    """Return the digest of a revision: its own columns and its article's by name, its pictures and files.

    >>> one = exact_digest({"title": "送清凉，慰问", "mirror": False})
    >>> one == exact_digest({"title": "送清凉，慰问", "source": "", "mirror": False})
    True
    >>> one == exact_digest({"title": "送清凉,慰问", "mirror": False})
    False
    """
    named = zip(_NAMES, map(values.get, _NAMES), strict=True)
    parts = [
        f"{name}\x01{value if isinstance(value, str) else _plain(value)}"
        for name, value in named
        if value is not None and value != ""
    ]
    parts += ["\x01".join(map(str, one)) for one in media]
    return digest64(*parts)


def _plain(value: object) -> str:
    match value:
        case datetime():
            # The archive keeps times in UTC, to the second.
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        case list() | dict():
            return json_text(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Held:
    """A stored revision, and whether it is unchanged since it was stored."""

    row: Any
    is_same: bool


def held_to_digests(connection: Connection, query: Select[Any], *, are_present: bool) -> Iterator[Held]:
    """Yield the rows of a query over `DIGEST_COLUMNS` (and more), each compared with its digest.

    ``are_present``: the rows are the present revisions of their articles.
    """
    # A reader that stops early closes the cursor, which lies on the server where there is one.
    with connection.execution_options(yield_per=_BATCH).execute(query) as result:
        for rows in result.partitions(_BATCH):
            media = load_media(connection, [row.id for row in rows])
            for row in rows:
                yield Held(row, is_same(row._asdict(), media[row.id], is_present=are_present))


def is_same(values: Mapping[str, Any], media: Media, *, is_present: bool) -> bool:
    """Whether the values of `DIGEST_COLUMNS` are those of which the revision's digest was made."""
    digest, mirror = values["exact_digest"], values["mirror"]
    if exact_digest(values, media) == digest:
        return True
    if digest is None:
        return False
    # Another program may have written the same JSON in another notation.
    rewritten = {name: json_text(json.loads(values[name])) for name in _JSON_NAMES if values[name]}
    mirrors = (mirror,) if is_present else (mirror, not mirror)
    others = ({**values, **text, "mirror": mirror} for text in ({}, rewritten) for mirror in mirrors)
    return any(exact_digest(other, media) == digest for other in others)


def changed_articles(connection: Connection, numbers: Sequence[int]) -> set[int]:
    """Return which of some articles have a present revision that is not what was stored."""
    changed = set[int]()
    query = select(*DIGEST_COLUMNS, article.c.withdrawn_at)
    query = query.join(article, article.c.revision_id == revision.c.id)
    for some in chunks(numbers):
        rows = connection.execute(query.where(article.c.id.in_(some))).all()
        media = load_media(connection, [row.id for row in rows])
        for row in rows:
            if not is_same(row._asdict(), media[row.id], is_present=row.withdrawn_at is None):
                changed.add(row.article_id)
    return changed


def load_media(connection: Connection, numbers: Sequence[int]) -> dict[int, Media]:
    """Return the pictures and files of revisions, in their order."""
    media: defaultdict[int, list[tuple[object, ...]]] = defaultdict(list)
    for table, words in ((image, image.c.caption), (attachment, attachment.c.name)):
        query = select(table.c.revision_id, table.c.position, table.c.url, words)
        query = query.where(table.c.revision_id.in_(numbers)).order_by(table.c.position)
        for number, *values in connection.execute(query):
            media[number].append((table.name, *values))
    return {number: media[number] for number in numbers}


def write_digests(connection: Connection, numbers: Sequence[int]) -> None:
    """Write the digests of revisions as they stand now."""
    change = update(revision).where(revision.c.id == bindparam("of_revision"))
    for some in chunks(numbers):
        query = select(*DIGEST_COLUMNS).join(article, article.c.id == revision.c.article_id)
        rows = connection.execute(query.where(revision.c.id.in_(some))).all()
        media = load_media(connection, some)
        digests = [
            {"of_revision": row.id, "digest": exact_digest(row._asdict(), media[row.id])} for row in rows
        ]
        connection.execute(change.values(exact_digest=bindparam("digest")), digests)
