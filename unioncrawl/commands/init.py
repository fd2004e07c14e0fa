"""``unioncrawl init``: write a project of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._terminal import say
from unioncrawl.guard.contact import is_contact
from unioncrawl.project_files.new_project import write_project

app = typer.Typer(add_completion=False)


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="An empty folder, or a new one.")],
    contact: Annotated[
        str, typer.Option(help="Mail address or page where a webmaster reaches you; asked for on a terminal.")
    ] = "",
) -> None:
    """Write a project of your own: scrapy.cfg, settings, a site file as example, data/, a README.

    Example: unioncrawl init my-archive --contact you@example.org
    """
    if not contact and sys.stdin.isatty():
        question = "Mail address or page where a webmaster reaches you (empty: later, in settings.py)"
        contact = typer.prompt(question, default="", show_default=False).strip()
    if contact and not is_contact(contact):
        raise typer.BadParameter("neither a mail address nor a web address", param_hint="--contact")
    for path in write_project(folder, contact):
        say(str(path))
    say(f"Next: cd {folder}; scrapy list; unioncrawl sites new URL -o my_unions/sites/NAME.toml")
