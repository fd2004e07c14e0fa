"""``unioncrawl extract`` prints a saved page's fields."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unioncrawl.commands.extract import app
from unioncrawl.rows import FIELDS

PAGES = Path(__file__).parents[1] / "sites"


@pytest.mark.parametrize(
    ("page", "title"), [("xunrui/placeholder-hits", True), ("blocked/aliyun-200", False), ("trs/list", False)]
)
def test_prints_json_with_all_keys(page: str, title: bool) -> None:  # noqa: FBT001 - parametrised
    """Whatever the page is, the document has exactly the promised keys."""
    file = PAGES / page / "page.html"
    result = CliRunner().invoke(app, [str(file), "--url", "http://www.example.org/1.html", "--json"])
    assert result.exit_code == 0
    row = json.loads(result.stdout)
    assert tuple(row) == FIELDS
    assert (row["title"] is not None) is title


def test_shows_a_person_the_reason() -> None:
    """Without --json a page that is not an article says why on stderr."""
    file = PAGES / "blocked" / "412" / "page.html"
    result = CliRunner().invoke(app, [str(file), "--status", "412"])
    assert "blocked: ruishu-challenge" in result.stderr
    assert "kind: blocked" in result.stdout


def test_explains_a_page_line_by_line() -> None:
    """--explain prints each line with what became of it; --json gives the same lines and the sums."""
    file = str(PAGES / "trs" / "editor-on-next-line" / "page.html")
    plain = CliRunner().invoke(app, [file, "--url", "http://www.example.org/1.html", "--explain"])
    rows = [line.split("\t") for line in plain.stdout.splitlines()]
    assert [row[1] for row in rows if row[3].startswith("版权所有")] == ["outside"]
    assert ["taken", "title"] in [row[1:3] for row in rows]
    answer = CliRunner().invoke(app, [file, "--url", "http://www.example.org/1.html", "--explain", "--json"])
    told = json.loads(answer.stdout)
    assert [[str(one["line"]), one["fate"], one["by"]] for one in told["lines"]] == [row[:3] for row in rows]
    assert sum(told["counts"].values()) == len(rows)
    assert f"kept {told['counts']['kept']}, " in plain.stderr
