from __future__ import annotations

import json

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


def test_what_a_roundup_holds_is_shown_everywhere(roundup: str) -> None:
    """The reprints of an article, an article and an export name the stories held and their places."""
    held = {"article_id": 3, "part_article_id": 2, "start_at": 122, "end_at": 223, "share": 1.0}
    (alone,) = run_json(roundup, "reprints", "3")
    assert alone["id"] is None
    assert alone["members"][0]["contains"][1] == held
    line = "article 3 contains the story of article 2: characters 122 to 223, 100 % of it"
    for command in ("reprints", "show"):
        for number in ("2", "3"):
            assert line in run(roundup, command, number).stdout
    assert run_json(roundup, "show", "2")["contained_in"] == [held]
    rows = [json.loads(line) for line in run(roundup, "export").stdout.splitlines()]
    assert [len(row["contains"]) for row in rows] == [0, 0, 2]
    assert rows[1]["contained_in"] == [held]
    assert rows[2]["body_text"][122:223] == rows[1]["body_text"]
