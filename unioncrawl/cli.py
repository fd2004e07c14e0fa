"""The ``unioncrawl`` command: finds the module of a command and runs it.

Each command is a module of `unioncrawl.commands` with a ``app``; it is
imported only when asked for, so that ``unioncrawl repair`` does not pay for the
archive's libraries, and help and completion of names pay for none.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import sys
from types import ModuleType
from typing import Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from unioncrawl._layout import __version__, is_native
from unioncrawl.archive.limits.gc_pause import collecting_later
from unioncrawl.commands._plain_values import take_plain_values
from unioncrawl.commands._terminal import say
from unioncrawl.errors import UnioncrawlError

# Command name -> (module of unioncrawl.commands, one sentence for the overview).
COMMANDS: dict[str, tuple[str, str]] = {
    "repair": ("repair", "Repair damaged Chinese text."),
    "decode": ("decode", "Print a page's encoding and what decided it."),
    "extract": ("extract", "Take the article's fields from a saved page."),
    "sites": ("sites", "List, show and check site files."),
    "crawl": ("crawl", "Crawl sites; exit 1 when nothing was found."),
    "health": ("health", "Print what needs a person, one line a site."),
    "schedule": ("schedule", "Show when sites are due; let the system crawl them."),
    "work": ("work", "Do the jobs of an archive's queue."),
    "jobs": ("jobs", "What the workers have to do."),
    "search": ("search", "Search the archive."),
    "show": ("show", "Show one article with its history."),
    "stats": ("stats", "Count what the archive holds."),
    "hits": ("hits", "Show hit counts as a series."),
    "reprints": ("reprints", "Print who reprinted whom."),
    "watch": ("watch", "Hear of news, changes and faults."),
    "serve": ("serve", "Look at the archive in a browser."),
    "cite": ("cite", "Cite articles after GB/T 7714, or as BibTeX, RIS or CSL-JSON."),
    "feed": ("feed", "Write a JSON Feed, an Atom or an RSS feed."),
    "export": ("export", "Write articles as CSV, XLSX, Parquet, WACZ …"),
    "describe": ("describe", "Write what Datasette shows of an archive."),
    "diary": ("diary", "Show what was asked of whom and when."),
    "import": ("import_", "Take in WARC files and old tables."),
    "report": ("report", "Reports on adoption, coverage and fields."),
    "reprocess": ("reprocess", "Derive everything again from the captures."),
    "verify": ("verify", "Check an archive for damage."),
    "backup": ("backup", "Copy an archive while it is in use."),
    "restore": ("restore", "Restore a backup."),
    "archive": ("archive", "Copy an archive to another file or server."),
    "vacuum": ("vacuum", "Give unused space back."),
    "takedown": ("takedown", "Withdraw an article's text and captures."),
    "init": ("init", "Write a project of your own."),
    "practice-site": ("practice_site", "Serve the bundled practice sites on loopback."),
    "demo": ("demo", "Crawl the practice sites and show what came of it."),
}


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
        module = _imported(f"unioncrawl.commands.{module_name}")
        module.app._add_completion = False  # noqa: SLF001 - completion belongs to the whole, not to each command
        module.app.rich_markup_mode = None
        command = typer.main.get_command(module.app)
        command.name = cmd_name
        command.short_help = sentence
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - the same
        """Find the command that is called, and load no pydantic for its plain values."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is not None:
            take_plain_values(command, ctx)
        return name, command, rest

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - the same
        """Print the overview from the table; no command's module is imported for its sentence."""
        self._overview().format_help(ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - the same
        """Part the command's name and the options of the whole from the rest."""
        take_plain_values(self, ctx)  # not earlier: typer adds those of completion at last
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:  # noqa: ANN401 - the same
        """Complete a command's name from the table, without its module."""
        ctx.command = self._overview()  # typer asks the context's command for the names
        completed: list[Any] = ctx.command.shell_complete(ctx, incomplete)
        return completed

    def _overview(self) -> TyperGroup:
        listed = [TyperCommand(name, short_help=sentence) for name, (_, sentence) in COMMANDS.items()]
        return TyperGroup(
            name=self.name, commands=listed, params=self.params, help=self.help, rich_markup_mode=None
        )


def _imported(name: str) -> ModuleType:
    """Import a module; what it brings stays, so that no collection looks at it, nor the one at the end."""
    if name in sys.modules:
        return sys.modules[name]
    with collecting_later():
        module = importlib.import_module(name)
        gc.freeze()
    return module


# Help and errors are plain text: to load what draws boxes takes typer 0.2 CPU-seconds (Markdown, Pygments).
app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(value: bool) -> None:  # noqa: FBT001 - typer calls it with the flag's value
    if value:
        say(f"unioncrawl {__version__} ({'native' if is_native() else 'pure Python'})")
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
    if not any(name.upper().startswith("UNIONCRAWL_") for name in os.environ):
        return
    from unioncrawl.settings import unknown_names  # noqa: PLC0415 - not without a setting

    for name, meant in unknown_names(os.environ):
        say(f"unioncrawl: the environment variable {name} is no setting of unioncrawl. {meant}", err=True)


# A process that a signal ended exits with this and the signal's number: 130 is Ctrl-C, 143 SIGTERM.
_BY_SIGNAL = 128
_STOPPED = _BY_SIGNAL + signal.SIGINT


def main() -> None:
    """Run the command line; print what the disk, the terminal or a `UnioncrawlError` says, and exit 1."""
    try:
        try:
            _run()
        finally:
            # A disk may refuse the last block of what is printed, which Python keeps until it ends.
            sys.stdout.flush()
    except UnioncrawlError as error:
        _fail(str(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except UnicodeEncodeError as error:
        _fail(_narrow(error))
    except OSError as error:
        _fail(_refused(error))


def _run() -> None:
    """Run a command; SIGTERM ends it as Ctrl-C does, so that it keeps and says what it has done.

    Who starts a command in the background, as a shell's ``&`` does, lets it ignore Ctrl-C.
    """
    stopped_by: list[int] = []

    def stop(number: int, _frame: object) -> NoReturn:
        stopped_by.append(number)
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        app()
    except SystemExit as ended:
        if ended.code == _STOPPED and stopped_by:
            sys.exit(_BY_SIGNAL + stopped_by[0])
        raise


def _fail(message: str) -> NoReturn:
    """Print a sentence on stderr, and exit 1 without another try to print what is left."""
    say(f"unioncrawl: {message}", err=True)
    with contextlib.suppress(OSError, ValueError):
        # What waits in the buffer would be refused again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(1)


def _narrow(error: UnicodeEncodeError) -> str:
    sign = error.object[error.start : error.start + 1]
    return (
        f"the output can't be written in {error.encoding}, which has no {sign!a}."
        " Set PYTHONIOENCODING=utf-8, or a locale of UTF-8 (LC_ALL=C.UTF-8)."
    )


def _refused(error: OSError) -> str:
    what, reason = error.filename, error.strerror or str(error)
    if what is None:
        return f"the output can't be written: {reason}. Free space there, or write to another place."
    return f"{what} can't be used: {reason}. Check the name, the permissions and the free space."
