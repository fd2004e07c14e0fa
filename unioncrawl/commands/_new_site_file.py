"""From which page a new site file is proposed, and where it is written."""

from __future__ import annotations

from pathlib import Path

import typer

from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import FetchFailed, SiteFileError
from unioncrawl.guard.file_content import read_file
from unioncrawl.model import DecodedPage, Extraction, PageKind, RawPage
from unioncrawl.outcomes import FIRST_ERROR_STATUS
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.sites.recognise import address_in_page, page_links


def refuse_useless(page: DecodedPage, extraction: Extraction) -> None:
    """Raise for a page that shows nothing of its site: a wall, a missing page, a file."""
    if extraction.kind is PageKind.BLOCKED:
        raise FetchFailed(
            f"the site refused ({extraction.reason}).",
            next_step="Save a page from a browser and give the file with --url.",
            url=page.url,
        )
    if extraction.kind is PageKind.NOT_FOUND and not _shows_site(page):
        raise FetchFailed(
            f"this is not a page of a site ({extraction.reason}).",
            next_step="Give the home page, a list page or an article.",
            url=page.url,
        )
    if page.status >= FIRST_ERROR_STATUS:
        raise FetchFailed(f"the site answered {page.status}.", next_step="Check the address.", url=page.url)


def _shows_site(page: DecodedPage) -> bool:
    return bool(page_links(page)) or read_syndication(page) is not None


def saved_page(page: Path, url: str) -> RawPage:
    """Return a saved page at the address it came from: the one given, or the one it names."""
    body = read_file(page)
    address = url or address_in_page(decode_raw(RawPage(url=page.name, body=body)).text)
    if not address:
        raise typer.BadParameter(f"Say where {page} came from, with --url: its links are read from there.")
    return RawPage(url=address, body=body)


def write_new(output: Path, text: str) -> None:
    """Write a site file where none is; raises `SiteFileError` where there is one."""
    if output.exists():
        raise SiteFileError(f"{output} already exists.", next_step="Name another file, or remove it.")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
