"""Looks at a site that has changed and prints what its file needs, with a proof by archived articles."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from unioncrawl.archive.captures.warc_reader import Place, load_page
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.schema import capture
from unioncrawl.commands._fetch import fetch_page
from unioncrawl.commands._terminal import say
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ArchiveError, FetchFailed, SiteFileError
from unioncrawl.guard.file_content import read_file
from unioncrawl.model import RawPage
from unioncrawl.service.health.updates.known_titles import known_titles
from unioncrawl.service.health.updates.looked_at import Fetch
from unioncrawl.service.health.updates.propose import Update, propose_update
from unioncrawl.sites.catalogue import Catalogue
from unioncrawl.sites.recognise import address_in_page


def update_of(
    catalogue: Catalogue, site: str, archive: str, pages: Fetch | None, captures: Path | None
) -> Update:
    """Return what a site's file needs; pages come from ``pages``, from captures, or from the site itself."""
    profile = catalogue.profiles.get(site)
    if profile is None:
        raise SiteFileError(f"there is no site '{site}'.", next_step="See: unioncrawl sites list")
    text = catalogue.files[site].read_text(encoding="utf-8")
    with archive_to_read(archive) as connection:
        titles = known_titles(connection, site)
        if captures is not None:
            return propose_update(profile, text, titles, captured_pages(connection, captures))
    return propose_update(profile, text, titles, pages or partial(fetch_page, private=profile.private_hosts))


def saved_pages(files: Sequence[Path]) -> Fetch:
    """Return a fetch that knows saved pages alone, by the address that each names itself."""
    known = {}
    for file in files:
        body = read_file(file)
        url = address_in_page(decode_raw(RawPage(url=file.name, body=body)).text)
        if not url:
            raise FetchFailed(
                f"{file} does not say where it came from.",
                next_step="Save it from a browser, which writes the address, or leave --page out.",
            )
        known[url] = RawPage(url=url, body=body)

    def fetch(url: str) -> RawPage:
        if url in known:
            return known[url]
        raise FetchFailed("no saved page has this address.", next_step="Save it too.", url=url)

    return fetch


def captured_pages(connection: Connection, folder: Path) -> Fetch:
    """Return a fetch that takes the newest capture of an address."""

    def fetch(url: str) -> RawPage:
        query = select(capture.c.file, capture.c.offset, capture.c.length, capture.c.digest)
        found = query.where(capture.c.url == url, capture.c.file != "").order_by(capture.c.id.desc()).limit(1)
        row = connection.execute(found).first()
        with suppress(ArchiveError):
            if row is not None:
                return load_page(connection, folder, Place(*row))
        raise FetchFailed("no capture has this address.", next_step="Leave --captured out.", url=url)

    return fetch


def print_update(update: Update) -> None:
    """Print the difference, the proof, and what a person must check."""
    nothing = "The site file needs nothing." if update.is_proven else "No change is proposed."
    say(update.difference.rstrip("\n") or nothing)
    say(f"# {update.titles} archived articles are on the lists; the file takes {update.entries} of them.")
    for one in update.articles:
        read = f"differs in {', '.join(one.differing)}" if one.differing else "as archived"
        say(f"# read again, {read}: {one.url}")
    for line in update.to_check:
        say(f"# check: {line}")
    if not update.is_proven:
        say("# Not proven: look at the site in a browser before you take the file over.")
