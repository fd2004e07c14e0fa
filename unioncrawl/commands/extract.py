"""``unioncrawl extract``: what a saved page is, and the article's fields."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._options import JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.extract.line_ledger import LineFate, count_fates
from unioncrawl.guard.file_content import read_file
from unioncrawl.line import explain_page, read_page
from unioncrawl.model import Extraction, RawPage
from unioncrawl.rows import extraction_row
from unioncrawl.sites.profile import SiteProfile

app = typer.Typer(add_completion=False)


@app.command()
def extract(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The page as it came.")],
    url: Annotated[str, typer.Option(metavar="URL", help="Where the page was fetched.")] = "",
    content_type: Annotated[
        str, typer.Option(metavar="HEADER", help="The response's Content-Type header.")
    ] = "",
    site: Annotated[str, typer.Option(metavar="ID", help="A site of `unioncrawl sites`: use its file.")] = "",
    status: Annotated[int, typer.Option(metavar="CODE", help="The response's status code.")] = 200,
    fetched_at: Annotated[
        datetime | None, typer.Option(help="When the page was fetched; decides 昨天 and 3小时前.")
    ] = None,
    no_repair: Annotated[bool, typer.Option("--no-repair", help="Show the page as printed.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Print the page line by line: kept, taken, dropped, by what.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Take the article's fields from a saved page, of a known site or not.

    Example: unioncrawl extract page.html --url https://www.example.org/xw/1.html --json
    """
    raw = RawPage(
        url=url,
        body=read_file(file),
        status=status,
        headers=(("content-type", content_type),) if content_type else (),
        fetched_at=fetched_at.astimezone(UTC) if fetched_at else None,
    )
    if explain:
        _print_fates(*explain_page(raw, _profile(site), repaired=not no_repair), json=json)
        return
    extraction = read_page(raw, _profile(site), repaired=not no_repair)
    if json:
        print_json(extraction_row(extraction))
        return
    _print_plain(extraction)


def _profile(site: str) -> SiteProfile | None:
    if not site:
        return None
    from unioncrawl.sites.catalogue import find_profile  # noqa: PLC0415 - only a named site needs it

    return find_profile(site)


def _print_fates(extraction: Extraction, fates: list[LineFate], *, json: bool) -> None:
    """Print each line's number, what became of it, the field or rule, and its text; then the sums."""
    counts = count_fates(fates)
    if json:
        rows = [{**one._asdict(), "fate": one.fate.value} for one in fates]
        found = {"url": extraction.url, "kind": extraction.kind.value, "reason": extraction.reason}
        print_json({**found, "counts": counts, "lines": rows})
        return
    for one in fates:
        say(f"{one.line}\t{one.fate.value}\t{one.by}\t{one.text}")
    say(", ".join(f"{fate} {count}" for fate, count in counts.items()), err=True)


def _print_plain(extraction: Extraction) -> None:
    if extraction.reason:
        said = f"{extraction.reason} ({extraction.detail})" if extraction.detail else extraction.reason
        say(f"{extraction.kind.value}: {said}", err=True)
    for name, value in extraction_row(extraction).items():
        # The text is printed already, evidence goes to stderr.
        if value not in (None, [], "") and name not in ("body_html", "evidence"):
            say(f"{name}: {value}")
    for piece in extraction.article.evidence if extraction.article else ():
        say(f"{piece.field} by {piece.rule}: {piece.raw}", err=True)
