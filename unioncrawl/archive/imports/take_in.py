"""Take in what others kept: WARC files of any archiver, old tables of articles.

An import can be run again: what the archive already has is counted as known and
not taken twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import select

from unioncrawl.archive.captures.warc_writer import CaptureWriter
from unioncrawl.archive.imports.already_held import (
    KNOWN,
    WITHDRAWN,
    absent_addresses,
    holds_capture,
    holds_rejection,
    is_withdrawn,
    place_of,
    standing,
)
from unioncrawl.archive.imports.column_mapping import (
    ColumnMapping,
    changed_fields,
    check_columns,
    finished_article,
    kept_columns,
    raw_article,
)
from unioncrawl.archive.imports.import_report import ImportReport, RowReport
from unioncrawl.archive.imports.site_names import SiteNames
from unioncrawl.archive.imports.table_rows import TableRow, read_rows
from unioncrawl.archive.schema import site
from unioncrawl.archive.store import BATCH_SIZE, Archive
from unioncrawl.errors import ExtractError
from unioncrawl.model import Article, RawPage, Rejection
from unioncrawl.outcomes import Reason
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.validate import reason_to_reject

_REMEMBERED = 4 * BATCH_SIZE
# So many rows of a table are read before the first of them is taken.
_PIECE_ROWS, _PIECE_CHARACTERS = 200, 1 << 20


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an import goes: without an archive it is a dry run."""

    archive: Archive | None = None
    run_id: int = 0
    captures: CaptureWriter | None = None
    # The sites whose files are known, by id.
    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    # Where it took articles that the archive may not show yet.
    places: set[tuple[str, str]] = field(default_factory=set)
    # Where neither the archive had an article when the present rows were read, nor this import took one.
    absent: set[tuple[str, str]] = field(default_factory=set)
    # What this import took; the archive may not show it yet.
    taken: set[int] = field(default_factory=set)
    # The sites whose names and levels the archive has from this import.
    named: set[str] = field(default_factory=set)

    def name_site(self, article: Article) -> None:
        """Give the article's site the name, level, region and columns of its site file, once.

        A row may call its site as a site file's id does and stand at another known site's
        address: that site keeps what the archive has of it.
        """
        profile = self.sites.get(article.site)
        if self.archive is None or profile is None or profile.id in self.named:
            return
        host = urlsplit(article.canonical_url).netloc.lower()
        if host in profile.hosts or not any(host in other.hosts for other in self.sites.values()):
            self.archive.ensure_site(profile)
            self.named.add(profile.id)

    def stored_sites(self) -> set[str]:
        """Return the ids of the sites that the archive has."""
        if self.archive is None:
            return set()
        with self.archive.engine.connect() as connection:
            return set(connection.execute(select(site.c.key)).scalars())

    def take(self, record: Article | Rejection) -> None:
        """Store an article or a rejection."""
        if self.archive is None:
            return
        if isinstance(record, Rejection):
            self.archive.reject(record, self.run_id)
        else:
            place = place_of(record)
            self.absent.discard(place)
            self.places.add(place)
            self.archive.store(record, self.run_id)

    def has_page(self, page: RawPage) -> bool:
        """Whether this very response was taken before."""
        return self._is_again(page) or self._asked(holds_capture, page)

    def look_ahead(self, articles: Sequence[Article]) -> None:
        """Ask once where the archive has none of the articles of some rows, which most rows of an import are.

        A question a row, each in a transaction of its own, took a quarter of an import's time.
        """
        if self.archive is not None:
            with self.archive.engine.connect() as connection:
                self.absent.clear()
                self.absent.update(absent_addresses(connection, articles) - self.places)

    def standing(self, article: Article) -> str:
        """Return `WITHDRAWN` for an article taken down, `KNOWN` for a row taken before, else ""."""
        held = ""
        if self.archive is not None and place_of(article) not in self.absent:
            with self.archive.engine.connect() as connection:
                held = standing(connection, article)
        if held == WITHDRAWN:
            return held
        said = (article.site, article.canonical_url, article.title, article.body_text, article.hits_raw)
        return KNOWN if self._is_again(said) else held

    def has_rejection(self, article: Article, reason: Reason) -> bool:
        """Whether the article was rejected before for the same reason."""
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
        if number in self.taken:
            return True
        if self.archive is not None and len(self.taken) >= _REMEMBERED:
            # From here on the archive shows them. Of those that are absent none was taken.
            self.archive.flush()
            self.taken.clear()
            self.places.clear()
        self.taken.add(number)
        return False

    def take_valid(self, article: Article) -> str:
        """Store an article, or the reason for its rejection; return the outcome."""
        reason = reason_to_reject(article, datetime.now(UTC))
        if reason is None:
            self.take(article)
            return "article"
        if self.has_rejection(article, reason[0]):
            return KNOWN
        self.take(
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


def site_by_host(profiles: Mapping[str, SiteProfile]) -> dict[str, SiteProfile]:
    """Return the site of each host."""
    return {host: profile for profile in profiles.values() for host in profile.hosts}


@dataclass(frozen=True, slots=True)
class TableImport:
    """How the rows of a table are read; ``strict``: the mapping's columns must all be there.

    ``sites`` by their hosts, ``names`` by what tables call them.
    """

    mapping: ColumnMapping
    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    names: SiteNames = field(default_factory=SiteNames)
    strict: bool = False


@dataclass(frozen=True, slots=True)
class _ReadRow:
    """A row of a table, its article as it stands there and repaired; or what is wrong with it."""

    row: TableRow
    articles: tuple[Article, Article] | None = None
    problem: str = ""


def import_table(path: Path, how: TableImport, destination: Destination, report: ImportReport) -> None:
    """Take the rows of a table: repair each, read its dates and hits, report every change and problem.

    Raises `ArchiveError` when the table can't be read at all.
    """
    is_checked = False
    for rows in _in_pieces(read_rows(path, how.mapping.table, report.reach)):
        first = next((row for row in rows if not row.problem), None)
        if first is not None and not is_checked:
            check_columns(first.values, how.mapping, strict=how.strict)
            is_checked = True
        read = [_read_row(row, how) for row in rows]
        destination.look_ahead([one.articles[1] for one in read if one.articles is not None])
        for one in read:
            _take_row(path, one, destination, report)


def _in_pieces(rows: Iterable[TableRow]) -> Iterator[list[TableRow]]:
    """Yield rows as they come, so many at once that little memory holds them."""
    piece: list[TableRow] = []
    characters = 0
    for row in rows:
        piece.append(row)
        characters += sum(map(len, row.values.values()))
        if len(piece) >= _PIECE_ROWS or characters >= _PIECE_CHARACTERS:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def _read_row(row: TableRow, how: TableImport) -> _ReadRow:
    if row.problem:
        return _ReadRow(row, problem=row.problem)
    try:
        raw = raw_article(row.values, how.mapping, how.sites, how.names)
        if not raw.site:
            return _ReadRow(row, problem="it names no site, and --site is missing")
        return _ReadRow(row, (raw, finished_article(raw)))
    # A number that is no time, too deep nesting, bytes that are not text: each costs its row alone.
    except (ValueError, OverflowError, RecursionError, ExtractError) as error:
        return _ReadRow(row, problem=str(error))


def _take_row(path: Path, read: _ReadRow, destination: Destination, report: ImportReport) -> None:
    if read.articles is None:
        report.add_problem(path, read.row.number, read.problem)
        return
    raw, article = read.articles
    report.add_unread(path, kept_columns(raw))
    destination.name_site(article)
    outcome = _take_known_row(article, destination)
    report.seen[outcome] += 1
    refused = outcome if outcome.startswith("rejected") else ""
    changes = changed_fields(raw, article)
    if changes or refused:
        report.add(RowReport(path.name, read.row.number, article.url, changes, refused))


def _take_known_row(article: Article, destination: Destination) -> str:
    known = destination.standing(article)
    if known:
        return known
    return destination.take_valid(replace(article, fetched_at=article.fetched_at or datetime.now(UTC)))
