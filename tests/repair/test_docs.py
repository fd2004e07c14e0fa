"""The examples of docs/repair.md."""

from __future__ import annotations

import doctest
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


def test_the_examples_of_the_page_on_repair_are_true() -> None:
    """Every example that the page shows gives what it says."""
    result = doctest.testfile(str(DOCS / "repair.md"), module_relative=False, encoding="utf-8")
    assert result.attempted > 4
    assert result.failed == 0
