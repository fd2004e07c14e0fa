"""What several commands share: the archive's address, JSON out."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

DEFAULT_ARCHIVE = "data/archive.db"

ArchiveOption = Annotated[
    str,
    typer.Option(
        "--archive",
        envvar="UNIONCRAWL_ARCHIVE",
        metavar="URL",
        help="A SQLite file or a SQLAlchemy URL.",
    ),
]
CapturesOption = Annotated[
    Path | None,
    typer.Option(
        file_okay=False,
        help="The folder of the WARC files; else UNIONCRAWL_CAPTURES, else captures beside the archive.",
    ),
]
# No option counts further: databases and dates take no larger number.
MOST = 1_000_000_000
# Python's pools take no more on every system (on Windows 61).
MOST_PROCESSES = 61


def named_output(path: Path | None) -> Path | None:
    """A file that has a name; ``-`` is standard output, as for other filters.

    >>> named_output(Path("工会.csv")), named_output(Path("-"))
    (PosixPath('工会.csv'), None)
    """
    return None if path == Path("-") else path


JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine to read.")]


def refuse_beside(context: typer.Context, given: str, others: Mapping[str, str]) -> None:
    """Refuse options that were named and that ``given`` makes void; ``others``: parameter to option."""
    for name, option in others.items():
        source = context.get_parameter_source(name)
        if source is not None and source.name in {"COMMANDLINE", "ENVIRONMENT"}:
            raise typer.BadParameter(
                f"it says nothing beside {given}: leave one of them out", param_hint=option
            )


def refuse_backwards(since: str, until: str) -> None:
    """Refuse a span of days that ends before it begins; raises `QueryError` for what is no day."""
    from unioncrawl.archive.search.query import filter_node  # noqa: PLC0415 - repair needs no archive

    if not since or not until:
        return
    first, last = filter_node("since", since).value, filter_node("until", until).value
    if isinstance(first, datetime) and isinstance(last, datetime) and first >= last:
        raise typer.BadParameter(f"{since} is after {until}", param_hint="--since")


# JSON must not escape these, and a terminal takes them for commands.
_CONTROL = re.compile(r"[\x7f-\x9f]")


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that json can write
    """Print one JSON document on stdout, in UTF-8, Chinese readable; control characters are escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.write(_CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written) + "\n")
