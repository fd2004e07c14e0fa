"""The values that a record brings into the tables: made once, then checked, digested and written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table

from unioncrawl.archive.column_types import JsonText, json_text
from unioncrawl.archive.schema import (
    article,
    attachment,
    capture,
    image,
    observation,
    revision,
    site,
    site_column,
    url_alias,
)
from unioncrawl.model import Article, CaptureRef
from unioncrawl.model.article_fields import STORED_TEXTS
from unioncrawl.rows import named_values

Row = dict[str, Any]
REVISION_FIELDS = (*STORED_TEXTS, "published_at")


@dataclass(frozen=True, slots=True)
class RecordRows:
    """An article's values by column; JSON as its text, which takes as long to make as all the rest.

    Media lack their revision and their place, all rows their numbers and digests.
    """

    revision: Row
    hits: Row
    images: tuple[Row, ...]
    attachments: tuple[Row, ...]
    captures: tuple[Row, ...]

    @classmethod
    def of(cls, record: Article) -> RecordRows:
        """Return the values of an article."""
        return cls(
            revision=_revision_values(record),
            hits={"hits": record.hits, "hits_raw": record.hits_raw, "status": record.hits_status.value},
            images=tuple({"url": one.url, "caption": one.caption} for one in record.images),
            attachments=tuple({"url": one.url, "name": one.name} for one in record.attachments),
            captures=tuple(map(capture_values, record.captures)),
        )

    def media(self, revision_id: int) -> tuple[list[Row], list[Row]]:
        """Return the rows of the pictures and of the files of a revision, in order."""
        return _placed(self.images, revision_id), _placed(self.attachments, revision_id)


def record_rows(record: Article, rows: RecordRows) -> Iterator[tuple[Table, Row]]:
    """Yield every value that an article brings into the tables, by table."""
    yield site, {"key": record.site}
    yield article, {"url": record.url, "canonical_url": record.canonical_url or record.url}
    yield revision, rows.revision
    yield from ((image, row) for row in rows.images)
    yield from ((attachment, row) for row in rows.attachments)
    yield observation, {"at": record.fetched_at or datetime.now(UTC), **rows.hits}
    yield from ((capture, row) for row in rows.captures)
    yield from ((url_alias, {"url": url}) for url in record.redirected_from)
    yield site_column, {"name": record.column}


def _revision_values(record: Article) -> Row:
    precision = record.published_precision
    evidence = [named_values(evidence) for evidence in record.evidence]
    steps = [{"field": step.field, **named_values(step.step)} for step in record.steps]
    unresolved = [{"field": left.field, **named_values(left.unresolved)} for left in record.unresolved]
    return {
        **{name: getattr(record, name) for name in REVISION_FIELDS},
        "published_precision": precision.value if precision else None,
        "evidence": _json(evidence),
        "raw": _json(dict(record.raw)),
        "steps": _json(steps),
        "unresolved": _json(unresolved),
        "undecodable_bytes": record.undecodable_bytes or None,
        "body_is_cut": record.body_is_cut or None,
        "redirected_from": _json(record.redirected_from),
        "read_in_text": _json(record.read_in_text),
    }


def capture_values(reference: CaptureRef) -> Row:
    """Return where a raw response lies and how it was read."""
    values = named_values(reference)
    values["encoding_evidence"] = _json([named_values(one) for one in reference.encoding_evidence])
    return values


def _json(value: Sequence[Any] | dict[str, str]) -> Any:  # noqa: ANN401 - see below
    """Return the JSON text of a value, None for an empty one; the value itself where JSON can't write it.

    Such a value is refused when the row is checked.
    """
    if not value:
        return None
    try:
        return JsonText(json_text(value))
    except (TypeError, ValueError, RecursionError):
        return value


def _placed(rows: Sequence[Row], revision_id: int) -> list[Row]:
    return [{"revision_id": revision_id, "position": place, **row} for place, row in enumerate(rows)]
