"""Drop what a site's file says is to be kept no longer: its raw responses, and its texts where it says so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from unioncrawl.archive.capture_folder import capture_file
from unioncrawl.archive.care.takedown import take_down
from unioncrawl.archive.care.vacuum import drop_files, old_files
from unioncrawl.archive.schema import article, site
from unioncrawl.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """What a site's rule drops: WARC files with their bytes, articles by number.

    ``needed_files`` are as old and stay, because later captures refer to bodies in them.
    """

    site: str
    days: int
    before: datetime
    files: tuple[str, ...]
    file_bytes: int
    needed_files: tuple[str, ...]
    articles: tuple[int, ...]


def find_overdue(
    connection: Connection, folder: Path, profiles: Iterable[SiteProfile], now: datetime
) -> list[Overdue]:
    """Return what the rules of these sites drop now; a site without a rule is left out."""
    return [_overdue(connection, folder, profile, now) for profile in profiles if profile.retention.days]


def _overdue(connection: Connection, folder: Path, profile: SiteProfile, now: datetime) -> Overdue:
    before = now - timedelta(days=profile.retention.days)
    files, needed = old_files(connection, before, profile.id)
    own = select(site.c.id).where(site.c.key == profile.id).scalar_subquery()
    is_old = (article.c.site_id == own) & (article.c.first_seen_at < before)
    present = select(article.c.id).where(is_old, article.c.withdrawn_at.is_(None)).order_by(article.c.id)
    return Overdue(
        site=profile.id,
        days=profile.retention.days,
        before=before,
        files=tuple(files),
        file_bytes=sum(_size(capture_file(folder, name)) for name in files),
        needed_files=tuple(needed),
        articles=tuple(connection.execute(present).scalars()) if profile.retention.articles else (),
    )


def _size(path: Path) -> int:
    """A file's bytes; 0 for one that is gone already."""
    return path.stat().st_size if path.exists() else 0


def drop_overdue(engine: Engine, folder: Path, overdue: Overdue) -> None:
    """Drop it: texts first, each by a takedown whose reason names the rule, then the files."""
    for number in overdue.articles:
        take_down(engine, folder, str(number), f"[retention] days = {overdue.days}")
    drop_files(engine, folder, list(overdue.files))
