from __future__ import annotations

from typing import Annotated, Literal

import pytest
import typer

from unioncrawl.commands._plain_values import take_plain_values

app = typer.Typer()


@app.command()
def asked(  # noqa: PLR0913 - one of each kind
    ctx: typer.Context,
    *,
    word: Annotated[str, typer.Option(envvar="LINXI_WORD")] = "",
    count: Annotated[int, typer.Option(min=0, max=100)] = 20,
    hours: Annotated[float, typer.Option(min=0, max=36)] = 30,
    order: Annotated[Literal["newest", "relevance"] | None, typer.Option()] = None,
    unit: Annotated[list[str] | None, typer.Option()] = None,
    flag: Annotated[bool, typer.Option("--flag")] = False,
) -> None:
    """Print what the command got."""
    typer.echo([word, count, hours, order, unit, flag, sorted(ctx.params)])


_PLAIN = {
    *((), ("--word", "临溪市总工会"), ("--word", ""), ("--count", "007"), ("--count", "0")),
    *(("--hours", "36"), ("--order", "relevance"), ("--flag",)),
    ("--unit", "东河县总工会", "--unit", "临溪市总工会"),
}
_NOT_PLAIN = {
    *(("--count", "-1"), ("--count", "101"), ("--count", "１２"), ("--count", " 7"), ("--count", "1_0")),
    *(("--count", "9" * 40), ("--count", "7.0"), ("--count", "七"), ("--count", ""), ("--count", "²")),
    *(("--hours", "1.5"), ("--hours", "nan"), ("--hours", "inf"), ("--hours", "37"), ("--hours", "1e1")),
    *(("--order", "Newest"), ("--order", ""), ("--word", "\udce5"), ("--unit", "\udce5")),
}


def _answer(arguments: tuple[str, ...], *, plainly: bool) -> tuple[int, str]:
    command = typer.main.get_command(app)
    if plainly:
        with command.make_context("asked", [], resilient_parsing=True) as ctx:
            take_plain_values(command, ctx)
    try:
        command(list(arguments), standalone_mode=False)
    except typer.TyperException as error:
        return 2, error.format_message()
    return 0, ""


@pytest.mark.parametrize("arguments", sorted(_PLAIN | _NOT_PLAIN), ids=ascii)
def test_a_command_gets_what_typer_would_give_it(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """A value that is taken as it is and one that typer converts are the same, and so is each refusal."""
    assert _answer(arguments, plainly=True) == _answer(arguments, plainly=False)
    printed = capsys.readouterr().out.splitlines()
    assert printed[: len(printed) // 2] == printed[len(printed) // 2 :]
