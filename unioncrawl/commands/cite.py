"""``unioncrawl cite``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from unioncrawl.archive.exports.cited_sources import Permalink, load_cited, load_cited_revision
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.read.stored_articles import find_article
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.matching_articles import find_newest
from unioncrawl.archive.search.query import parse_query
from unioncrawl.citations.cited_source import CitedSource
from unioncrawl.citations.styles import write_citations
from unioncrawl.commands._console import exit_without
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, named_output
from unioncrawl.commands._terminal import say
from unioncrawl.errors import ArticleDamaged
from unioncrawl.files import replacing
from unioncrawl.guard.web_address import is_web_link

app = typer.Typer()
StyleName = Literal["gbt7714-2025", "gbt7714-2015", "bibtex", "ris", "csl-json"]


@app.command()
def cite(
    references: Annotated[
        list[str] | None, typer.Argument(metavar="[ID|URL]...", help="Articles by number or URL.")
    ] = None,
    *,
    query: Annotated[str, typer.Option(help="Cite the articles that match, as for search.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Of a query, how many, the newest.")] = 100,
    style: Annotated[StyleName, typer.Option(help="The form of the citation.")] = "gbt7714-2025",
    revision: Annotated[
        str, typer.Option(metavar="DIGEST", help="An earlier revision, by the digest in its note.")
    ] = "",
    reader: Annotated[
        str, typer.Option(metavar="URL", help="Where a reader serves the archive: adds permalinks.")
    ] = "",
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--out", "--output", callback=named_output, help="The file; without it they are printed."
        ),
    ] = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Cite articles after GB/T 7714, or as BibTeX, RIS or CSL-JSON.

    Example: unioncrawl cite 1 --style bibtex
    """
    named = references or []
    if bool(named) == bool(query):
        raise typer.BadParameter("name articles, or give a --query, one of both", param_hint="ID|URL")
    if revision and len(named) != 1:
        raise typer.BadParameter("it is a revision of one article: name that one", param_hint="--revision")
    permalink, damaged = _permalinks(reader), list[ArticleDamaged]()
    with archive_to_read(archive) as connection:
        if revision:
            cited = [load_cited_revision(connection, named[0], revision, permalink)]
        else:
            numbers = _numbers(connection, named, query, limit)
            cited = load_cited(connection, numbers, damaged.append, permalink)
    _write(cited, style, output)
    exit_without(damaged)


def _permalinks(reader: str) -> Permalink | None:
    if not reader:
        return None
    if not is_web_link(reader):
        raise typer.BadParameter("give an address as http://127.0.0.1:8000", param_hint="--reader")
    return lambda digest: f"{reader.rstrip('/')}/revisions/{digest}"


def _numbers(connection: Connection, named: Sequence[str], query: str, limit: int) -> list[int]:
    if named:
        return list(dict.fromkeys(find_article(connection, reference) for reference in named))
    node = parse_query(query)
    refuse_unknown_sites(connection, node)
    return find_newest(connection, node, limit, 0)


def _write(cited: Sequence[CitedSource], style: str, output: Path | None) -> None:
    document = write_citations(cited, style).encode("utf-8", "replace")
    if output is None:
        sys.stdout.buffer.write(document)
        return
    with replacing(output) as file:
        file.write(document)
    say(f"{len(cited)} citations in {output}", err=True)
