"""Cells that no spreadsheet runs, and the texts that they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.spreadsheet_cells import csv_cell, runs_as_formula, text_of_cell

_HIDING = [
    *("", " ", "\u00a0", "\u3000", "\t", "\r", "\n", "\0", "\x0b", "\x1f", "\x7f", "\x85"),
    *("\ufeff", "\u200b", "\u200d", "\u200e", "\u202e", "\u2060", "\u2066", "\u00ad", "\u061c", "\u180e"),
    *("\u034f", "\ufe0f", "\U000e0001", "\ue000", "\u2028", "\u2029", "\ufeff\u200b \u202e"),
]


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠﹦﹢﹣﹫−"))
@pytest.mark.parametrize("hiding", _HIDING)
def test_nothing_hides_a_formula(hiding: str, sign: str) -> None:
    """A sign that begins a formula is guarded in every width, whatever invisible stands before it."""
    text = f"{hiding}{sign}cmd|' /C calc'!A0"
    assert csv_cell(text) == f"'{text}"
    assert text_of_cell(f"'{text}") == text


@pytest.mark.parametrize(
    "text", ["总工会", "1+1", "（=）", "'五一'奖章", "\ufeff总工会", "★=先进", "", " ", "'", "\u200b"]
)
def test_a_text_stays_as_it_is(text: str) -> None:
    """What begins otherwise is not a formula and gets no guard."""
    assert csv_cell(text) == text


@pytest.mark.parametrize("number", [-5, -5.5, 0, 10**15, True])
def test_a_number_stays_a_number(number: float) -> None:
    """A negative number of a numeric column is not a formula either."""
    assert csv_cell(number) is number


@given(st.text(alphabet=st.sampled_from("'=＝+-@ \t\n\ufeff\u200b工会1"), max_size=8) | st.text(max_size=5))
def test_every_text_comes_back(text: str) -> None:
    """A cell gives its text back, guarded or not, and no cell runs."""
    cell = csv_cell(text)
    assert isinstance(cell, str)
    assert text_of_cell(cell) == text
    assert cell.startswith("'") or not runs_as_formula(cell)
