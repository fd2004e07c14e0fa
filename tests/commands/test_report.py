from __future__ import annotations

from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.commands.run_command import run, run_json
from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.sites.profile import Level, SiteProfile


@pytest.mark.parametrize("kind", ["coverage", "fields", "adoption"])
def test_reports_are_tables_or_files(reprinted: str, tmp_path: Path, kind: str) -> None:
    """As JSON, as a table, and as a file in each format."""
    run_json(reprinted, "report", kind)
    assert run(reprinted, "report", kind).stdout
    for ending in ("html", "csv", "xlsx"):
        run(reprinted, "report", kind, "-o", str(tmp_path / f"{kind}.{ending}"))
        assert (tmp_path / f"{kind}.{ending}").stat().st_size > 50
    run(reprinted, "report", kind, "-o", str(tmp_path / "x.doc"), expected=2)


def test_adoption_refuses_a_unit_that_nothing_names(reprinted: str) -> None:
    """A unit that neither a site nor an article names is a mistake, not a row of zeros."""
    found = run(reprinted, "report", "adoption", "--unit", "临溪市总公会", expected=1)
    assert "临溪市总公会" in str(found.exception)


def test_adoption_leaves_practice_sites_out(tmp_path: Path) -> None:
    """Without --unit the units are those of real sites; an archive of practice sites alone names none."""
    address = archive_at(tmp_path / "a.db")
    with Archive.open(address) as archive:
        for key, level in (("practice-asp", Level.PRACTICE), ("linxi", Level.CITY)):
            profile = SiteProfile(id=key, name=f"{key}工会", level=level, family="x", hosts=("l.cn",))
            archive.ensure_site(profile)
    assert {row["unit"] for row in run_json(address, "report", "adoption")} == {"linxi工会"}


@pytest.mark.parametrize("arguments", [("report", "fields"), ("reprints",)])
def test_tables_fit_eighty_columns(
    reprinted: str, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    """In 80 columns no name of a column is cut and no line is longer."""
    monkeypatch.setenv("COLUMNS", "80")
    if arguments[-1] == "fields":
        arguments = (*arguments, "--days", "36500")
    shown = run(reprinted, *arguments).stdout
    assert "…" not in shown
    assert max(map(cell_len, shown.splitlines())) <= 80
    for name in ("published_at", "photographer") if "fields" in arguments else ("published", "changed"):
        assert name in shown


@pytest.mark.parametrize(
    "options", [["--from", "2024-05", "--to", "2024-04"], ["--weight", "planet=3"], ["--from", "2024-13"]]
)
def test_adoption_refuses_months_and_levels_that_are_none(reprinted: str, options: list[str]) -> None:
    """A span that ends before it begins, an unknown level and a thirteenth month are wrong calls."""
    run(reprinted, "report", "adoption", *options, expected=2)
