"""``unioncrawl export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Connection

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.exports.codebook import Exported, chosen_names
from unioncrawl.archive.exports.export import WRITERS, ExportRequest, Form, Sample, export_file, export_rows
from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.query import parse_query
from unioncrawl.commands._console import busy, exit_without
from unioncrawl.commands._options import DEFAULT_ARCHIVE, MOST, ArchiveOption, CapturesOption, named_output
from unioncrawl.commands._terminal import say
from unioncrawl.files import is_stream

app = typer.Typer()
_BY_SUFFIX: dict[str, Form] = {
    ".jsonl": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".parquet": "parquet",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
    ".xlsx": "xlsx",
    ".wacz": "wacz",
}
_STREAMED: tuple[Form, ...] = ("jsonl", "json", "csv")


@app.command()
def export(
    words: Annotated[
        str, typer.Argument(metavar="[QUERY]", help="Only articles that match, as for search.")
    ] = "",
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", callback=named_output, help="The file; without it, or with -, rows are printed."
        ),
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="The format; by default from the file's ending.")
    ] = None,
    query: Annotated[str, typer.Option(help="The same as the argument.")] = "",
    since_cursor: Annotated[
        str, typer.Option(help="Only what is new, changed or vanished since the export that had this cursor.")
    ] = "",
    sample: Annotated[int, typer.Option(min=0, max=MOST, help="Draw so many at random; 0 takes all.")] = 0,
    seed: Annotated[int, typer.Option(help="The sample's seed: the same one draws the same.")] = 0,
    by: Annotated[str, typer.Option(help="Spread the sample over these: site,month …")] = "",
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Leave phone and identity numbers readable.")
    ] = False,
    mask_mail: Annotated[
        bool, typer.Option("--mask-mail", help="Make the names of mail addresses unreadable too.")
    ] = False,
    columns: Annotated[str, typer.Option(help="Only these columns, in this order: id,title,hits …")] = "",
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Write articles as JSONL, JSON, CSV, XLSX, Parquet, SQLite or WACZ, with codebook and RO-Crate.

    Example: unioncrawl export 'site:practice-asp since:2024' -o asp.csv
    """
    if words and query:
        raise typer.BadParameter("the query stands before it already", param_hint="--query")
    chosen = form or _form_of(output)
    _refuse_idle(by=by, seed=seed, sample=sample, mask_mail=mask_mail and unmasked)
    request = ExportRequest(
        query=words or query,
        since_cursor=since_cursor,
        sample=Sample(sample, seed, _names_in(by)) if sample else None,
        unmasked=unmasked,
        mask_mail=mask_mail,
        columns=_names_in(columns),
        captures=captures or captures_folder(archive),
    )
    if columns and chosen == "wacz":
        raise typer.BadParameter("a WACZ file holds pages, no columns", param_hint="--columns")
    if output is None and chosen not in _STREAMED:
        raise typer.BadParameter(f"{chosen} needs a file", param_hint="--output")
    if output is not None and chosen not in _STREAMED and is_stream(output):
        raise typer.BadParameter(f"{chosen} needs a file, and {output} is none", param_hint="--output")
    with archive_to_read(archive) as connection:
        refuse_unknown_sites(connection, parse_query(request.query))
        if output is None:
            names = chosen_names(request.columns)
            WRITERS[chosen](export_rows(connection, request), sys.stdout.buffer, names)
        else:
            exported = _exported(connection, request, chosen, output)
            _say_written(exported)
        for sentence in (*(drawing.sentence() for drawing in request.drawings), *request.notes):
            say(sentence, err=True)
    exit_without(request.damaged)


def _refuse_idle(*, by: str, seed: int, sample: int, mask_mail: bool) -> None:
    """Refuse options that would change nothing."""
    if by and not sample:
        raise typer.BadParameter("it spreads a sample: give --sample too", param_hint="--by")
    if seed and not sample:
        raise typer.BadParameter("it belongs to a sample: give --sample too", param_hint="--seed")
    if mask_mail:
        raise typer.BadParameter("nothing is masked with --unmasked", param_hint="--mask-mail")


def _say_written(exported: Exported) -> None:
    after = f"; next time: --since-cursor {exported.cursor}" if exported.cursor else ""
    say(f"{exported.rows} articles in {exported.path}{after}", err=True)
    if exported.masked_stretches:
        rules = " and ".join(exported.mask_rules)
        say(f"{exported.masked_stretches} stretches of text masked: {rules}", err=True)


def _exported(connection: Connection, request: ExportRequest, form: Form, output: Path) -> Exported:
    """Write the file, and show how far it is; what stood there stays when Ctrl-C ends it."""
    try:
        with busy(f"exporting to {output}", request.progress.__str__):
            return export_file(connection, request, form, output)
    except KeyboardInterrupt:
        say(f"stopped after {request.progress}; nothing of it was written to {output}", err=True)
        raise


def _names_in(listed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in listed.split(",") if name.strip())


def _form_of(output: Path | None) -> Form:
    if output is None or (is_stream(output) and output.suffix.lower() not in _BY_SUFFIX):
        return "jsonl"
    if output.suffix.lower() not in _BY_SUFFIX:
        known = ", ".join(_BY_SUFFIX)
        raise typer.BadParameter(f"{output.name} has no known ending: end it in {known}, or give --format")
    return _BY_SUFFIX[output.suffix.lower()]
