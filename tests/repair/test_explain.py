"""Tests for `unioncrawl.repair.explain`: what a person is shown of a repair."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.model import Repaired, Step, Unresolved
from unioncrawl.repair.explain import explain, explained_lines


def _steps(count: int) -> tuple[str, Repaired]:
    """A text in which each of so many notes is dropped, and every other space after it then."""
    first = tuple(Step("note", 4 * n, 4 * n + 1, "*", "会", 1.0) for n in range(count))
    second = tuple(Step("space", 3 * n + 3, 3 * n + 4, " ", "", 1.0) for n in range(count))
    return "*员工 " * count, Repaired("会员工" * count, (*first, *second))


@given(st.lists(st.sampled_from(("*", "工", "\n", " ")), max_size=30).map("".join))
def test_spots_say_the_texts_before_and_after(text: str) -> None:
    """The spots of every line, put together, are the lines of the input and of the output."""
    starts = [place for place, sign in enumerate(text) if sign == "*"]
    after = text.replace("*", "会")
    steps = tuple(Step("note", place, place + 1, "*", "会", 1.0) for place in starts)
    left = tuple(Unresolved(place, place + 1, "lost") for place, sign in enumerate(text) if sign == " ")
    shown = {line.number: line.spots for line in explain(text, Repaired(after, steps, left))}
    for number, (old, new) in enumerate(zip(text.split("\n"), after.split("\n"), strict=True), 1):
        assert (number in shown) == ("*" in old or " " in old)
        spots = shown.get(number, ())
        if spots:
            assert "".join(spot.before for spot in spots) == old
            assert "".join(spot.after for spot in spots) == new
        assert {spot.after for spot in spots if spot.reason} <= {" "}


def test_a_later_repair_joins_what_an_earlier_one_changed() -> None:
    """A step over two changed spots makes one of them, with all three steps."""
    steps = (
        Step("note", 0, 1, "*", "会", 1.0),
        Step("note", 2, 3, "*", "会", 0.5),
        Step("script", 0, 3, "会员会", "会员们", 0.9),
    )
    (line,) = explain("*员*。", Repaired("会员们。", steps))
    assert [(spot.before, spot.after, len(spot.steps)) for spot in line.spots] == [
        ("*员*", "会员们", 3),
        ("。", "。", 0),
    ]


def test_lines_after_a_change_that_spans_lines_keep_their_numbers() -> None:
    """A changed spot with a line break in it counts to its first line, and the lines after it count on."""
    steps = (Step("join", 1, 2, "*", "\n", 1.0),)
    lines = list(explained_lines("工*会\n好", Repaired("工\n会\n好", steps)))
    assert [(line.number, "".join(spot.after for spot in line.spots)) for line in lines] == [
        (1, "工\n会"),
        (3, "好"),
    ]


def test_time_grows_with_the_number_of_steps() -> None:
    """Four times as many steps take four times as long, not sixteen times."""
    once, longer = (min(_seconds(count) for _ in range(3)) for count in (2_000, 8_000))
    assert longer < 9 * once


def _seconds(count: int) -> float:
    text, repaired = _steps(count)
    start = time.thread_time()
    explain(text, repaired)
    return time.thread_time() - start
