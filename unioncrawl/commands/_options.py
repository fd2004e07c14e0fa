"""What several commands share: the archive's address, JSON out."""

from __future__ import annotations

import json
import re
import sys
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

# JSON must not escape these, and a terminal takes them for commands.
_CONTROL = re.compile(r"[\x7f-\x9f]")


def print_json(value: Any) -> None:  # noqa: ANN401 - anything that json can write
    """Print one JSON document on stdout, in UTF-8, Chinese readable; control characters are escaped."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    sys.stdout.write(_CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}", written) + "\n")
