"""What runs on SQLite alone is named in one place."""

from __future__ import annotations

import re

import pytest

from tests.processes import ROOT
from tests.sqlite_only import REASONS, reason


@pytest.mark.parametrize("name", REASONS)
def test_what_is_left_out_is_there(name: str) -> None:
    """Each name is that of a module or of a test in it, and its reason is words."""
    path, _, test = name.partition("::")
    text = (ROOT / path).read_text(encoding="utf-8")
    assert not test or re.search(rf"^def {re.escape(test)}\(", text, re.MULTILINE)
    assert " " in REASONS[name]


def test_all_cases_of_a_test_and_all_tests_of_a_module_are_meant() -> None:
    """A name stands for the cases of a test, and a module for its tests; a longer name is another test."""
    assert reason("tests/guard/test_flips.py::test_x") == REASONS["tests/guard/test_flips.py"]
    assert reason("tests/archive/test_store.py::test_sqlite_settings[1]") is not None
    assert reason("tests/archive/test_store.py::test_sqlite_settings_of_others") is None
