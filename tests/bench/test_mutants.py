"""The numbers that decide are found, changed and tried."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from bench import mutants as bench
from bench.material.mutant_rooms import ROOMS, Room, load_exempt
from bench.material.thresholds import find_thresholds, mutants, mutated

ROOT = Path(__file__).parents[2]
SOURCE = '''"""No threshold: {2,80} in prose."""
import re
_LONGEST = 40
_SHARE: float = 0.6
_MOST = 1 << 4
_FEW, _MANY = 3, 9
_LEAD = 0xA1
_NAME = re.compile(r"工会.{0,12}职工\\d{1,2}\\d{1,8}")
_TAIL = re.compile(rf"{_LEAD}.{{3,}}")


def 判断(text, parts):
    """Judge."""
    return len(text) > 2 * _LONGEST or len(parts) >= 3 or parts[2:] or len(parts) > 0
'''


def test_finds_what_decides() -> None:
    """Constants, compared numbers and limits of repetitions are found; 0, bytes and dates' digits are not."""
    found = [(threshold.holder, threshold.old) for threshold in find_thresholds("a.py", SOURCE)]
    assert found == [
        ("_LONGEST", "40"),
        ("_SHARE", "0.6"),
        ("_MOST", "1 << 4"),
        ("_FEW", "3"),
        ("_MANY", "9"),
        ("pattern", "12"),
        ("pattern", "8"),
        ("pattern", "3"),
        ("判断", "2"),
        ("判断", "3"),
    ]


def test_changes_one_number_and_nothing_else() -> None:
    """A mutant differs from the source in the number alone, Chinese before it or not, and still compiles."""
    for threshold in find_thresholds("a.py", SOURCE):
        for mutant in mutants(threshold):
            changed = mutated(SOURCE, mutant)
            assert changed[: threshold.start] == SOURCE[: threshold.start]
            assert changed[threshold.start :].removeprefix(mutant.new) == SOURCE[threshold.stop :]
            compile(changed, "a.py", "exec")


def test_refuses_a_source_that_has_changed() -> None:
    """A mutant of another text is an error, not a change somewhere."""
    mutant = mutants(find_thresholds("a.py", SOURCE)[0])[0]
    with pytest.raises(ValueError, match="no longer stands"):
        mutated("#" + SOURCE, mutant)


def test_shows_caught_from_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mutant that a test notices is caught, a mutant that no test notices is missed."""
    (tmp_path / "房").mkdir()
    code = '_HELD = 10\n_LOOSE = 10\n\n\ndef is_long(text):\n    """Judge."""\n    return len(text) > _HELD\n'
    (tmp_path / "房" / "rule.py").write_text(code, encoding="utf-8")
    (tmp_path / "test_rule.py").write_text(
        "from 房.rule import is_long\n\n\ndef test_border():\n"
        "    assert (is_long('工' * 10), is_long('工' * 11)) == (False, True)\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(bench, "ROOT", tmp_path)
    monkeypatch.setattr(bench, "_COPIED", ("房", "test_rule.py"))
    room = Room("room", "房", ("test_rule.py",))
    wanted = [mutants(held)[0] for held in find_thresholds("房/rule.py", code)]
    results = {
        one.mutant.split(" ", 1)[1]: one.outcome for one in bench.run_all([(room, one) for one in wanted], 2)
    }
    assert results == {"_HELD 10 -> 5": "caught", "_LOOSE 10 -> 5": "missed"}
    assert (tmp_path / "房" / "rule.py").read_text(encoding="utf-8") == code


def test_goes_on_where_it_was(tmp_path: Path) -> None:
    """Results are kept for the same code and tests, and a sample of one seed is the same again."""
    file = tmp_path / "kept.jsonl"
    result = bench.Result("page", "a.py:1 _A 2 -> 3", "missed")
    bench.Kept(file).add(result)
    assert bench.Kept(file).results == [result]
    file.write_text(file.read_text(encoding="utf-8").replace('"tree": "', '"tree": "x'), encoding="utf-8")
    assert bench.Kept(file).results == []
    found = bench.all_mutants(ROOMS)
    one, other = (bench.sampled(found, 40, random.Random(7)) for _ in range(2))  # noqa: S311 - a sample
    assert one == other and len(one) == 40  # noqa: PT018 - one sample


def test_every_exempt_number_exists() -> None:
    """The table of data names numbers that stand in the code, each once, and every room has its tests."""
    for path, holder, number in load_exempt():
        found = find_thresholds(path, (ROOT / path).read_text(encoding="utf-8"))
        assert (holder, number) in {(one.holder, one.old) for one in found}, (path, holder, number)
    for room in ROOMS.values():
        assert all((ROOT / test).exists() for test in room.tests), room


def test_the_command_lists_a_room() -> None:
    """``--list`` names file, line, old and new number."""
    command = [sys.executable, "-m", "bench.mutants", "--room", "write", "--list"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "unioncrawl/archive/write/column_values.py" in printed
    assert " -> " in printed
