"""The labelled cases: damage in the wild, simulated damage, good text, known failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.repair import repair, replay

FOLDER = Path(__file__).resolve().parent.parent / "cases"


def cases(name: str) -> list[Any]:
    """The cases of a file, each known by its label."""
    records = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(record, id=f"{name}: {record['label']}") for record in records]


@pytest.mark.parametrize("case", [*cases("in_the_wild"), *cases("synthetic"), *cases("negative")])
def test_case(case: dict[str, Any]) -> None:
    """The text and its flags are as expected, the plan replays, and a second run changes nothing."""
    repaired = repair(case["original"])
    assert repaired.text == case["expected"]
    assert replay(case["original"], repaired.steps) == case["expected"]
    assert [[span.start, span.end] for span in repaired.unresolved] == case.get("unresolved", [])
    assert repair(case["expected"]).steps == ()


@pytest.mark.xfail(strict=True, reason="stated in the case's label")
@pytest.mark.parametrize("case", cases("known_failures"))
def test_known_failure(case: dict[str, Any]) -> None:
    """A known failure does not come back yet; once it does, the case moves to the others."""
    assert repair(case["original"]).text == case["expected"]


def test_every_case_is_labelled() -> None:
    """Labels differ, and each case names its origin."""
    for name in ("in_the_wild", "synthetic", "negative", "known_failures"):
        records = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        assert records, name
        assert len({record["label"] for record in records}) == len(records), name
        assert all(record["origin"] for record in records), name
