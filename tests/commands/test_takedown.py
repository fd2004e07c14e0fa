"""Tests for `unioncrawl takedown`, of one article and of a query."""

from __future__ import annotations

import pytest

from tests.commands.run_command import run, run_json


def test_a_query_is_listed_before_it_is_withdrawn(reprinted: str) -> None:
    """A dry run lists each article and changes nothing; then all of them, and no other, are withdrawn."""
    before = run_json(reprinted, "search", "工会")["total"]
    listed = run_json(reprinted, "takedown", "--query", "清凉", "--dry-run")
    assert len(listed) == run_json(reprinted, "search", "清凉")["total"] == 2
    assert (
        "would be withdrawn; nothing was changed"
        in run(reprinted, "takedown", "--query", "清凉", "--dry-run").stderr
    )
    assert run_json(reprinted, "search", "清凉")["total"] == 2
    asked = run(reprinted, "takedown", "--query", "清凉", "--reason", "当事人要求", expected=1)
    assert "2 articles" in asked.output
    done = run(reprinted, "takedown", "--query", "清凉", "--reason", "当事人要求", "--yes")
    assert all(one["url"] in done.stdout for one in listed)
    assert "Backups and exports made before keep the text" in done.stderr
    # A file keeps nothing of it; a server does, until it is written over.
    assert ("until it is written over" in done.stderr) == reprinted.startswith("postgresql")
    assert run_json(reprinted, "search", "清凉")["total"] == 0
    withdrawn = run_json(reprinted, "show", str(listed[0]["id"]))
    assert withdrawn["withdrawn_at"]
    assert run_json(reprinted, "search", "工会")["total"] == before - 2
    assert run_json(reprinted, "verify")["sound"] is True
    again = run(reprinted, "takedown", "--query", "清凉", "--dry-run", expected=1)
    assert "no article matches" in str(again.exception or again.output)


@pytest.mark.parametrize(
    "options",
    [
        ("--query", " ", "--dry-run"),
        ("--dry-run",),
        ("1", "--query", "工会", "--dry-run"),
        ("1", "--yes"),
    ],
)
def test_what_is_not_clear_is_refused(reprinted: str, options: tuple[str, ...]) -> None:
    """Nothing named, an empty query, both at once, or no reason: nothing is withdrawn."""
    run(reprinted, "takedown", *options, expected=2)
