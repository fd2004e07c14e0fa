from __future__ import annotations

from tests.commands.run_command import run, run_json


def test_hits_shows_the_series_and_the_ranking(reprinted: str) -> None:
    """By article each visit; without one, a ranking by growth."""
    assert [one["hits"] for one in run_json(reprinted, "hits", "http://a/1")] == [10, 30]
    ranking = run_json(reprinted, "hits", "--since", "2024-04-09")
    assert [(one["site"], one["gained"]) for one in ranking] == [("a", 20), ("b", 5)]
    assert "点击量" in run(reprinted, "hits", "1").stdout


def test_hits_shows_what_it_cannot_rank(reprinted: str) -> None:
    """A site that is not there and a value that is not a date are errors that say what is allowed."""
    assert "It has a, b" in str(run(reprinted, "hits", "--site", "nosuch", expected=1).exception)
    message = str(run(reprinted, "hits", "--since", "foo", expected=1).exception)
    assert message.startswith("foo can't be taken: since: needs a date")
    assert "No visit" in run(reprinted, "hits", "--since", "2099").stderr
