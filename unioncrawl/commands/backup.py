"""``unioncrawl backup``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.archive.capture_folder import captures_folder
from unioncrawl.archive.care.backup import back_up
from unioncrawl.archive.store import Archive
from unioncrawl.commands._console import busy
from unioncrawl.commands._options import DEFAULT_ARCHIVE, ArchiveOption, CapturesOption
from unioncrawl.commands._terminal import say

app = typer.Typer()


@app.command()
def backup(
    target: Annotated[Path, typer.Argument(help="The folder to make.")],
    *,
    captures: CapturesOption = None,
    archive: ArchiveOption = DEFAULT_ARCHIVE,
) -> None:
    """Copy an archive with its captures while it is in use, and verify the copy.

    Example: unioncrawl backup backups/2024-05-01
    """
    with busy("copying and verifying"), Archive.open(archive, create=False) as opened:
        manifest = back_up(opened.engine, captures or captures_folder(archive), target)
    size = sum(entry["bytes"] for entry in manifest["files"].values())
    say(f"{len(manifest['files'])} files, {size:,} bytes in {target}, verified")
