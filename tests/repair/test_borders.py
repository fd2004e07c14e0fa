"""Texts that one of the repairs' numbers decides: with another number they would come back otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.repair import repair

_CASES = Path(__file__).resolve().parent.parent / "cases" / "repair_borders.json"


@pytest.mark.parametrize(
    "case", json.loads(_CASES.read_text(encoding="utf-8")), ids=lambda case: case["label"]
)
def test_decides_as_it_did(case: dict[str, Any]) -> None:
    """The text comes back as expected, and what stays damaged is flagged."""
    repaired = repair(case["original"], twins=case.get("twins", ()))
    assert repaired.text == case["expected"]
    assert [[span.start, span.end] for span in repaired.unresolved] == case.get("unresolved", [])
