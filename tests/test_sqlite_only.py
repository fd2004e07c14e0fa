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


def test_each_room_with_archives_is_run_on_postgresql() -> None:
    """No room whose tests take their archives from `tests.databases` is missing in the command's list.

    tests/faults has a PostgreSQL of its own where a server is meant.
    """
    script = (ROOT / "tools" / "test_postgresql.sh").read_text(encoding="utf-8")
    found = re.search(r"^for room in (.*); do$", script, re.MULTILINE)
    assert found is not None
    tests = ROOT / "tests"
    modules = (path for path in tests.glob("*/**/*.py") if "tests.databases" in path.read_text("utf-8"))
    rooms = {path.relative_to(tests).parts[0] for path in modules}
    assert rooms - {"faults"} <= set(found[1].split())
