"""Splits a command for workers: a job for each file, or for each stretch of the archive's articles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import func, select

from unioncrawl.archive.opening.open_to_read import archive_to_read
from unioncrawl.archive.schema import article
from unioncrawl.service.jobs.tasks import HEAVY_TASKS

_MODULES = {"reprocess": "reprocess", "import": "import_", "repair": "repair"}
_OUTPUTS = {"-o", "--output"}


def jobs_of(command: str, given: Sequence[str], archive: str, each: int) -> list[list[str]]:
    """Return the arguments of each job that a command is split into; paths are full ones.

    Raises what the command itself would say of wrong options, `typer.BadParameter` of a wrong command.
    """
    if command not in HEAVY_TASKS:
        raise typer.BadParameter(", ".join(HEAVY_TASKS), param_hint="COMMAND")
    parsed: Any = typer.main.get_command(import_module(f"unioncrawl.commands.{_MODULES[command]}").app)
    # It raises for options that are wrong, before a worker meets them.
    parsed.make_context(command, list(given))
    options, files = _parted(parsed, given)
    if command == "reprocess":
        return [[*options, *ids] for ids in _stretches(options, archive, each)]
    if not files:
        raise typer.BadParameter("name files", param_hint="[FILE]...")
    if command == "import":
        return [[*options, str(Path(file).resolve())] for file in files]
    return [_repair_of(options, file) for file in files]


def _parted(command: Any, given: Sequence[str]) -> tuple[list[str], list[str]]:  # noqa: ANN401 - typer's own click is private
    """Part options with their values from files."""
    with_value = {
        name
        for one in command.params
        if one.param_type_name == "option" and not one.is_flag
        for name in one.opts
    }
    options, files, rest = list[str](), list[str](), list(given)
    while rest:
        word = rest.pop(0)
        if not word.startswith("-") or word == "-":
            files.append(word)
            continue
        options.append(word)
        if word in with_value and rest:
            options.append(_full(rest.pop(0)))
    return options, files


def _full(value: str) -> str:
    """The full path of a value that names a file; a worker's folder may be another one."""
    return str(Path(value).resolve()) if Path(value).exists() else value


def _stretches(options: Sequence[str], archive: str, each: int) -> Iterator[list[str]]:
    if "--ids" in options:
        yield []
        return
    with archive_to_read(archive) as connection:
        last = connection.execute(select(func.max(article.c.id))).scalar() or 0
    for first in range(1, last + 1, each):
        yield ["--ids", f"{first}-{min(first + each - 1, last)}"]


def _repair_of(options: Sequence[str], file: str) -> list[str]:
    """A job that goes on where a killed one has stopped; its output is a file in the folder of ``-o``."""
    place = next((at for at, word in enumerate(options) if word in _OUTPUTS), None)
    if place is None or not {"--jsonl", "--warc"} & set(options):
        raise typer.BadParameter("--jsonl or --warc, and a folder as -o", param_hint="repair")
    folder = Path(options[place + 1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    name = Path(file).name if "--jsonl" in options else f"{Path(file).name}.jsonl"
    rest = [word for at, word in enumerate(options) if at not in {place, place + 1} and word != "--resume"]
    return [*rest, "--resume", "-o", str(folder / name), str(Path(file).resolve())]
