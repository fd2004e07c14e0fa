"""``unioncrawl init``: write a project of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._terminal import say
from unioncrawl.project_files.new_project import write_project

app = typer.Typer(add_completion=False)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty folder, or a new one.")],
) -> None:
    """Write a project of your own: scrapy.cfg, settings, a site file as example, data/, a README.

    Example: unioncrawl init my-archive
    """
    for path in write_project(folder):
        say(str(path))
    say(f"Next: cd {folder}; scrapy list; unioncrawl sites new URL -o my_unions/sites/NAME.toml")
