"""How roundups look: how much of a story they take, the headings, the frame, when they arrive."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.material.edits import Lines

_NUMERALS = "一二三四五六七八九十"


def half(lines: Sequence[str]) -> Lines:
    """Return the first half, to the end of a sentence."""
    text = "\n".join(lines)
    return text[: text.find("。", len(text) // 2) + 1].split("\n")


CUTS: dict[str, Callable[[Sequence[str]], Lines]] = {
    "whole": list,
    "half": half,
    "first paragraphs": lambda lines: list(lines[:2]),
}
HEADINGS: dict[str, Callable[[int, str, str], Lines]] = {
    "own titles": lambda _, title, __: [title],
    "own titles, 一、": lambda place, title, _: [f"{numeral(place)}、{title}"],
    "own titles, 1.": lambda place, title, _: [f"{place}.{title}"],
    "other titles": lambda _, __, other: [other],
    "no titles": lambda _, __, ___: [],
}
FRAMES = {"no frame": (), "introduction": (0,), "closing note": (1,), "both": (0, 1)}
ARRIVALS = ("after its stories", "before its stories", "among its stories")


def numeral(number: int) -> str:
    """Return a number of one or two digits as it stands before a heading."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else _NUMERALS[tens - 1] * (tens > 1) + "十") + (
        "" if not ones else _NUMERALS[ones - 1]
    )
