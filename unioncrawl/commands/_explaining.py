"""How ``unioncrawl repair --explain`` looks: marks in a pipe, colours on a terminal."""

from __future__ import annotations

from rich.text import Text

from unioncrawl.commands._drawing import TerminalConsole
from unioncrawl.model import Repaired
from unioncrawl.repair.explain import ExplainedLine, Spot, explain, reasons


def print_explanation(text: str, repaired: Repaired) -> None:
    """Print on stderr each changed line, why it was changed, and how sure that is."""
    console = TerminalConsole(stderr=True, soft_wrap=True, highlight=False)
    lines = explain(text, repaired)
    for line in lines:
        console.print(_marked(line, colour=console.is_terminal))
        for spot in line.spots:
            for reason in reasons(spot) if spot.steps or spot.reason else ():
                console.print(Text(f"    {_short(spot)}  {reason}", style="dim"))
    counted = f"{len(repaired.steps)} steps, {len(repaired.unresolved)} spots left as they are"
    console.print(Text(counted, style="bold"))


def _marked(line: ExplainedLine, *, colour: bool) -> Text:
    """A line with what went in [-…-] and what came in {+…+}, or in red and green."""
    shown = Text(f"line {line.number}: ", style="bold")
    for spot in line.spots:
        if spot.reason:
            shown.append(spot.after if colour else f"[!{spot.after}!]", style="black on yellow")
        elif spot.steps:
            shown.append(spot.before if colour else f"[-{spot.before}-]", style="red strike")
            shown.append(spot.after if colour else f"{{+{spot.after}+}}", style="bold green")
        else:
            shown.append(spot.after, style="not bold")
    return shown


def _short(spot: Spot) -> str:
    return spot.after if spot.reason else f"{spot.before} -> {spot.after or 'nothing'}"
