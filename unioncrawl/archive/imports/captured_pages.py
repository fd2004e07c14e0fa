"""Take in the pages of WARC and WACZ files of any archiver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from unioncrawl.archive.captures.warc_reader import Captured
from unioncrawl.archive.imports.already_held import KNOWN, WITHDRAWN
from unioncrawl.archive.imports.captured_answers import CapturedAnswers, answered, collect_answers
from unioncrawl.archive.imports.foreign_warcs import read_again, read_past_damage, warc_files
from unioncrawl.archive.imports.import_report import ImportReport
from unioncrawl.archive.imports.take_in import Destination
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import DecodeError, ExtractError, FileUnreadable
from unioncrawl.extract import extract_page
from unioncrawl.extract.article_parts import join_parts, missing_part
from unioncrawl.guard.bounds import PARTS
from unioncrawl.line import finish
from unioncrawl.model import Article, Extraction, RawPage
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url

HTTP_ERROR = 400
COUNTER_RESPONSE = "counter response"
_Place = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class PageImport:
    """The site that each page belongs to: by its host; ``site`` for hosts that no site file has.

    Without ``site`` such a page belongs to a site named after its host. ``answers`` are
    those of hit counters in all files of the import; without them each file's own are taken.
    ``waiting`` are the parts of articles whose next part has not come yet, by its address.
    """

    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    site: str = ""
    answers: CapturedAnswers | None = None
    waiting: dict[str, tuple[Article, ...]] = field(default_factory=dict)


def import_warc(path: Path, how: PageImport, destination: Destination, report: ImportReport) -> None:
    """Take the articles of a WARC or WACZ file; each response is kept as a capture of ours.

    An article in several parts is joined; where one does not come, its evidence says so.
    One whose page leaves its hits to a counter has those of the counter's captured
    response. Other kinds of pages are counted and left, and so are records that the
    archiver truncated. Damage is reported and skipped. Raises `ArchiveError` when
    nothing in the file can be read.
    """
    how = how if how.answers is not None else replace(how, answers=collect_answers([path]))
    bodies: dict[str, _Place] = {}
    unread: list[str] = []
    with warc_files(path, unread) as files:
        for one in unread:
            report.add_problem(path, 0, one)
        for number, file in enumerate(files):
            damage: list[str] = []
            try:
                _take_records((file, number, len(files)), bodies, how, destination, (report, damage))
            except FileUnreadable as error:
                if len(files) == 1:
                    raise
                damage.append(error.message)
            for one in damage:
                report.add_problem(path, 0, one if file == path else f"{file.name}: {one}")
    _take_waiting(path, how, destination, report)


def _take_waiting(path: Path, how: PageImport, destination: Destination, report: ImportReport) -> None:
    """Store the articles whose next part did not come."""
    for url, parts in how.waiting.items():
        try:
            report.seen[_take_article(parts, how, destination, missing=url)] += 1
        except ExtractError as error:
            report.add_problem(path, 0, f"{parts[0].url} can't be read: {error.message}")
    how.waiting.clear()


def _take_records(
    place: tuple[Path, int, int],
    bodies: dict[str, _Place],
    how: PageImport,
    destination: Destination,
    reports: tuple[ImportReport, list[str]],
) -> None:
    file, number, count = place
    report, damage = reports
    size = max(1, file.stat().st_size)
    for captured in read_past_damage(file, damage):
        report.reach((number + captured.offset / size) / count)
        if captured.truncated:
            report.seen["truncated"] += 1
            continue
        report.seen[_outcome(captured, (file, bodies), how, destination, damage)] += 1


def _outcome(
    captured: Captured,
    place: tuple[Path, dict[str, _Place]],
    how: PageImport,
    destination: Destination,
    damage: list[str],
) -> str:
    """Return the outcome of a record; a page that can't be read is reported in ``damage``."""
    try:
        page = _whole_page(captured, *place)
        return _take_page(page, how, destination) if page else "revisit"
    except (DecodeError, ExtractError) as error:
        problem = error.message.rstrip(".")
        damage.append(f"the page at byte {captured.offset} ({captured.page.url}) can't be read: {problem}")
        return "no page"


def _whole_page(captured: Captured, file: Path, bodies: dict[str, _Place]) -> RawPage | None:
    """Return the page; a revisit takes the body of the record it repeats, None when no file here has it."""
    page = captured.page
    if not captured.is_revisit:
        for key in filter(None, (captured.payload_digest, page.url)):
            bodies[key] = (file, captured.offset)
        return page
    # A "not modified" response has no body, so it has no digest of one.
    is_unchanged = page.status == HTTPStatus.NOT_MODIFIED
    place = bodies.get(page.url if is_unchanged else captured.payload_digest)
    try:
        original = read_again(*place) if place else None
    except (OSError, ValueError) as error:
        raise DecodeError(f"its body at byte {place[1] if place else 0} is damaged ({error})") from error
    if original is None:
        return None
    head = original.page if is_unchanged else page
    return replace(head, body=original.page.body, fetched_at=page.fetched_at)


def _take_page(page: RawPage, how: PageImport, destination: Destination) -> str:
    kind = dict(page.headers).get("content-type", "").lower()
    answers = how.answers or CapturedAnswers()
    if answers.holds(page):
        return COUNTER_RESPONSE
    if not page.body or page.status >= HTTP_ERROR or (kind and "html" not in kind):
        return "no page"
    is_known = destination.has_page(page)
    # A page that was imported without its counter's answer gets it now.
    if is_known and page.url not in how.waiting and not answers.has_host(page.url):
        return KNOWN
    profile = how.sites.get(_host(page))
    extraction = _read(page, profile)
    if extraction.article is None:
        return KNOWN if is_known else extraction.kind.value
    part = replace(
        extraction.article,
        site=profile.id if profile else how.site or _host(page),
        canonical_url=canonical_url(page.url, profile),
        fetched_at=page.fetched_at,
    )
    before = how.waiting.pop(page.url, ())
    answer = None if before else answers.of(part)
    if (answer is None or destination.has_page(answer)) and is_known and not before:
        return KNOWN
    return _take_part(page, (*before, part), how, destination)


def _take_part(page: RawPage, parts: tuple[Article, ...], how: PageImport, destination: Destination) -> str:
    """Store an article with its last part, or let it wait for its next one; return the outcome."""
    destination.name_site(parts[0])
    if destination.has_withdrawn(parts[0]):
        return WITHDRAWN
    last = parts[-1]
    if destination.captures:
        last = replace(last, captures=(destination.captures.write(page),))
    parts = (*parts[:-1], last)
    goes_on = last.next_page and last.next_page not in {part.url for part in parts}
    if not goes_on or last.next_page in how.waiting or len(parts) >= PARTS.default:
        return _take_article(parts, how, destination, missing=last.next_page if goes_on else "")
    how.waiting[last.next_page] = parts
    return "part"


def _take_article(
    parts: tuple[Article, ...], how: PageImport, destination: Destination, missing: str = ""
) -> str:
    joined = join_parts(parts) if len(parts) > 1 else parts[0]
    with _explained(joined.url):
        read = finish(missing_part(joined, missing) if missing else joined)
    answer = how.answers.of(read) if how.answers else None
    if answer is not None:
        kept = (destination.captures.write(answer),) if destination.captures else ()
        read = replace(answered(read, answer), captures=(*read.captures, *kept))
    return destination.take_valid(replace(read, fetched_at=read.fetched_at or datetime.now(UTC)))


def _host(page: RawPage) -> str:
    try:
        return urlsplit(page.url).netloc.lower()
    except ValueError as error:
        raise ExtractError(f"its address is not a web address ({error})", url=page.url) from error


def _read(page: RawPage, profile: SiteProfile | None) -> Extraction:
    """Return what the page is, as printed. Raises `DecodeError` and `ExtractError`."""
    with _explained(page.url):
        return extract_page(decode_raw(page), profile)


@contextmanager
def _explained(url: str) -> Iterator[None]:
    """Raise `ExtractError` for an unexpected error, which costs its page alone."""
    try:
        yield
    except (ValueError, OverflowError, RecursionError) as error:
        raise ExtractError(f"{type(error).__name__}: {error}", url=url, stage="extract") from error
