from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.run_command import run, run_json


@pytest.mark.parametrize("kind", ["coverage", "fields", "adoption"])
def test_reports_are_tables_or_files(reprinted: str, tmp_path: Path, kind: str) -> None:
    """As JSON, as a table, and as a file in each format."""
    run_json(reprinted, "report", kind)
    assert run(reprinted, "report", kind).stdout
    for ending in ("html", "csv", "xlsx"):
        run(reprinted, "report", kind, "-o", str(tmp_path / f"{kind}.{ending}"))
        assert (tmp_path / f"{kind}.{ending}").stat().st_size > 50
    run(reprinted, "report", kind, "-o", str(tmp_path / "x.doc"), expected=2)


@pytest.mark.parametrize(
    "options", [["--from", "2024-05", "--to", "2024-04"], ["--weight", "planet=3"], ["--from", "2024-13"]]
)
def test_adoption_refuses_months_and_levels_that_are_none(reprinted: str, options: list[str]) -> None:
    """A span that ends before it begins, an unknown level and a thirteenth month are wrong calls."""
    run(reprinted, "report", "adoption", *options, expected=2)
