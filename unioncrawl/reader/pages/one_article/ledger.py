"""``/articles/{id}/ledger``: every line of an article's page, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.captures.kept_captures import KeptCapture, captures_of, load_kept, newest_of_each
from unioncrawl.archive.read.revisions import load_present
from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ArchiveError, DecodeError, ExtractError
from unioncrawl.extract import explain_lines
from unioncrawl.extract.line_ledger import Fate, LineFate, count_fates
from unioncrawl.model import RawPage
from unioncrawl.reader.page_view import page_view
from unioncrawl.reader.pages.article_id import ArticleId
from unioncrawl.reader.pages.one_article.field_names import field_name
from unioncrawl.sites.catalogue import Catalogue, own_folders
from unioncrawl.sites.present_files import present_catalogue, problems_of
from unioncrawl.sites.profile import SiteProfile

router = APIRouter()
_FIRST_ERROR = 300


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A captured page of the article, read again now.

    ``problem`` says why it could not be read; then there are no lines. ``reason``: why it is not
    an article by the rules of today.
    """

    capture: KeptCapture
    lines: tuple[LineFate, ...] = ()
    reason: str = ""
    problem: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many lines had each fate."""
        return count_fates(self.lines)

    @property
    def first_of_fields(self) -> dict[int, list[str]]:
        """The lines that a field was read from first, by their place in ``lines``: anchors of the page."""
        seen: set[str] = set()
        found: dict[int, list[str]] = {}
        for place, one in enumerate(self.lines):
            fields = [
                name
                for name in (one.by.split(",") if one.fate is Fate.TAKEN else ())
                if name and name not in seen
            ]
            seen.update(fields)
            if fields:
                found[place] = fields
        return found


@router.get("/articles/{article_id}/ledger")
def ledger_page(request: Request, article_id: ArticleId) -> Response:
    """Show each line of the captured page with its fate, by which field or rule."""
    view = page_view(request)
    known = present_catalogue()
    with view.reader.connected() as connection:
        stored = load_present(connection, article_id)
        pages = list(_read_pages(connection, view.reader.captures, stored, known))
    return view.render(
        "ledger.html.j2",
        stored=stored,
        record=stored.record,
        pages=pages,
        read_by=_rules(known, stored.record.site),
        field_name=lambda name: field_name(name, view.language),
    )


@dataclass(frozen=True, slots=True)
class Rules:
    """By what pages of a site are read: the name of its file, empty where it has none.

    ``problems``: of the files of one's own that are not used. Any of them may be meant for this site.
    """

    file: str
    is_own: bool
    problems: tuple[str, ...]


def _rules(known: Catalogue, site: str) -> Rules:
    file = known.files.get(site)
    is_own = file is not None and file.parent in own_folders()
    return Rules(file.name if file else "", is_own, problems_of(known))


def _read_pages(
    connection: Connection, folder: Path, stored: StoredArticle, known: Catalogue
) -> Iterator[ReadPage]:
    """Read the newest captured page of each address: the article's own, and further parts of it."""
    profile = known.profiles.get(stored.record.site)
    for one in newest_of_each(captures_of(connection, stored.id)):
        if one.status >= _FIRST_ERROR:
            continue
        try:
            raw = load_kept(connection, folder, one)
        except ArchiveError as error:
            yield ReadPage(one, problem=f"{error.message} {error.next_step}")
            continue
        found = _read(one, raw, profile)
        # What is no article at another address is the answer of a counter.
        if found.problem or one.url == stored.record.url or not found.reason:
            yield found


def _read(one: KeptCapture, raw: RawPage, profile: SiteProfile | None) -> ReadPage:
    try:
        extraction, fates = explain_lines(decode_raw(raw), profile)
    except (DecodeError, ExtractError) as error:
        return ReadPage(one, problem=error.message)
    return ReadPage(one, tuple(fates), reason=extraction.reason or "")
