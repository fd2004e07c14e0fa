"""The rows of visits: the hits that a page showed, its captures, and rejections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Select, func, select, update

from unioncrawl.archive.schema import article, capture, observation, rejection
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write.article_rows import Draft
from unioncrawl.archive.write.batch_items import Stored
from unioncrawl.archive.write.record_rows import Row, capture_values
from unioncrawl.archive.write.row_batch import RowBatch
from unioncrawl.model import Rejection
from unioncrawl.outcomes import OTHER_ARTICLE

_TOLD = ("hits", "hits_raw")


class VisitRows:
    """Adds the rows of visits to a batch, and keeps what an article's row says about its visits."""

    def __init__(self, batch: RowBatch) -> None:
        self._batch = batch
        self._out_of_order: set[int] = set()

    def observe(self, draft: Draft, stored: Stored, run_id: int) -> None:
        """Add the observation of a visit to an article, and its captures."""
        record = draft.record
        row = {"article_id": stored.article_id, "run_id": run_id, "at": draft.seen_at}
        self._batch.add(observation, {"id": self._batch.number(observation), **row, **draft.rows.hits})
        if draft.seen_at >= stored.last_seen_at:
            stored.last_seen_at = draft.seen_at
            times = dict.fromkeys(("last_seen_at", "last_observed_at"), draft.seen_at)
            stored.change(**times, vanished_at=None, moved_to=None)
            if record.hits is not None or stored.hits is None:
                # A visit without a number leaves the last known number.
                stored.hits = record.hits
                stored.change(
                    hits=record.hits, hits_raw=record.hits_raw, hits_status=record.hits_status.value
                )
        else:
            self._out_of_order.add(stored.article_id)
        owner = {"article_id": stored.article_id, "revision_id": stored.revision_id, "rejection_id": None}
        self._add_captures(draft.rows.captures, run_id, owner)

    def reject(self, record: Rejection, run_id: int) -> None:
        """Add a rejection and its captures."""
        number = self._batch.number(rejection)
        self._batch.add(
            rejection,
            {
                "id": number,
                "site_id": self._batch.site(record.site),
                "run_id": run_id,
                "url": record.url,
                "stage": record.stage,
                "reason": record.reason,
                "detail": record.detail,
                "status": record.status,
                "at": record.at or datetime.now(UTC),
            },
        )
        owner = {"article_id": None, "revision_id": None, "rejection_id": number}
        self._add_captures([capture_values(one) for one in record.captures], run_id, owner)

    def show_another(self, draft: Draft, known: Stored, url: str, shown: Stored, run_id: int) -> None:
        """Add a visit in vain to a known article, at whose address a draft shows another article.

        The page is that article's visit. `mark_vanished` counts the known one's visits at its first address,
        which may be written otherwise than its canonical one.
        """
        asked = known.url if url == known.canonical_url else url
        site, at = draft.record.site, draft.seen_at
        why, there = OTHER_ARTICLE, shown.canonical_url
        self.reject(Rejection(url=asked, site=site, stage="archive", reason=why, detail=there, at=at), run_id)

    def _add_captures(self, captures: Sequence[Row], run_id: int, owner: dict[str, int | None]) -> None:
        for values in captures:
            self._batch.add(capture, {"id": self._batch.number(capture), "run_id": run_id, **owner, **values})

    def settle(self, connection: Connection) -> None:
        """Update the rows of articles that an import visited in the past; call it after the insert."""
        recount(connection, sorted(self._out_of_order))


def latest_with_hits(number: object) -> Select[tuple[int]]:
    """Return the observation that gives an article's hits: the latest with a number, else the latest."""
    return (
        select(observation.c.id)
        .where(observation.c.article_id == number)
        .order_by(observation.c.hits.is_(None), observation.c.at.desc(), observation.c.id.desc())
        .limit(1)
    )


def recount(connection: Connection, numbers: Sequence[int]) -> None:
    """Derive what articles' rows say about their visits again from the observations."""
    if not numbers:
        return
    own = observation.c.article_id == article.c.id
    latest = latest_with_hits(article.c.id).correlate(article).scalar_subquery()
    values = {
        name: select(observation.c[name]).where(observation.c.id == latest).scalar_subquery()
        for name in _TOLD
    }
    values["hits_status"] = select(observation.c.status).where(observation.c.id == latest).scalar_subquery()
    first, last = (
        select(reach(observation.c.at)).where(own).scalar_subquery() for reach in (func.min, func.max)
    )
    for some in chunks(numbers):
        change = update(article).where(article.c.id.in_(some))
        connection.execute(
            change.values(**values, first_seen_at=first, last_seen_at=last, last_observed_at=last)
        )
