"""The table of outcomes: one in code and documents, and the only source of reasons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from unioncrawl import outcomes as table
from unioncrawl.outcomes import Cause, Owed, PageKind, Reason, outcome_of, outcomes, reason_of_status

ROOT = Path(__file__).resolve().parents[2]
# Functions that take a reason, and the place or the name under which they take it.
TAKERS = {"Rejection": None, "Extraction": 1, "Verdict": 0, "Refusal": 0, "page_rejection": 3, "stand_in": 1}


def test_the_document_has_every_outcome_as_it_is() -> None:
    """docs/outcomes.md has a row for each reason, with its stages, kind, owing and sentences."""
    listed = [
        line
        for line in (ROOT / "docs" / "outcomes.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    assert listed == [
        f"| `{one.reason}` | {', '.join(one.stages)} | {one.kind.value if one.kind else ''} "
        f"| {one.owed.value} | {one.english} | {one.chinese} |"
        for one in outcomes()
    ]


@pytest.mark.parametrize("status", range(400, 600))
def test_every_error_status_has_an_outcome(status: int) -> None:
    """From 500 on a status passes soon or is a wall's; below 500 no status passes for an article."""
    found = outcome_of(reason_of_status(status))
    assert found.reason.startswith(str(status))
    assert found.kind in (PageKind.BLOCKED, PageKind.NOT_FOUND)
    if status >= 500:
        assert found.kind is PageKind.BLOCKED
        assert found.owed is Owed.SOON or found.cause is Cause.WALL
    assert outcome_of(f"http-{status}") == found


@pytest.mark.parametrize(
    ("recorded", "meant"),
    [
        ("http-404", "404"),
        ("http-412", "412-ruishu"),
        ("503", "503"),
        ("12 entries", "list-page"),
        ("shell", "script-only"),
        ("KeyError", "internal-error"),
        ("unknown", "internal-error"),
        ("", "internal-error"),
    ],
)
def test_what_older_versions_recorded_is_understood(recorded: str, meant: str) -> None:
    """The words of older archives have an outcome; a word that nobody knows is our own error."""
    assert outcome_of(recorded).reason == meant


def _sources() -> Iterator[tuple[Path, ast.AST]]:
    for room in ("unioncrawl", "spiders", "pipelines"):
        for path in (ROOT / room).rglob("*.py"):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _reason_given(call: ast.Call) -> ast.expr | None:
    place = TAKERS[_name(call)]
    named = next((one.value for one in call.keywords if one.arg == "reason"), None)
    return named or (call.args[place] if place is not None and len(call.args) > place else None)


def test_no_reason_is_made_outside_the_table() -> None:
    """No call in the project gives a literal for a reason, or makes one with `Reason` (mypy sees more)."""
    wrong = []
    for path, tree in _sources():
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            makes = _name(call) == "Reason" and path.parent.name != "outcomes"
            given = _reason_given(call) if _name(call) in TAKERS else None
            if makes or isinstance(given, ast.Constant | ast.JoinedStr):
                wrong.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert wrong == []


def test_each_reason_is_declared_once_under_a_name() -> None:
    """Each reason but those of statuses is a constant of the room, and each constant is in the table."""
    constants = {
        value
        for name, value in vars(table).items()
        if name.isupper() and isinstance(value, str) and name[0] != "_"
    }
    named = {one.reason for one in outcomes() if not one.reason[:3].isdigit()}
    assert constants == named
    assert outcome_of(Reason("dns")).chinese
