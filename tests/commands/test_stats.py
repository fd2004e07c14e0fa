from __future__ import annotations

from pathlib import Path

from tests.commands.run_command import run, run_json
from unioncrawl.errors import ArchiveNotFound, ArticleNotFound, QueryError


def test_stats_counts(address: str) -> None:
    """What sites published is counted apart from what was derived again or withdrawn."""
    assert run_json(address, "stats") == {
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


def test_failures_name_the_next_step(address: str, tmp_path: Path) -> None:
    """No archive, no article and an unreadable query are reported with what to do."""
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
        result = run(where, *arguments, expected=1)
        assert isinstance(result.exception, error)
        assert result.exception.next_step
