"""``unioncrawl decode``: a saved page's encoding, the evidence, the text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from unioncrawl.commands._options import JsonOption, print_json
from unioncrawl.commands._terminal import say
from unioncrawl.decode.order import decode_page
from unioncrawl.guard.file_content import read_file

app = typer.Typer(add_completion=False)


@app.command()
def decode(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The page as it came.")],
    content_type: Annotated[
        str, typer.Option(metavar="HEADER", help="The response's Content-Type header.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Print a saved page's encoding what decided it, and its text.

    Example: unioncrawl decode page.html --content-type "text/html; charset=gb2312" --json
    """
    headers = {"content-type": content_type} if content_type else {}
    page = decode_page(read_file(file), headers)
    if json:
        evidence = [{"field": e.field, "rule": e.rule, "raw": e.raw} for e in page.evidence]
        print_json({"encoding": page.encoding, "evidence": evidence, "text": page.text})
        return
    sys.stdout.write(page.text)
    for piece in page.evidence:
        say(f"{piece.rule}: {piece.raw}", err=True)
    say(f"encoding: {page.encoding}, {page.undecodable} bytes undecodable", err=True)
