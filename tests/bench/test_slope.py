from __future__ import annotations

import csv
import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench import slope
from bench.slope_report import report


def test_every_part_of_the_writing_is_there() -> None:
    """Each function of the table can be found; a renamed one would count for another part."""
    for name in (one for names in slope.PARTS.values() for one in names):
        module, _, path = name.partition(":")
        holder = importlib.import_module(module)
        for part in path.split("."):
            holder = getattr(holder, part)
        assert callable(holder)


# The functions are wrapped for good: a process of its own.
_SMALL = """
import sys
from pathlib import Path
from bench import slope
from bench.material.news import News
slope.STEP, slope.MARKS, slope.fixed_loop = 120, (240,), lambda: 0.1
slope.News = lambda: News(drawn=60_000)
slope.measure(Path(sys.argv[1]), sys.argv[2], 240)
"""


def test_a_run_that_is_broken_off_leaves_its_rows(tmp_path: Path) -> None:
    """Each step adds a row whose parts make up its whole; at a mark searches are timed too."""
    figures = tmp_path / "figures.csv"
    subprocess.run(
        [sys.executable, "-c", _SMALL, figures, tmp_path / "archive.db"],
        check=True,
        cwd=Path(__file__).parents[2],
    )
    with figures.open(newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    assert [row["articles"] for row in rows] == [120, 240]
    for row in rows:
        assert row["write"] == pytest.approx(sum(row[part] for part in slope.PARTS), abs=0.01)
        assert row["write"] > row["reprints"] > 0
        assert row["index"] > 0
        assert row["server"] == 0
        assert row["bytes"] > row["text"] > 0
    (searches,) = map(json.loads, figures.with_suffix(".searches.jsonl").read_text().splitlines())
    assert searches["articles"] == 240
    assert searches["newest"]["longest"] >= searches["newest"]["median"] > 0
    assert any(line.startswith("index ") for line in report(figures))
