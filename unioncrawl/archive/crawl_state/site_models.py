"""The models of sites' layouts that the archive keeps: the present one of a site, and any by its id.

Models are added and retired, never changed or removed: a revision names the one by which its
page was read, and reading its capture by that model again gives the same fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, func, insert, select, update

from unioncrawl.archive.captures.warc_reader import Place, load_page
from unioncrawl.archive.database import reading
from unioncrawl.archive.schema import article, capture, revision, site, site_model
from unioncrawl.archive.sql import bytewise
from unioncrawl.errors import ArchiveError
from unioncrawl.layouts.site_model import SiteModel, digest_of
from unioncrawl.model import RawPage

_OK = 200


@dataclass(frozen=True, slots=True)
class KeptModel:
    """A model as the archive keeps it: None where it is damaged or of a format of another version.

    ``retired_reason`` is empty while it is in use.
    """

    id: str
    model: SiteModel | None
    learnt_at: datetime
    retired_at: datetime | None
    retired_reason: str


def kept_models(connection: Connection, key: str) -> list[KeptModel]:
    """Return the models of a site, newest first."""
    query = select(site_model).join(site).where(site.c.key == key)
    rows = connection.execute(query.order_by(site_model.c.learnt_at.desc(), bytewise(site_model.c.id)))
    return [
        KeptModel(row.id, _readable(row.id, row.model), row.learnt_at, row.retired_at, row.retired_reason)
        for row in rows
    ]


def in_use(kept: Sequence[KeptModel]) -> SiteModel | None:
    """Return the first of a site's models, newest first, unless it is retired; None where none is in use."""
    return kept[0].model if kept and kept[0].retired_at is None else None


def present_models(connection: Connection) -> dict[str, SiteModel]:
    """Return the models in use, by the id of their site."""
    keys = connection.execute(select(site.c.key).join(site_model).distinct()).scalars().all()
    return {key: model for key in keys if (model := in_use(kept_models(connection, key))) is not None}


def model_id_of(engine: Engine, article_id: int) -> str:
    """Return the id of the model by which an article's present revision was read; empty if in full."""
    query = select(revision.c.site_model).join(article, article.c.revision_id == revision.c.id)
    with reading(engine) as connection:
        return connection.execute(query.where(article.c.id == article_id)).scalar() or ""


def _readable(model_id: str, model: str) -> SiteModel | None:
    """Return a model that is as it was learnt; None for another, which reads nothing (verify reports it)."""
    return SiteModel.from_json(model) if digest_of(model) == model_id else None


def newest_pages(engine: Engine, folder: Path, key: str, most: int) -> Iterator[RawPage]:
    """Yield the captured pages of a site's newest articles that can be read, to learn its layouts from.

    None that is older than the retirement of its last model: that was learnt from those.
    """
    retired = select(func.max(site_model.c.retired_at)).join(site).where(site.c.key == key)
    query = (
        select(capture.c.file, capture.c.offset, capture.c.length, capture.c.digest)
        .join(article, (article.c.id == capture.c.article_id) & (article.c.url == capture.c.url))
        .join(site, site.c.id == article.c.site_id)
        .where(site.c.key == key, article.c.withdrawn_at.is_(None))
        .where(capture.c.file != "", capture.c.status == _OK)
    )
    with reading(engine) as connection:
        since = connection.execute(retired).scalar()
        if since is not None:
            query = query.where(capture.c.fetched_at > since)
        rows = connection.execute(query.order_by(article.c.id.desc()).limit(most)).all()
        for row in rows:
            with suppress(ArchiveError):  # verify reports it
                yield load_page(connection, folder, Place(*row))


def keep_model(connection: Connection, key: str, model: SiteModel, run_id: int) -> bool:
    """Add a model that a run learnt of a site; whether it may be read by.

    One that is kept already stays as it is, and a retired one is not taken into use again.
    """
    kept = connection.execute(select(site_model.c.retired_at).where(site_model.c.id == model.id)).first()
    if kept is not None:
        return kept.retired_at is None
    number = select(site.c.id).where(site.c.key == key).scalar_subquery()
    values = {"learnt_at": datetime.now(UTC), "run_id": run_id, "model": model.to_json()}
    connection.execute(insert(site_model).values(id=model.id, site_id=number, **values))
    return True


def retire_model(connection: Connection, model_id: str, reason: str) -> None:
    """Take a model out of use."""
    retired = {"retired_at": datetime.now(UTC), "retired_reason": reason}
    connection.execute(update(site_model).where(site_model.c.id == model_id).values(retired))
