"""Take in what others kept: WARC files of any archiver, old tables of articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from unioncrawl.archive.capture_files import read_file
from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.import_tables import (
    ColumnMapping,
    changed_fields,
    check_columns,
    finished_article,
    raw_article,
    read_rows,
)
from unioncrawl.archive.store import Archive
from unioncrawl.line import read_page
from unioncrawl.model import Article, RawPage, Rejection
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.validate import reason_to_reject


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a table that came out otherwise than it went in."""

    row: int
    url: str
    changes: Mapping[str, tuple[str, str]]


@dataclass(slots=True)
class ImportReport:
    """What an import saw: pages or rows by what became of them, and every changed row."""

    seen: Counter[str] = field(default_factory=Counter)
    changed: list[RowChange] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an import goes: without an archive it is a dry run."""

    archive: Archive | None = None
    run_id: int = 0
    captures: CaptureWriter | None = None

    def take(self, record: Article | Rejection) -> None:
        """Store an article or a rejection."""
        if self.archive is None:
            return
        if isinstance(record, Rejection):
            self.archive.reject(record, self.run_id)
        else:
            self.archive.store(record, self.run_id)


def site_by_host(profiles: Mapping[str, SiteProfile]) -> dict[str, SiteProfile]:
    """The site that each host belongs to."""
    return {host: profile for profile in profiles.values() for host in profile.hosts}


def import_warc(
    path: Path, sites: Mapping[str, SiteProfile], site: str, destination: Destination, report: ImportReport
) -> None:
    """Take the articles of a WARC file; each response is kept as a capture of ours.

    ``site`` names the site of pages whose host no site file has; without it
    such a page belongs to a site named by its host. Other kinds of pages are
    counted and left. Raises `ArchiveError` when the file can't be read.
    """
    for captured in read_file(path):
        page = captured.page
        if captured.is_revisit:
            report.seen["revisit"] += 1
        elif not _is_html(page):
            report.seen["no page"] += 1
        else:
            host = urlsplit(page.url).netloc.lower()
            profile = sites.get(host)
            report.seen[_take_page(page, profile, profile.id if profile else site or host, destination)] += 1


def _is_html(page: RawPage) -> bool:
    kind = dict(page.headers).get("content-type", "").lower()
    return bool(page.body) and (not kind or "html" in kind)


def _take_page(page: RawPage, profile: SiteProfile | None, site: str, destination: Destination) -> str:
    extraction = read_page(page, profile)
    if extraction.article is None:
        return extraction.kind.value
    article = replace(extraction.article, site=site, fetched_at=page.fetched_at or datetime.now(UTC))
    reference = destination.captures.write(page) if destination.captures else None
    article = replace(article, captures=(reference,) if reference else ())
    return _take_article(article, destination)


def _take_article(article: Article, destination: Destination) -> str:
    reason = reason_to_reject(article, datetime.now(UTC))
    if reason is None:
        destination.take(article)
        return "article"
    destination.take(
        Rejection(
            url=article.url,
            site=article.site,
            stage="validate",
            reason=reason[0],
            detail=reason[1],
            at=article.fetched_at,
            captures=article.captures,
        )
    )
    return f"rejected: {reason[0]}"


def import_table(
    path: Path, mapping: ColumnMapping, destination: Destination, report: ImportReport, *, strict: bool
) -> None:
    """Take the rows of a table: each repaired, its dates and hits read, and every change reported.

    ``strict``: the mapping came from a file, so all its columns must be there.
    Raises `ArchiveError` when the table can't be read.
    """
    for number, row in enumerate(read_rows(path, mapping), 1):
        if number == 1:
            check_columns(row, mapping, strict=strict)
        raw = raw_article(row, mapping, f"urn:unioncrawl:import:{path.name}:{number}")
        article = replace(finished_article(raw), fetched_at=datetime.now(UTC))
        report.seen[_take_article(article, destination)] += 1
        changes = changed_fields(raw, article)
        if changes:
            report.changed.append(RowChange(number, article.url, changes))


def change_lines(changed: Sequence[RowChange]) -> Iterator[tuple[int, str, str, str, str]]:
    """The report as a table: row, URL, field, before, after."""
    for one in changed:
        for name, (before, after) in one.changes.items():
            yield one.row, one.url, name, before, after
