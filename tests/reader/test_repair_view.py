"""Tests for the repair view: which changes are shown together, and what is marked as uncertain."""

from __future__ import annotations

from unioncrawl.archive.read.repaired_fields import RepairedField
from unioncrawl.model import Repaired, Step, Unresolved
from unioncrawl.reader.pages.one_article.repair import Left, StepReason, show_field

_ORIGINAL = "工會開會\n慰?職工"
_STEPS = (
    Step("mirror-script", 1, 2, "會", "会", 1.0, "turned script"),
    Step("mirror-script", 3, 4, "會", "会", 1.0, "turned script"),
    Step("mirror-run", 6, 7, "?", "问", 0.72, "by its context"),
)
_LEFT = (
    Unresolved(6, 7, "restored without certainty", ("劳",)),
    Unresolved(7, 8, "not restored"),
)
_REPAIRED = Repaired("工会开会\n慰问職工", _STEPS, _LEFT)


def test_changes_with_one_reason_stand_together() -> None:
    """A line names each reason once, with what it changed; another reason stands by itself."""
    steps = (*_STEPS[:2], Step("mirror-script", 2, 3, "開", "开", 1.0, "turned script"), _STEPS[2])
    shown = show_field(
        RepairedField("body_text", _ORIGINAL, Repaired(_REPAIRED.text, steps, _LEFT), ""), "zh"
    )
    first, second = shown.lines
    assert shown.name == "正文"
    assert [change.pairs for change in first.changes] == [(("會", "会"), ("開", "开"))]
    assert [change.reasons for change in second.changes] == [
        (StepReason("mirror-run", "by its context", 0.72),)
    ]
    assert not second.changes[0].reasons[0].is_sure


def test_each_place_in_doubt_stands_in_its_line() -> None:
    """What may have been restored wrongly and what was not restored are named, with what else it may be."""
    shown = show_field(RepairedField("body_text", _ORIGINAL, _REPAIRED, _REPAIRED.text), "en")
    first, second = shown.lines
    assert first.left == ()
    assert second.left == (
        Left("问", "restored without certainty", ("劳",)),
        Left("職", "not restored", ()),
    )
    assert [spot.after for spot in second.spots if spot.reason] == ["職"]
