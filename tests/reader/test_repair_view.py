"""Tests for the repair view: which changes are shown together, and what is marked as uncertain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from unioncrawl.archive.read.repaired_fields import RepairedField, repaired_fields
from unioncrawl.model import Article, FieldStep, Repaired, Step, Unresolved
from unioncrawl.practice.listener import Request
from unioncrawl.practice.mirror_site import MirrorSite
from unioncrawl.practice.state import State
from unioncrawl.practice.stories import load_stories
from unioncrawl.reader.pages.one_article.repair import Left, StepReason, show_field
from unioncrawl.reader.words.repair_reasons import chinese_reason
from unioncrawl.repair import repair

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


def test_a_column_known_by_another_spelling_is_proved() -> None:
    """The archive keeps one spelling of a column; the steps lead to another one, which is no fault."""
    step = FieldStep("column", Step("mirror-script", 0, 2, "資訊", "资讯", 1.0, "the mirrors' table"))
    article = Article(url="http://a.example/1", column="資訊", raw=(("column", "資訊"),), steps=(step,))
    assert [(one.name, one.is_proved) for one in repaired_fields(article)] == [("column", True)]
    (other,) = repaired_fields(replace(article, column="要闻"))
    assert not other.is_proved


def test_all_that_repair_says_has_chinese_words() -> None:
    """Each reason and piece of evidence that the practice mirror's repair gives is said in Chinese."""
    said: set[str] = set()
    for story in load_stories("practice-mirror"):
        page = MirrorSite(State(None)).answer(
            Request(target=f"/news/show/{story.id}.html", path=f"/news/show/{story.id}.html")
        )
        repaired = repair(page.body.decode())
        said |= {step.evidence for step in repaired.steps} | {left.reason for left in repaired.unresolved}
    assert len(said) > 4
    assert [reason for reason in sorted(said) if not chinese_reason(reason)] == []


@pytest.mark.parametrize(
    ("reason", "chinese"),
    [
        (
            "UTF-8 bytes read as GBK, the lost byte of 。 chosen by its neighbours",
            "UTF-8 字节误作 GBK，“。”的缺失字节据上下文选定",
        ),
        ("HTML entity, escaped 2 times", "转义了 2 次的 HTML 字符实体"),
        (
            "GBK bytes read as cp864, bytes are lost; perhaps 翟璟珩",
            "GBK 字节误作 cp864，有字节丢失，或为“翟璟珩”",
        ),
        ("an oracle", ""),
        ("lost bytes, an oracle", ""),
    ],
)
def test_reasons_are_said_part_by_part(reason: str, chinese: str) -> None:
    """A reason of several parts is said part by part; one with an unknown part stays as it is."""
    assert chinese_reason(reason) == chinese
