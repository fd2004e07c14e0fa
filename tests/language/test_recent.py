"""Tests for `unioncrawl.language.recent` and what the n-gram table keeps by it."""

from __future__ import annotations

from itertools import product

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.ngram_table import ENTRIES_KEPT, HISTORIES_KEPT
from unioncrawl.language.recent import Recent

_LONGEST_ROW = 6_700


def test_what_is_used_stays_and_what_is_not_goes() -> None:
    """A value that is used now and then stays, however many others come; of those a bounded number stays."""
    recent: Recent[int] = Recent(10)
    recent.keep("工会", 1)
    for number in range(1_000):
        recent.keep(f"职工{number}", number)
        assert recent.young.get("工会") or recent.older("工会") == 1
    assert len(recent) <= 20
    assert recent.young.get("职工0") is recent.older("职工0") is None


def test_heavy_values_push_out_more() -> None:
    """What is allowed is weight, where values have one."""
    recent: Recent[str] = Recent(100, len)
    for number in range(50):
        recent.keep(str(number), "工" * 40)
    assert len(recent) <= 6


def test_the_rows_of_the_language_do_not_grow_with_what_was_read() -> None:
    """After thousands of histories the table holds a bounded number of rows and of their entries."""
    table = load_lexicon()._table
    for char in table.alphabet[:3000]:
        table.after(char)
    for history in map("".join, product(table.alphabet[20:140], repeat=2)):
        table.after(history)
    rows = {id(row): row for half in (table._kept.young, table._kept._old) for row in half.values()}
    assert sum(map(len, rows.values())) <= 2 * (ENTRIES_KEPT + _LONGEST_ROW)
    assert len(table._rows) <= 2 * HISTORIES_KEPT
