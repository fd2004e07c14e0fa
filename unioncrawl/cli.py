"""The ``unioncrawl`` command: finds the module of a command and runs it.

Each command is a module of `unioncrawl.commands` with a ``app``; it is
imported only when asked for, so that ``unioncrawl repair`` does not pay for the
archive's libraries.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from unioncrawl import __version__
from unioncrawl.errors import UnioncrawlError

# Command name -> (module of unioncrawl.commands, one sentence for the overview).
COMMANDS: dict[str, tuple[str, str]] = {}


class LazyGroup(TyperGroup):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer's own click is private
        """The commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - the same
        """Import the command's module and return what it defines."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module_name, sentence = COMMANDS[cmd_name]
        module = importlib.import_module(f"unioncrawl.commands.{module_name}")
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        command.short_help = sentence
        return command


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the flag's value
    if value:
        typer.echo(f"unioncrawl {__version__}")
        raise typer.Exit


@app.callback()
def overview(
    *,
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
    ),
) -> None:
    """Crawl, repair and archive the news of Chinese labour unions (工会)."""
    del version


def main() -> None:
    """Run the command line; a `UnioncrawlError` is told on stderr with exit code 1."""
    try:
        app()
    except UnioncrawlError as error:
        typer.echo(f"unioncrawl: {error}", err=True)
        sys.exit(1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
