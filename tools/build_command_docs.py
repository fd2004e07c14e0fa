"""Write docs/commands.md from the commands themselves.

Usage: python tools/build_command_docs.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from unioncrawl.cli import app  # noqa: E402 - the checkout's own, whatever is installed

PAGE = ROOT / "docs" / "commands.md"
HEAD = """# Commands

Made from the commands by `tools/build_command_docs.py`; a test keeps it in step.
`unioncrawl COMMAND --help` says the same. Errors go to stderr; the exit code is 0,
1 after an error, 2 after a wrong call, 3 when a crawl's articles could not be stored,
130 after Ctrl-C and 143 after SIGTERM.
"""


def render() -> str:
    """Return the whole page."""
    group: Any = typer.main.get_command(app)
    parts = [HEAD]
    for name in group.list_commands(None):
        parts += _section(f"unioncrawl {name}", group.get_command(None, name), "##")
    return "\n".join(parts)


def _section(title: str, command: Any, heading: str) -> Iterator[str]:  # noqa: ANN401 - typer's click is private
    yield f"{heading} {title}\n"
    yield from (f"{paragraph}\n" for paragraph in _paragraphs(command.help or ""))
    rows = [row for parameter in command.params if (row := _row(parameter))]
    if rows:
        yield "\n".join(["| | |", "|---|---|", *rows]) + "\n"
    for name, inner in getattr(command, "commands", {}).items():
        yield from _section(f"{title} {name}", inner, heading + "#")


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in text.replace("\x08", "").split("\n\n"):
        words = " ".join(paragraph.split())
        if words.startswith(("Example: ", "Examples: ")):
            yield f"Example: `{words.partition(': ')[2]}`"
        elif words:
            yield words


def _row(parameter: Any) -> str:  # noqa: ANN401 - the same
    if getattr(parameter, "hidden", False) or parameter.name == "help":
        return ""
    is_argument = parameter.param_type_name == "argument"
    shown = (parameter.metavar or parameter.name.upper()) if is_argument else ", ".join(parameter.opts)
    help_text = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
    return f"| `{shown}` | {help_text} |"


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
