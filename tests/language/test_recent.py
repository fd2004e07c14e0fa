"""Tests for `unioncrawl.language.recent` and what the n-gram table keeps by it."""

from __future__ import annotations

from itertools import product

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.ngram_table import HISTORIES_KEPT, ROWS_KEPT
from unioncrawl.language.recent import Recent


def test_what_is_used_stays_and_what_is_not_goes() -> None:
    """A value that is used now and then stays, however many others come; of those a bounded number stays."""
    recent: Recent[int] = Recent(10)
    recent.keep("工会", 1)
    for number in range(1_000):
        recent.keep(f"职工{number}", number)
        assert recent.young.get("工会") or recent.older("工会") == 1
    assert len(recent) <= 20
    assert recent.young.get("职工0") is recent.older("职工0") is None


def test_the_rows_of_the_language_do_not_grow_with_what_was_read() -> None:
    """After thousands of histories the table holds a bounded number of them, and of their rows."""
    table = load_lexicon()._table
    for history in map("".join, product(table.alphabet[20:140], repeat=2)):
        table.after(history)
    assert len(table._kept) <= 2 * ROWS_KEPT
    assert len(table._rows) <= 2 * HISTORIES_KEPT
