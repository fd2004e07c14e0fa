"""``unioncrawl restore``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.backup import restore
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say

app = typer.Typer()


@app.command()
def restore_command(
    source: Annotated[Path, typer.Argument(help="A folder that backup made.")],
    *,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Restore a backup into an archive that is not there yet, on either database.

    Example: unioncrawl restore backups/2024-05-01 --archive data/restored.db
    """
    with busy("restoring"):
        count = restore(source, archive, captures or captures_folder(archive))
    say(f"restored into {archive} with {count} WARC files")
