"""Take in what others kept: WARC files of any archiver, old tables of articles.

An import can be run again: what the archive has already is counted as known and
not taken twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from unioncrawl.archive.capture_files import Captured
from unioncrawl.archive.captures import CaptureWriter
from unioncrawl.archive.import_captures import read_again, read_past_damage, warc_files
from unioncrawl.archive.import_known import (
    holds_article,
    holds_capture,
    holds_rejection,
    is_withdrawn,
)
from unioncrawl.archive.import_rows import TableRow, read_rows
from unioncrawl.archive.import_tables import (
    ColumnMapping,
    changed_fields,
    check_columns,
    finished_article,
    raw_article,
)
from unioncrawl.archive.store import Archive
from unioncrawl.line import read_page
from unioncrawl.model import Article, RawPage, Rejection
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.validate import reason_to_reject

HTTP_ERROR = 400
UNREADABLE = "unreadable"
_KNOWN, _WITHDRAWN = "known", "withdrawn"
Place = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a row of a table (or of a file, row 0): its changes, or why it was not taken."""

    file: str
    row: int
    url: str = ""
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    problem: str = ""


@dataclass(slots=True)
class ImportReport:
    """What an import saw: pages or rows by what became of them, every changed row, every problem."""

    seen: Counter[str] = field(default_factory=Counter)
    told: list[Told] = field(default_factory=list)

    @property
    def changed(self) -> list[Told]:
        """The rows that came out otherwise than they went in."""
        return [one for one in self.told if one.changes]

    @property
    def problems(self) -> list[Told]:
        """The rows that were not taken, and what is damaged in the files."""
        return [one for one in self.told if one.problem]

    def add_problem(self, path: Path, row: int, problem: str) -> None:
        """Count and tell what could not be read."""
        self.seen[UNREADABLE] += 1
        self.told.append(Told(path.name, row, problem=problem))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an import goes: without an archive it is a dry run."""

    archive: Archive | None = None
    run_id: int = 0
    captures: CaptureWriter | None = None
    # What this import took and the archive may not show yet.
    taken: set[object] = field(default_factory=set)

    def take(self, record: Article | Rejection) -> None:
        """Store an article or a rejection."""
        if self.archive is None:
            return
        if isinstance(record, Rejection):
            self.archive.reject(record, self.run_id)
        else:
            self.archive.store(record, self.run_id)

    def has_page(self, page: RawPage) -> bool:
        """Whether this very response was taken before."""
        return self._is_again(page) or self._asked(holds_capture, page)

    def has_row(self, article: Article) -> bool:
        """Whether a row that says the same was taken before."""
        said = (article.site, article.canonical_url, article.title, article.body_text, article.hits_raw)
        return self._is_again(said) or self._asked(holds_article, article)

    def has_rejection(self, article: Article, reason: str) -> bool:
        """Whether the same was rejected before for the same reason."""
        return self._asked(holds_rejection, article, reason)

    def has_withdrawn(self, article: Article) -> bool:
        """Whether the article was taken down."""
        return self._asked(is_withdrawn, article)

    def _asked(self, question: Callable[..., bool], *about: object) -> bool:
        if self.archive is None:
            return False
        with self.archive.engine.connect() as connection:
            return question(connection, *about)

    def _is_again(self, key: object) -> bool:
        number = hash(key)
        is_again = number in self.taken
        self.taken.add(number)
        return is_again


def site_by_host(profiles: Mapping[str, SiteProfile]) -> dict[str, SiteProfile]:
    """The site that each host belongs to."""
    return {host: profile for profile in profiles.values() for host in profile.hosts}


def import_warc(
    path: Path, sites: Mapping[str, SiteProfile], site: str, destination: Destination, report: ImportReport
) -> None:
    """Take the articles of a WARC or WACZ file; each response is kept as a capture of ours.

    ``site`` names the site of pages whose host no site file has; without it
    such a page belongs to a site named by its host. Other kinds of pages are
    counted and left; what is damaged is told and passed over. Raises
    `ArchiveError` when nothing in the file can be read.
    """
    bodies: dict[str, Place] = {}
    with warc_files(path) as files:
        for file in files:
            damage: list[str] = []
            for captured in read_past_damage(file, damage):
                page = _whole_page(captured, file, bodies)
                report.seen[_take_page(page, sites, site, destination) if page else "revisit"] += 1
            for one in damage:
                report.add_problem(path, 0, one if file == path else f"{file.name}: {one}")


def _whole_page(captured: Captured, file: Path, bodies: dict[str, Place]) -> RawPage | None:
    """The page; a revisit's body is that of the record it repeats, None when that is in no file here."""
    if not captured.is_revisit:
        if captured.payload_digest:
            bodies.setdefault(captured.payload_digest, (file, captured.offset))
        return captured.page
    place = bodies.get(captured.payload_digest)
    original = read_again(*place) if place else None
    return replace(captured.page, body=original.page.body) if original else None


def _take_page(page: RawPage, sites: Mapping[str, SiteProfile], site: str, destination: Destination) -> str:
    kind = dict(page.headers).get("content-type", "").lower()
    if not page.body or page.status >= HTTP_ERROR or (kind and "html" not in kind):
        return "no page"
    if destination.has_page(page):
        return _KNOWN
    host = urlsplit(page.url).netloc.lower()
    profile = sites.get(host)
    extraction = read_page(page, profile)
    if extraction.article is None:
        return extraction.kind.value
    article = replace(
        extraction.article,
        site=profile.id if profile else site or host,
        fetched_at=page.fetched_at or datetime.now(UTC),
    )
    if destination.has_withdrawn(article):
        return _WITHDRAWN
    reference = destination.captures.write(page) if destination.captures else None
    return _take_article(replace(article, captures=(reference,) if reference else ()), destination)


def _take_article(article: Article, destination: Destination) -> str:
    reason = reason_to_reject(article, datetime.now(UTC))
    if reason is None:
        destination.take(article)
        return "article"
    if destination.has_rejection(article, reason[0]):
        return _KNOWN
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


@dataclass(frozen=True, slots=True)
class TableImport:
    """How the rows of a table are read; ``strict``: the mapping's columns must all be there."""

    mapping: ColumnMapping
    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    strict: bool = False


def import_table(path: Path, how: TableImport, destination: Destination, report: ImportReport) -> None:
    """Take the rows of a table: each repaired, its dates and hits read, every change and problem told.

    Raises `ArchiveError` when the table can't be read at all.
    """
    is_checked = False
    for row in read_rows(path, how.mapping.table):
        if not row.problem and not is_checked:
            check_columns(row.values, how.mapping, strict=how.strict)
            is_checked = True
        _take_row(path, row, how, destination, report)


def _take_row(
    path: Path, row: TableRow, how: TableImport, destination: Destination, report: ImportReport
) -> None:
    try:
        raw = None if row.problem else raw_article(row.values, how.mapping, how.sites)
        problem = row.problem or ("" if raw and raw.site else "it names no site, and --site names none")
    except ValueError as error:
        raw, problem = None, str(error)
    if raw is None or problem:
        report.add_problem(path, row.number, problem)
        return
    article = finished_article(raw)
    outcome = _take_known_row(article, destination)
    report.seen[outcome] += 1
    refused = outcome if outcome.startswith("rejected") else ""
    changes = changed_fields(raw, article)
    if changes or refused:
        report.told.append(Told(path.name, row.number, article.url, changes, refused))


def _take_known_row(article: Article, destination: Destination) -> str:
    if destination.has_withdrawn(article):
        return _WITHDRAWN
    if destination.has_row(article):
        return _KNOWN
    return _take_article(replace(article, fetched_at=article.fetched_at or datetime.now(UTC)), destination)


def told_lines(told: list[Told]) -> Iterator[tuple[str, int, str, str, str, str, str]]:
    """The report as a table: file, row, URL, field, before, after, problem."""
    for one in told:
        if one.problem:
            yield one.file, one.row, one.url, "", "", "", one.problem
        for name, (before, after) in one.changes.items():
            yield one.file, one.row, one.url, name, before, after, ""
