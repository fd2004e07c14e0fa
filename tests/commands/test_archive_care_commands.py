from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from unioncrawl.archive.store import Archive
from unioncrawl.cli import app
from unioncrawl.commands._console import busy
from unioncrawl.errors import ArticleNotFound
from unioncrawl.model import Article, HitsStatus

TIME = datetime(2024, 4, 8, 1, 32, 34, tzinfo=UTC)
BODY = "市总工会领导到一线慰问环卫职工，送去清凉饮料和防暑药品，叮嘱大家注意安全，合理安排作息时间。"


@pytest.fixture
def address(tmp_path: Path) -> str:
    """A story, its reprint a day later, and an edit of the story with more hits."""
    path = str(tmp_path / "data" / "archive.db")
    with Archive.open(path) as archive:
        number = archive.begin_run("x", {})
        for site, title, day, hits in (
            ("a", "送清凉", 0, 10),
            ("b", "送清凉", 1, 5),
            ("a", "送清凉(更新)", 2, 30),
        ):
            archive.store(
                Article(
                    url=f"http://{site}/1",
                    site=site,
                    title=title,
                    body_text=BODY,
                    published_at=TIME + timedelta(days=day if site == "b" else 0),
                    fetched_at=TIME + timedelta(days=day),
                    hits=hits,
                    hits_status=HitsStatus.PAGE,
                ),
                number,
            )
        archive.finish_run(number, {}, "finished")
    return path


def _run(address: str, *arguments: str, expected: int = 0) -> Result:
    result = CliRunner().invoke(app, [*arguments, "--archive", address])
    assert result.exit_code == expected, (result.output, result.exception)
    return result


def _json(address: str, *arguments: str) -> Any:
    return json.loads(_run(address, *arguments, "--json").stdout)


def test_hits_tells_the_series_and_the_ranking(address: str) -> None:
    """By article each visit; without one, a ranking by growth."""
    assert [one["hits"] for one in _json(address, "hits", "http://a/1")] == [10, 30]
    ranking = _json(address, "hits", "--since", "2024-04-09")
    assert [(one["site"], one["gained"]) for one in ranking] == [("a", 20), ("b", 5)]
    assert "点击量" in _run(address, "hits", "1").stdout


def test_reprints_tells_who_was_first(address: str) -> None:
    """The group of an article, first publisher first, with the lag."""
    (group,) = _json(address, "reprints", "2")
    assert [(one["site"], one["lag_seconds"]) for one in group["members"]] == [("a", 0), ("b", 86400)]
    assert "first by date" in _run(address, "reprints").stdout


def test_reprints_of_what_is_no_article_is_told(address: str) -> None:
    """A number beyond any database's is as little an article as one that is not there."""
    for reference in ("99", "9" * 30, "http://nowhere/"):
        result = _run(address, "reprints", reference, expected=1)
        assert isinstance(result.exception, ArticleNotFound)


def test_show_diff_tells_the_change(address: str) -> None:
    """The change between two revisions, marked."""
    assert "{+(更新)+}" in _run(address, "show", "1", "--diff", "1..2").stdout
    assert list(_json(address, "show", "1", "--diff", "last")) == ["title"]


def test_export_writes_file_and_package(address: str, tmp_path: Path) -> None:
    """The ending tells the format; the next cursor is told; without -o rows are printed."""
    result = _run(address, "export", "--query", "site:a", "-o", str(tmp_path / "out" / "a.csv"))
    assert "--since-cursor r3" in result.stderr
    assert (tmp_path / "out" / "datapackage.json").exists()
    assert len(_run(address, "export").stdout.splitlines()) == 2
    assert len(_run(address, "export", "site:a").stdout.splitlines()) == 1


def test_import_reports_changes(address: str, tmp_path: Path) -> None:
    """A dry run writes nothing; a real one stores the rows and the report."""
    (tmp_path / "old.jsonl").write_text(
        json.dumps({"title": "總工會(huì)送溫暖", "body_text": "工會(huì)慰問"})
    )
    command = ["import", str(tmp_path / "old.jsonl"), "--site", "old"]
    assert _json(address, *command, "--dry-run")["written"] is False
    assert _json(address, "stats")["articles"] == 2
    _run(address, *command, "--report", str(tmp_path / "changes.csv"))
    assert _json(address, "stats")["articles"] == 3
    assert "总工会送温暖" in (tmp_path / "changes.csv").read_text("utf-8-sig")


def test_reprocess_is_a_dry_run_first(address: str) -> None:
    """Without --apply nothing is written; without captures that is told."""
    report = _json(address, "reprocess", "--workers", "1")
    assert (report["applied"], report["problems"]) == (False, {"no capture is kept": 2})
    assert _json(address, "reprocess", "--stage", "repair", "--workers", "1", "--apply")["seen"] == 2
    _run(address, "reprocess", "--site", "nosuch", expected=1)


@pytest.mark.parametrize("kind", ["coverage", "fields", "adoption"])
def test_reports_are_tables_or_files(address: str, tmp_path: Path, kind: str) -> None:
    """As JSON, as a table, and as a file in each format."""
    _json(address, "report", kind)
    assert _run(address, "report", kind).stdout
    for ending in ("html", "csv", "xlsx"):
        _run(address, "report", kind, "-o", str(tmp_path / f"{kind}.{ending}"))
        assert (tmp_path / f"{kind}.{ending}").stat().st_size > 50
    _run(address, "report", kind, "-o", str(tmp_path / "x.doc"), expected=2)


def test_care_from_backup_to_takedown(address: str, tmp_path: Path) -> None:
    """Verify, back up, vacuum, take down, and restore what was before."""
    assert _json(address, "verify") == {"sound": True, "findings": []}
    _run(address, "backup", str(tmp_path / "backup"))
    _run(address, "vacuum", "--reindex", "--regroup", "--drop-captures-before", "2020")
    _run(address, "takedown", "1", "--reason", "当事人要求", expected=1)
    _run(address, "takedown", "1", "--reason", "当事人要求", "--yes")
    assert _json(address, "search", "清凉")["total"] == 1
    restored = str(tmp_path / "restored" / "archive.db")
    _run(restored, "restore", str(tmp_path / "backup"))
    assert _json(restored, "search", "清凉")["total"] == 2
    assert _json(restored, "verify")["sound"] is True


def test_verify_fails_loudly(address: str, tmp_path: Path) -> None:
    """Something wrong is exit code 1 and says what to do."""
    (tmp_path / "data" / "captures").mkdir()
    (tmp_path / "data" / "captures" / "left.warc.gz").write_bytes(b"")
    result = _run(address, "verify", expected=1)
    assert "left.warc.gz" in result.stdout
    assert "unioncrawl import" in result.stdout


def test_verify_tells_a_torn_database_to_machines_too(address: str) -> None:
    """A database that can't even be opened is a finding, in JSON as in words."""
    path = Path(address)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    told = json.loads(_run(address, "verify", "--json", expected=1).stdout)
    assert told["sound"] is False
    assert told["findings"][0]["check"] == "database"
    assert "restore" in told["findings"][0]["next_step"]


@pytest.mark.parametrize("options", [["-o", "x.txt"], ["--by", "site"], ["--format", "parquet"]])
def test_export_refuses_what_it_cannot_do(address: str, options: list[str]) -> None:
    """A name that tells no format, strata without a sample and a table on the terminal are wrong calls."""
    _run(address, "export", *options, expected=2)


def test_hits_tells_what_it_cannot_rank(address: str) -> None:
    """A site that is not there and a date that is none are errors with what would be right."""
    assert "It has a, b" in str(_run(address, "hits", "--site", "nosuch", expected=1).exception)
    told = str(_run(address, "hits", "--since", "foo", expected=1).exception)
    assert told.startswith("foo can't be taken: since: needs a date")
    assert "No visit" in _run(address, "hits", "--since", "2099").stderr


@pytest.mark.parametrize(
    "options", [["--from", "2024-05", "--to", "2024-04"], ["--weight", "planet=3"], ["--from", "2024-13"]]
)
def test_adoption_refuses_months_and_levels_that_are_none(address: str, options: list[str]) -> None:
    """A span that ends before it begins, an unknown level and a thirteenth month are wrong calls."""
    _run(address, "report", "adoption", *options, expected=2)


def test_long_commands_show_themselves_on_a_terminal_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal stderr tells what is done and how far it is; in a pipe it stays empty."""
    with busy("deriving again", lambda: "7 articles"):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    with busy("deriving again", lambda: "7 articles"):
        pass
    shown = capsys.readouterr()
    assert "deriving again … 7 articles" in shown.err
    assert shown.out == ""
