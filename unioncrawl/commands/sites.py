"""``unioncrawl sites``: list, show and check site files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.table import Table
from sqlalchemy import Connection

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.crawl_state.last_runs import last_runs
from unioncrawl.archive.crawl_state.site_models import kept_models
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.commands._drawing import output_console
from unioncrawl.commands._fetch import fetch_page
from unioncrawl.commands._models import model_line, model_record
from unioncrawl.commands._new_site_file import refuse_useless, saved_page, write_new
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    named_output,
    print_json,
)
from unioncrawl.commands._site_update import print_update, saved_pages, update_of
from unioncrawl.commands._terminal import say
from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import ArchiveNotFound, SiteFileError
from unioncrawl.guard.file_content import read_file
from unioncrawl.line import read_page
from unioncrawl.model import Extraction, PageKind, RawPage
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.rows import article_row
from unioncrawl.sites.address_gate import site_file_faults
from unioncrawl.sites.catalogue import Catalogue, load_catalogue, own_folders, read_site_file
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.sites.propose import page_kind, propose_site

T = TypeVar("T")

app = typer.Typer(
    help="List, show and check site files.\n\nExample: unioncrawl sites check my-sites/qhszgh.toml",
    invoke_without_command=True,
)

SiteArgument = Annotated[str, typer.Argument(metavar="SITE", help="The site's id.")]
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A site file.")]
PageOption = Annotated[Path | None, typer.Option("--page", help="A saved page of the site.")]
UrlOption = Annotated[str, typer.Option("--url", help="The address that the saved page came from.")]


@app.callback()
def overview(context: typer.Context, as_json: JsonOption = False) -> None:
    """List, show and check site files; without a command, list them."""
    if context.invoked_subcommand is None:
        list_sites(as_json)


@app.command("list")
def list_sites(as_json: JsonOption = False) -> None:
    """List every site.

    Example: unioncrawl sites list --json
    """
    catalogue = _catalogue()
    if as_json:
        print_json(
            {
                "sites": [_summary(profile, catalogue) for profile in catalogue.profiles.values()],
                "problems": [str(problem) for problem in catalogue.problems],
            }
        )
    else:
        _print_table(catalogue)
    _report_problems(catalogue)


@app.command()
def show(site: SiteArgument, as_json: JsonOption = False) -> None:
    """Show what a site's file and its family say.

    Example: unioncrawl sites show hgzgh
    """
    catalogue = _catalogue()
    profile = catalogue.profiles.get(site)
    if profile is None:
        _report_problems(catalogue)
        raise SiteFileError(f"there is no site '{site}'.", next_step="See: unioncrawl sites list")
    said = {**profile.model_dump(mode="json"), "file": str(catalogue.files[site])}
    if as_json:
        print_json(said)
        return
    for key, value in said.items():
        say(f"{key}: {value}")


@app.command()
def check(
    file: FileArgument,
    page: PageOption = None,
    url: UrlOption = "",
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Check a site file; show what its last run left unread and, given a saved page, what it would take.

    Example: unioncrawl sites check qhszgh.toml --page show-2102.html --url https://qhszgh.com/index.php?c=show&id=2102
    """
    if url and page is None:
        raise typer.BadParameter("it belongs to a saved page: give --page too", param_hint="--url")
    profile = read_site_file(file)
    for key, fault in site_file_faults(profile).items():
        raise SiteFileError(
            f"{file}: key '{key}': {fault}.", next_step="Name the host under hosts, or correct the address."
        )
    answer: dict[str, object] = {"file": str(file), "ok": True, "id": profile.id}
    if page is not None:
        address = url or f"{profile.scheme}://{profile.hosts[0]}/"
        answer.update(_fields_of(RawPage(url=address, body=read_file(page)), profile))
    runs = _asked(archive, lambda connection: last_runs(connection, profile.id))
    kept = _asked(archive, lambda connection: kept_models(connection, profile.id))[:1]
    if as_json:
        model = model_record(kept[0]) if kept else None
        print_json({**answer, "last_run": runs[0].as_record() if runs else None, "model": model})
        return
    _report(answer, "")
    for one in kept:
        say(model_line(one))
    for line in runs[0].lines() if runs else ():
        say(f"last run: {line}")


@app.command("model")
def show_model(
    site: SiteArgument, archive: ArchiveOption = DEFAULT_ARCHIVE, as_json: JsonOption = False
) -> None:
    """Show what crawls learnt of a site's layouts: the models by which its pages are read.

    Example: unioncrawl sites model qhszgh
    """
    kept = _asked(archive, lambda connection: kept_models(connection, site))
    if as_json:
        print_json([model_record(one) for one in kept])
        return
    for one in kept:
        say(model_line(one))
        for layout in one.model.layouts if one.model else ():
            say(f"  {layout.name}: the text is {layout.text}")
    if not kept:
        say(f"the archive has no model of {site}: its pages are read in full")


def _asked(archive: str, ask: Callable[[Connection], list[T]]) -> list[T]:
    """What the archive answers; nothing where nobody named an archive and none is there."""
    try:
        with archive_to_read(archive) as connection:
            return ask(connection)
    except ArchiveNotFound:
        if archive != DEFAULT_ARCHIVE:
            raise
        return []


def _fields_of(raw: RawPage, profile: SiteProfile) -> dict[str, object]:
    extraction = read_page(raw, profile)
    fields = _fields(extraction)
    if extraction.kind is not PageKind.LIST:
        return fields
    listing = read_listing(decode_raw(raw), profile)
    shown = {"entries": len(listing.links), "pages": listing.page_count, "next_page": listing.next_page}
    is_unfollowed = listing.page_count > 1 and not listing.next_page
    unread = f"the list says {listing.page_count} pages, and no next page is found" if is_unfollowed else ""
    return {**fields, **shown, "finding": unread}


@app.command()
def new(
    source: Annotated[str, typer.Argument(metavar="URL|FILE", help="A page of the site: fetched, or saved.")],
    url: UrlOption = "",
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", callback=named_output, help="Write the site file here; - prints it."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Propose a site file from a page, show what it would take, and say what to check.

    Example: unioncrawl sites new https://www.qhszgh.com/ -o my-sites/qhszgh.toml
    """
    if url and "://" in source:
        raise typer.BadParameter("it is for a saved page; this one is fetched", param_hint="--url")
    raw = fetch_page(source) if "://" in source else saved_page(Path(source), url)
    extraction = read_page(raw)
    page = decode_raw(raw)
    refuse_useless(page, extraction)
    feed = read_syndication(page)
    is_feed = feed is not None
    items = [link.url for link in feed.listing.links] if feed is not None else []
    proposal = propose_site(page, extraction, is_feed=is_feed, feed_items=items)
    if output is not None:
        write_new(output, proposal.text)
    kind = PageKind.LIST if is_feed else page_kind(extraction, proposal.family)
    not_article: dict[str, object] = {"kind": kind.value, "reason": ""}
    fields = _fields(extraction) if kind is extraction.kind else not_article
    if as_json:
        print_json({**asdict(proposal), "page": fields})
        return
    say(proposal.text)
    say(f"# family {proposal.family}, because of: {', '.join(proposal.traces) or 'nothing recognised'}")
    say("# This page:")
    _report(fields, "#   ")
    say("# Check:")
    for line in proposal.to_check:
        say(f"#   - {line}")


@app.command("propose-update")
def propose_changes(
    site: SiteArgument,
    pages: Annotated[
        list[Path] | None, typer.Option("--page", help="A saved page, instead of fetching; may be repeated.")
    ] = None,
    captured: Annotated[
        bool, typer.Option("--captured", help="Take captured pages instead of fetching.")
    ] = False,
    captures: CapturesOption = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", callback=named_output, help="Write the site file here; - prints it."),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Print what a changed site's file needs, proven by archived articles; exit 1 where that can't be proven.

    Example: unioncrawl sites propose-update hgzgh -o my-sites/hgzgh.toml
    """
    saved = saved_pages(pages) if pages else None
    folder = (captures or captures_folder(archive)) if captured else None
    update = update_of(_catalogue(), site, archive, saved, folder)
    if output is not None:
        write_new(output, update.text)
    if as_json:
        print_json(update.as_record())
    else:
        print_update(update)
    if not update.is_proven:
        raise typer.Exit(1)


def _fields(extraction: Extraction) -> dict[str, object]:
    shown: dict[str, object] = {"kind": extraction.kind.value, "reason": extraction.reason or ""}
    if extraction.article is not None:
        shown.update(article_row(extraction.article))
    return shown


def _report(fields: dict[str, object], margin: str) -> None:
    """Print fields for a reader: what `unioncrawl extract` shows, a field a line."""
    for name, value in fields.items():
        if name not in ("body_html", "evidence"):
            say(f"{margin}{name}: {value}")


def _catalogue() -> Catalogue:
    from unioncrawl import settings  # noqa: PLC0415 - only to read the user's folders

    return load_catalogue(own_folders(settings.UNIONCRAWL_SITES_DIRS))


def _summary(profile: SiteProfile, catalogue: Catalogue) -> dict[str, object]:
    shown = profile.model_dump(
        mode="json", include={"id", "name", "level", "region", "family", "verified", "closed"}
    )
    return {**shown, "host": profile.hosts[0], "file": str(catalogue.files[profile.id])}


def _print_table(catalogue: Catalogue) -> None:
    table = Table(box=None)
    for heading in ("id", "name", "level", "family", "host", "note"):
        table.add_column(heading)
    for profile in sorted(catalogue.profiles.values(), key=lambda item: (item.level, item.id)):
        note = profile.closed or ("" if profile.verified else "not verified")
        table.add_row(profile.id, profile.name, profile.level, profile.family, profile.hosts[0], note)
    output_console().print(table)


def _report_problems(catalogue: Catalogue) -> None:
    for problem in catalogue.problems:
        say(f"unioncrawl: left out: {problem}", err=True)
    for path in catalogue.overridden:
        say(f"unioncrawl: {path} is replaced by your own file with the same id.", err=True)
