"""Take in the pages of WARC and WACZ files of any archiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from unioncrawl.archive.capture_files import Captured
from unioncrawl.archive.import_captures import read_again, read_past_damage, warc_files
from unioncrawl.archive.import_known import KNOWN, WITHDRAWN
from unioncrawl.archive.import_report import ImportReport
from unioncrawl.archive.importing import Destination
from unioncrawl.line import read_page
from unioncrawl.model import RawPage
from unioncrawl.sites.profile import SiteProfile

HTTP_ERROR = 400
_Place = tuple[Path, int]


@dataclass(frozen=True, slots=True)
class PageImport:
    """Whose the pages are: the site of each host; ``site`` of those whose host no site file has.

    Without it such a page belongs to a site named by its host.
    """

    sites: Mapping[str, SiteProfile] = field(default_factory=dict)
    site: str = ""


def import_warc(path: Path, how: PageImport, destination: Destination, report: ImportReport) -> None:
    """Take the articles of a WARC or WACZ file; each response is kept as a capture of ours.

    Other kinds of pages are counted and left, and so is what its archiver kept
    in part; what is damaged is told and passed over. Raises `ArchiveError` when
    nothing in the file can be read.
    """
    bodies: dict[str, _Place] = {}
    with warc_files(path) as files:
        for number, file in enumerate(files):
            damage: list[str] = []
            size = max(1, file.stat().st_size)
            for captured in read_past_damage(file, damage):
                report.reach((number + captured.offset / size) / len(files))
                if captured.truncated:
                    report.seen["truncated"] += 1
                    continue
                page = _whole_page(captured, file, bodies)
                report.seen[_take_page(page, how, destination) if page else "revisit"] += 1
            for one in damage:
                report.add_problem(path, 0, one if file == path else f"{file.name}: {one}")


def _whole_page(captured: Captured, file: Path, bodies: dict[str, _Place]) -> RawPage | None:
    """The page; a revisit's body is that of the record it repeats, None when that is in no file here."""
    page = captured.page
    if not captured.is_revisit:
        for key in filter(None, (captured.payload_digest, page.url)):
            bodies[key] = (file, captured.offset)
        return page
    # A server that says "not modified" sends nothing of which there were a digest.
    is_unchanged = page.status == HTTPStatus.NOT_MODIFIED
    place = bodies.get(page.url if is_unchanged else captured.payload_digest)
    original = read_again(*place) if place else None
    if original is None:
        return None
    told = original.page if is_unchanged else page
    return replace(told, body=original.page.body, fetched_at=page.fetched_at)


def _take_page(page: RawPage, how: PageImport, destination: Destination) -> str:
    kind = dict(page.headers).get("content-type", "").lower()
    if not page.body or page.status >= HTTP_ERROR or (kind and "html" not in kind):
        return "no page"
    if destination.has_page(page):
        return KNOWN
    host = urlsplit(page.url).netloc.lower()
    profile = how.sites.get(host)
    extraction = read_page(page, profile)
    if extraction.article is None:
        return extraction.kind.value
    article = replace(
        extraction.article,
        site=profile.id if profile else how.site or host,
        fetched_at=page.fetched_at or datetime.now(UTC),
    )
    if destination.has_withdrawn(article):
        return WITHDRAWN
    reference = destination.captures.write(page) if destination.captures else None
    return destination.take_valid(replace(article, captures=(reference,) if reference else ()))
