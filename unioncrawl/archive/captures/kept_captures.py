"""What the archive knows of captured responses: where each lies, and whether it may be given out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, or_, select

from unioncrawl.archive.captures.warc_reader import Place, load_page
from unioncrawl.archive.schema import article, capture, url_alias
from unioncrawl.errors import ArticleWithdrawn, CaptureNotFound
from unioncrawl.language.zones import local_time
from unioncrawl.model import RawPage


@dataclass(frozen=True, slots=True)
class KeptCapture:
    """A captured response by its row; ``place.file`` is empty where the response is no longer kept."""

    id: int
    url: str
    place: Place
    status: int
    content_type: str
    encoding: str
    encoding_evidence: tuple[dict[str, str], ...]
    fetched_at: datetime | None
    article_id: int | None
    rejection_id: int | None
    run_id: int | None

    @property
    def is_kept(self) -> bool:
        """Whether the archive says where the response lies."""
        return bool(self.place.file)


def captures_of(connection: Connection, article_id: int) -> list[KeptCapture]:
    """Return the captures of an article, the newest first.

    The caller sees to it that the article was not withdrawn.
    """
    query = select(capture).where(capture.c.article_id == article_id)
    newest_first = (capture.c.fetched_at.desc().nulls_last(), capture.c.id.desc())
    rows = connection.execute(query.order_by(*newest_first))
    return [_capture(row) for row in rows]


def newest_of_each(captures: Sequence[KeptCapture]) -> list[KeptCapture]:
    """Return the newest kept capture of each address, of captures that come newest first."""
    newest: dict[str, KeptCapture] = {}
    for one in captures:
        if one.is_kept:
            newest.setdefault(one.url, one)
    return list(newest.values())


def find_capture(connection: Connection, number: int) -> KeptCapture:
    """Return a capture by its number.

    Raises `CaptureNotFound`; `ArticleWithdrawn` when it is of an article that was taken down, or
    of the address of one.
    """
    row = connection.execute(select(capture).where(capture.c.id == number)).first()
    if row is None:
        raise CaptureNotFound(
            f"the archive has no capture {number}.",
            next_step="The page of an article names its captures.",
            stage="archive",
        )
    _refuse_withdrawn(connection, row)
    return _capture(row)


def load_kept(connection: Connection, folder: Path, one: KeptCapture) -> RawPage:
    """Return the response of a capture.

    Raises `CaptureNotFound` when it is not kept, `ArchiveError` when its file can't be read.
    """
    if not one.is_kept:
        raise CaptureNotFound(
            f"the response of capture {one.id} is not kept: it was dropped or withdrawn.",
            next_step="A backup from before may have it.",
            stage="archive",
        )
    return load_page(connection, folder, one.place)


def is_as_captured(one: KeptCapture, page: RawPage) -> bool:
    """Whether the body is the one of which the digest was made when it came."""
    return hashlib.sha256(page.body).hexdigest() == one.place.digest


def _refuse_withdrawn(connection: Connection, row: Row[Any]) -> None:
    of_address = select(url_alias.c.article_id).where(url_alias.c.url == row.url)
    concerned = [article.c.canonical_url == row.url, article.c.id.in_(of_address)]
    if row.article_id is not None:
        concerned.append(article.c.id == row.article_id)
    query = select(article.c.id, article.c.withdrawn_at).where(
        or_(*concerned), article.c.withdrawn_at.is_not(None)
    )
    for found in connection.execute(query):
        raise withdrawn_article(found.id, found.withdrawn_at)


def withdrawn_article(article_id: int, withdrawn_at: datetime) -> ArticleWithdrawn:
    """The error of an article that was taken down."""
    return ArticleWithdrawn(
        f"article {article_id} was withdrawn on {(local_time(withdrawn_at) or '')[:10]}.",
        next_step="Neither its text nor its captures are given out.",
        stage="archive",
    )


def _capture(row: Row[Any]) -> KeptCapture:
    return KeptCapture(
        id=row.id,
        url=row.url,
        place=Place(row.file, row.offset, row.length, row.digest),
        status=row.status,
        content_type=row.content_type,
        encoding=row.encoding,
        encoding_evidence=tuple(row.encoding_evidence or ()),
        fetched_at=row.fetched_at,
        article_id=row.article_id,
        rejection_id=row.rejection_id,
        run_id=row.run_id,
    )
