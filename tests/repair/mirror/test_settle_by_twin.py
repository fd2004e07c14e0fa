"""A twin, damaged again, settles what the page had."""

from __future__ import annotations

from random import Random

import pytest

from bench.material.damage_kinds import annotated_sets
from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair import repair, replay
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage, narrow_marks

PARAGRAPHS = own_paragraphs(60, seed=20261127)


def _edited(twin: str) -> str:
    """The story as another site has it: other first and last words, ASCII marks, a paragraph less."""
    lines = [f"本报讯 {line}（转载）" for line in twin.split("\n")[1:]]
    return narrow_marks("\n".join(lines))


@pytest.mark.parametrize("decoder", Decoder)
@pytest.mark.parametrize("narrow", [False, True])
def test_an_undamaged_twin_settles_every_run(decoder: Decoder, narrow: bool) -> None:  # noqa: FBT001 - a case
    """With the same story from elsewhere the page comes back exactly, and the steps replay."""
    rng = Random(f"{decoder}{narrow}")  # noqa: S311 - seeded damage
    for start in range(0, len(PARAGRAPHS), 4):
        page = "\n".join(PARAGRAPHS[start : start + 4])
        mirror = Mirror(annotated_sets(page, rng), decoder, narrow)
        damaged = "\n".join(damage(line, mirror) for line in page.split("\n"))
        repaired = repair(damaged, twins=[page])
        assert repaired.text == (narrow_marks(page) if narrow else page)
        assert replay(damaged, repaired.steps) == repaired.text


def test_an_edited_twin_settles_the_run_that_both_have() -> None:
    """Words before the run lead to the twin's text, though its lines are others; the step says so."""
    page = "\n".join(PARAGRAPHS[:6])
    mirror = Mirror(frozenset("會動務"), Decoder.SWALLOWING)
    damaged = "\n".join(damage(line, mirror) for line in page.split("\n"))
    repaired = repair(damaged, twins=[_edited(page)])
    wrong = [
        (got, wanted)
        for got, wanted in zip(repaired.text.split("\n")[1:], page.split("\n")[1:], strict=True)
        if got != wanted
    ]
    assert wrong == []
    assert "a twin has it" in {step.evidence for step in repaired.steps}


@pytest.mark.parametrize("decoder", Decoder)
@pytest.mark.parametrize(
    "line",
    [
        "各级工会要精心组织，加强学习，确保“十四五”规划圆满收官，为职工办好实事，会员满意。",
        "各省（自治区、市）总工会要发动会员，加强服务，做好总结。《意见》印发各级工会，抓好落实。",
    ],
)
def test_a_run_has_ended_where_the_page_reads_on(decoder: Decoder, line: str) -> None:
    """A page may look like the twin's beginning while a lead byte is still pending."""
    mirror = Mirror(frozenset("會動務強學習辦實區"), decoder)
    assert repair(damage(line, mirror), twins=[f"本报讯 {line}（转载）"]).text == line


def test_a_twin_of_another_story_changes_nothing() -> None:
    """Text that shares no words with a twin is read as if there were no twin."""
    damaged = damage(PARAGRAPHS[0], Mirror(frozenset("會動務")))
    assert repair(damaged, twins=["今天下雨了。"]).text == repair(damaged).text
