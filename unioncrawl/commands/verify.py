"""``unioncrawl verify``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.database import archive_url, is_file
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.archive.verify.findings import Finding
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import (
    DEFAULT_ARCHIVE,
    ArchiveOption,
    CapturesOption,
    JsonOption,
    print_json,
)
from unioncrawl.commands._terminal import say
from unioncrawl.errors import (
    ArchiveError,
    ArchiveLocked,
    ArchiveNotFound,
    ArchiveTooNew,
    ArchiveUnfinished,
    ArchiveUnwritable,
)

app = typer.Typer()


@app.command()
def verify_command(
    *,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
    as_json: JsonOption = False,
) -> None:
    """Check an archive for damage; exit 1 when something is wrong.

    Example: unioncrawl verify --archive data/archive.db
    """
    with busy("verifying"):
        findings = _find(archive, captures or captures_folder(archive))
    harm = [found for found in findings if found.is_harm]
    if as_json:
        print_json({"sound": not harm, "findings": [asdict(found) for found in findings]})
    else:
        for found in findings:
            note = "" if found.is_harm else "note: "
            say(f"{note}{found.check}: {found.detail}. {found.next_step}")
        say(f"{len(harm)} findings" if harm else "sound")
    if harm:
        raise typer.Exit(1)


def _find(archive: str, captures: Path) -> list[Finding]:
    try:
        with Archive.open(archive, create=False) as opened:
            return list(verify(opened.engine, captures))
    except (ArchiveNotFound, ArchiveTooNew, ArchiveUnfinished, ArchiveLocked):
        raise
    except ArchiveError as error:
        # A file that can't be read may be damaged; a server that is away says nothing of what it holds.
        if isinstance(error, ArchiveUnwritable) and not is_file(archive_url(archive)):
            raise
        return [Finding("database", error.message.rstrip("."), error.next_step)]
