from __future__ import annotations

from tests.commands.run_command import run, run_json
from unioncrawl.errors import ArticleNotFound


def test_reprints_shows_who_was_first(reprinted: str) -> None:
    """The group of an article, first publisher first, with the lag."""
    (group,) = run_json(reprinted, "reprints", "2")
    assert [(one["site"], one["lag_seconds"]) for one in group["members"]] == [("a", 0), ("b", 86400)]
    assert "first by date" in run(reprinted, "reprints").stdout


def test_reprints_of_what_is_no_article_is_reported(reprinted: str) -> None:
    """A number beyond any database's is as little an article as one that is not there."""
    for reference in ("99", "9" * 30, "http://nowhere/"):
        result = run(reprinted, "reprints", reference, expected=1)
        assert isinstance(result.exception, ArticleNotFound)
