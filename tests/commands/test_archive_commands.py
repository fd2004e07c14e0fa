from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from unioncrawl import outcomes
from unioncrawl.archive.store import Archive
from unioncrawl.cli import app
from unioncrawl.errors import ArchiveNotFound, ArticleNotFound, QueryError
from unioncrawl.model import Article, FieldStep, HitsStatus, Rejection, Step

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)


@pytest.fixture
def address(tmp_path: Path) -> str:
    """An archive of two articles, one seen twice and edited."""
    path = str(tmp_path / "archive.db")
    step = FieldStep("title", Step("pinyin-note", 2, 8, "(gōng)", "", 0.9))
    first = Article(
        url="http://example.cn/1.html", site="xian", title="总工会送清凉",
        body_text="市总工会慰问一线环卫职工两千人。",
        published_at=TIME, fetched_at=TIME, hits=3, hits_status=HitsStatus.PAGE, steps=(step,),
    )  # fmt: skip
    with Archive.open(path) as archive:
        number = archive.begin_run("xian", {})
        archive.store(first, number)
        archive.store(
            Article(url="http://example.cn/2.html", site="other", title="别的", fetched_at=TIME), number
        )
        archive.reject(
            Rejection(url="http://example.cn/3", site="xian", stage="validate", reason=outcomes.NO_TITLE),
            number,
        )
        archive.finish_run(number, {}, "finished")
    return path


def _run(address: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--archive", address])


def _json(address: str, *arguments: str) -> Any:
    result = _run(address, *arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_search_answers_in_json(address: str) -> None:
    """The answer has the total and the documented keys of each result."""
    answer = _json(address, "search", "工会")
    assert answer == {
        "total": 1,
        "total_is_estimate": False,
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
    assert _json(address, "search", "工会", *options)["total"] == total


def test_search_shows_chinese(address: str) -> None:
    """Without --json a reader sees title, site, date and the number found."""
    output = _run(address, "search", "工会").stdout
    assert "总工会送清凉" in output
    assert "2024-04-08" in output
    assert "1 found" in output


@pytest.mark.parametrize("reference", ["1", "http://example.cn/1.html"])
def test_show_tells_the_history(address: str, reference: str) -> None:
    """By number or URL: fields, revisions, steps, observations, capture."""
    record = _json(address, "show", reference)
    assert record["title"] == "总工会送清凉"
    assert record["steps"][0]["kind"] == "pinyin-note"
    assert [row["number"] for row in record["revisions"]] == [1]
    assert record["observations"][0]["hits"] == 3
    assert record["capture"] is None
    assert "history" in _run(address, "show", reference).stdout


def test_stats_counts(address: str) -> None:
    """What sites published is told apart from what was derived again or withdrawn."""
    assert _json(address, "stats") == {
        "sites": 2,
        "articles": 2,
        "revisions": 2,
        "edits": 0,
        "rederived": 0,
        "withdrawn": 0,
        "observations": 2,
        "captures": 0,
        "rejections": 1,
        "repaired": 1,
    }


def test_feed_is_printed_or_written(address: str, tmp_path: Path) -> None:
    """To a file with -o, else on stdout; --query narrows."""
    feed = json.loads(_run(address, "feed", "--query", "工会").stdout)
    assert [item["url"] for item in feed["items"]] == ["http://example.cn/1.html"]
    path = tmp_path / "feeds" / "all.atom"
    assert _run(address, "feed", "--format", "atom", "-o", str(path)).exit_code == 0
    assert path.read_text().count("<entry>") == 2


def test_failures_name_the_next_step(address: str, tmp_path: Path) -> None:
    """No archive, no article and an unreadable query are told with what to do."""
    missing = str(tmp_path / "none.db")
    for arguments, where, error in (
        (["stats"], missing, ArchiveNotFound),
        (["show", "99"], address, ArticleNotFound),
        (["show", "9" * 5000], address, ArticleNotFound),
        (
            ["export", "-o", str(tmp_path / "a.jsonl"), "--since-cursor", "r" + "9" * 5000],
            address,
            QueryError,
        ),
        (["search", "(工会"], address, QueryError),
    ):
        result = _run(where, *arguments)
        assert isinstance(result.exception, error)
        assert result.exception.next_step


def test_a_query_may_begin_with_minus(address: str) -> None:
    """-word is a query, no option; a misspelt option is still a wrong call."""
    everything = _json(address, "search", "")["total"]
    assert _json(address, "search", "-没有这个词")["total"] == everything
    assert CliRunner().invoke(app, ["search", "工会", "--limt", "5", "--archive", address]).exit_code == 2
