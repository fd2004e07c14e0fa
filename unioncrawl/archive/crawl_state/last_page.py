"""The page of an article as it was captured last, for asking whether it has changed since."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from unioncrawl.archive.captures.warc_reader import Place, load_page
from unioncrawl.archive.schema import capture
from unioncrawl.errors import ArchiveError
from unioncrawl.model import RawPage

_OK = 200


def last_page(engine: Engine, folder: Path, article_id: int, url: str) -> RawPage | None:
    """Return the article's newest capture from this address; None when it has no readable capture."""
    query = (
        select(capture.c.file, capture.c.offset, capture.c.length, capture.c.digest)
        .where(capture.c.article_id == article_id, capture.c.url == url, capture.c.status == _OK)
        .order_by(capture.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
        if row is None:
            return None
        try:
            return load_page(connection, folder, Place(*row))
        except ArchiveError:
            return None
