from __future__ import annotations

import pytest
from typer.testing import CliRunner

from tests.commands.run_command import run, run_json
from unioncrawl.cli import app


def test_search_answers_inrun_json(address: str) -> None:
    """The answer has the total and the documented keys of each result."""
    answer = run_json(address, "search", "工会")
    assert answer == {
        "total": 1,
        "results": [
            {
                "id": 1,
                "title": "总工会送清凉",
                "url": "http://example.cn/1.html",
                "site": "xian",
                "source": "",
                "published_at": "2024-04-08T09:32:34+08:00",
                "hits": 3,
                "snippet": "市总⟦工会⟧慰问一线环卫职工两千人。",
            }
        ],
    }


@pytest.mark.parametrize(
    ("options", "total"),
    [(["--site", "other"], 0), (["--since", "2024-04-08"], 1), (["--until", "2024-04-07"], 0)],
)
def test_search_options_narrow(address: str, options: list[str], total: int) -> None:
    """--site, --since and --until narrow the query."""
    assert run_json(address, "search", "工会", *options)["total"] == total


def test_search_shows_chinese(address: str) -> None:
    """Without --json a reader sees title, site, date and the number found."""
    output = run(address, "search", "工会").stdout
    assert "总工会送清凉" in output
    assert "2024-04-08" in output
    assert "1 found" in output


def test_a_query_may_begin_with_minus(address: str) -> None:
    """-word is a query, no option; a misspelt option is still a wrong call."""
    everything = run_json(address, "search", "")["total"]
    assert run_json(address, "search", "-没有这个词")["total"] == everything
    assert CliRunner().invoke(app, ["search", "工会", "--limt", "5", "--archive", address]).exit_code == 2
