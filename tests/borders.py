"""Texts that are just short and just long enough: the border of each limit, from both sides."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

_CASES = Path(__file__).parent / "cases" / "borders.json"
Reads = Callable[[str], object]


def border_cases(room: str) -> list[dict[str, Any]]:
    """The cases of a room: ``fill`` stands ``expected`` times for ``{}``, the most or least that is read."""
    cases: list[dict[str, Any]] = json.loads(_CASES.read_text(encoding="utf-8"))[room]
    return cases


def check_border(case: dict[str, Any], readers: dict[str, Reads]) -> None:
    """The text at the border is read, and the one beyond it is not."""
    reads, last = readers[case["reads"]], case["expected"]
    beyond = last + (1 if case["edge"] == "most" else -1)
    texts = [case["original"].replace("{}", case["fill"] * times) for times in (last, beyond)]
    assert [bool(reads(text)) for text in texts] == [True, False]


def name_of(case: dict[str, Any]) -> str:
    """What a case is called in a report."""
    return f"{case['reads']}: {case['label']}"
