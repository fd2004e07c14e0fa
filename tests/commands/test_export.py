from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.run_command import run


def test_export_writes_file_and_package(reprinted: str, tmp_path: Path) -> None:
    """The ending decides the format; the next cursor is printed; without -o rows are printed."""
    result = run(reprinted, "export", "--query", "site:a", "-o", str(tmp_path / "out" / "a.csv"))
    assert "--since-cursor r3" in result.stderr
    assert (tmp_path / "out" / "datapackage.json").exists()
    assert len(run(reprinted, "export").stdout.splitlines()) == 2
    assert len(run(reprinted, "export", "site:a").stdout.splitlines()) == 1


@pytest.mark.parametrize("options", [["-o", "x.txt"], ["--by", "site"], ["--format", "parquet"]])
def test_export_refuses_what_it_cannot_do(reprinted: str, options: list[str]) -> None:
    """An ending of no format, strata without a sample and a table on the terminal are wrong calls."""
    run(reprinted, "export", *options, expected=2)
