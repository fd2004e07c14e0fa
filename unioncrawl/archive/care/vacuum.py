"""Give space back, build the index again, drop old captures."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select, text, update

from unioncrawl.archive.capture_folder import capture_file, refuse_unwritable
from unioncrawl.archive.database import GIVE_BACK_PAGES, writing
from unioncrawl.archive.reprints.reprint_index import NewText, ReprintIndex
from unioncrawl.archive.schema import (
    article,
    capture,
    edge_paragraph,
    fingerprint,
    recent_edge_paragraph,
    recent_fingerprint,
    reprint_group,
    reprint_member,
    revision,
    story_part,
)
from unioncrawl.archive.search.index.beside.forget_words import tidy_index
from unioncrawl.archive.search.index.index_rows import indexed_entries
from unioncrawl.archive.search.index.merge_index import forget_removed_words
from unioncrawl.archive.search.index.rebuild_index import present_revisions, rebuild_index
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write.run_rows import care_run
from unioncrawl.archive.write.visit_rows import recount

_BATCH = 500


def vacuum(engine: Engine) -> None:
    """Merge the index, give unused space back and let the planner count anew.

    An index beside the database is brought up to date, and holds nothing of what left the archive.
    """
    tidy_index(engine)
    if engine.dialect.name == "sqlite":
        with writing(engine) as connection:
            connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('optimize')")
        raw = engine.raw_connection()
        try:
            for statement in (GIVE_BACK_PAGES, "VACUUM", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)"):
                raw.cursor().execute(statement)
        finally:
            raw.close()
        return
    forget_removed_words(engine)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM (ANALYZE)"))


def reindex(engine: Engine) -> int:
    """Build the full-text index again from the texts, in one transaction; return how many articles."""
    with writing(engine) as connection, care_run(connection, "reindex"):
        return rebuild_index(connection)


def recount_articles(engine: Engine) -> int:
    """Derive articles' rows again from their revisions and visits; return how many articles."""
    last = select(func.max(revision.c.number)).where(revision.c.article_id == article.c.id)
    present = revision.alias()
    is_present = (present.c.article_id == article.c.id) & (present.c.number == last.scalar_subquery())
    names = {"revision_id": "id", "revision_number": "number"}
    names |= {name: name for name in ("published_at", "content_hash")}
    values = {name: select(present.c[own]).where(is_present).scalar_subquery() for name, own in names.items()}
    with writing(engine) as connection, care_run(connection, "recount"):
        connection.execute(update(article).where(article.c.withdrawn_at.is_(None)).values(values))
        numbers = list(connection.execute(select(article.c.id)).scalars())
        recount(connection, numbers)
        return len(numbers)


def regroup(engine: Engine) -> int:
    """Find all reprints again, oldest article first, in one transaction; return how many are in groups."""
    with writing(engine) as connection, care_run(connection, "regroup"):
        for table in (
            story_part,
            reprint_member,
            reprint_group,
            fingerprint,
            recent_fingerprint,
            edge_paragraph,
            recent_edge_paragraph,
        ):
            connection.execute(delete(table))
        for some in chunks(present_revisions(connection), _BATCH):
            entries = indexed_entries(connection, some)
            entries.sort(key=lambda entry: entry.article_id)
            ReprintIndex(connection).add([NewText(entry.article_id, entry.body_text) for entry in entries])
        return connection.execute(select(func.count()).select_from(reprint_member)).scalar_one()


def drop_captures(engine: Engine, folder: Path, before: datetime) -> list[str]:
    """Delete the WARC files all of whose captures are older; the rows stay, without a place.

    A file with a body to which a later capture refers is kept. Returns the names of
    the deleted files. Raises `ArchiveError` when this user may not delete them (then no row is changed).
    """
    with engine.connect() as connection:
        dropped, _ = old_files(connection, before)
    drop_files(engine, folder, dropped)
    return dropped


def old_files(connection: Connection, before: datetime, site: str = "") -> tuple[list[str], list[str]]:
    """Return the WARC files that are wholly older, and those of them that must stay.

    A file must stay when a later capture refers to a body in it. With a ``site`` only the files of
    that site's own crawls count; those of imports hold several sites.
    """
    newest = func.max(capture.c.fetched_at)
    old = select(capture.c.file).where(capture.c.file != "").group_by(capture.c.file).having(newest < before)
    found = set(connection.execute(old).scalars())
    own = re.compile(rf"{re.escape(site)}-\d{{8}}T\d+Z-\d+\.warc\.gz")
    files = {name for name in found if own.fullmatch(name)} if site else found
    kept: set[str] = set()
    while needed := _needed_files(connection, files):
        files -= needed
        kept |= needed
    return sorted(files), sorted(kept)


def drop_files(engine: Engine, folder: Path, names: list[str]) -> None:
    """Delete WARC files; the rows of their captures stay, without a place.

    Raises `ArchiveError` when this user may not delete them (then no row is changed).
    """
    paths = [capture_file(folder, name) for name in names]
    refuse_unwritable(paths)
    with writing(engine) as connection:
        for some in chunks(names, _BATCH):
            connection.execute(update(capture).where(capture.c.file.in_(some)).values(file=""))
    for path in paths:
        path.unlink(missing_ok=True)


def _needed_files(connection: Connection, files: set[str]) -> set[str]:
    """Return which of these files hold a body that a capture in another file repeats."""
    other = capture.alias()
    repeated = select(other.c.id).where(
        other.c.digest == capture.c.digest, other.c.file.not_in(files), other.c.file != ""
    )
    query = select(capture.c.file).where(capture.c.file.in_(files), repeated.exists()).distinct()
    return set(connection.execute(query).scalars())
