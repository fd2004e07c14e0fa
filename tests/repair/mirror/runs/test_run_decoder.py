"""Broken runs are decoded, their repair replays, and repairing again changes nothing."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair import repair, replay
from unioncrawl.repair.mirror.runs.broken_places import broken_places, undamaged_phrases
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence, is_fitting
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, convert, damage, narrow_marks
from unioncrawl.repair.mirror_model.script_lookups import READING_OF

PARAGRAPHS = own_paragraphs(60, seed=7)


@st.composite
def mirrored(draw: st.DrawFn) -> tuple[str, str, Mirror]:
    """Draw a paragraph, what a mirror makes of it, and that mirror."""
    text = draw(st.sampled_from(PARAGRAPHS))
    changed = sorted(
        char for char in set(convert(text)) & READING_OF.keys() if is_fitting(char, READING_OF[char])
    )
    annotated = frozenset(Random(draw(st.integers(0, 99))).sample(changed, min(12, len(changed))))  # noqa: S311
    mirror = Mirror(annotated, draw(st.sampled_from(Decoder)), draw(st.booleans()))
    return text, damage(text, mirror), mirror


@settings(max_examples=60, deadline=None)
@given(mirrored())
def test_repair_replays_and_is_idempotent(drawn: tuple[str, str, Mirror]) -> None:
    """Whatever a mirror did, the steps replay to the output, and the output is left alone."""
    _, page, _ = drawn
    repaired = repair(page)
    assert replay(page, repaired.steps) == repaired.text
    assert repair(repaired.text).steps == ()
    assert repair(page) == repaired


@settings(max_examples=40, deadline=None, derandomize=True)
@given(mirrored())
def test_a_twin_settles_runs(drawn: tuple[str, str, Mirror]) -> None:
    """With the undamaged story at hand the page comes back as it, but for the width of marks."""
    text, page, _ = drawn
    assert narrow_marks(repair(page, twins=[text]).text) == narrow_marks(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="會議國工?！。；(guó)(huì)▍^市A1<>\n，,", max_size=40))
def test_any_text_is_survived(text: str) -> None:
    """Text that only looks damaged raises nothing, replays, and comes to rest."""
    repaired = repair(text)
    assert replay(text, repaired.steps) == repaired.text
    assert repair(repaired.text).text == repaired.text


@pytest.mark.parametrize("decoder", Decoder)
def test_a_run_is_reported_with_its_confidence(decoder: Decoder) -> None:
    """The step of a run names its kind and how sure it is; a sure one is no unresolved span."""
    page = damage("会议要求各省（区、市）总工会加强服务。", Mirror(frozenset("會區務"), decoder))
    repaired = repair(page)
    run = next(step for step in repaired.steps if step.kind == "mirror-run")
    assert run.after == "省（区"
    assert run.confidence > 0.9
    assert repaired.unresolved == ()


def test_places_of_the_dropping_decoder() -> None:
    """Without question marks, odd characters after a mark and stray notes show where to look."""
    assert broken_places("經；顒(dòng)，工會(huì)", MirrorEvidence(frozenset("動會"))) == [1, 3]
    assert broken_places("工會(huì)召開會(huì)議。會(huì)議強調", MirrorEvidence(frozenset("會"))) == []
    assert broken_places("大紅的“！弊、金魚飾", MirrorEvidence(frozenset("會"))) == [4]
    assert broken_places("職工自願；", MirrorEvidence(frozenset("會"))) == []


def test_phrases_leave_out_what_may_be_broken() -> None:
    """What stands after a run's question mark is not taken for the page's own words."""
    mirror = MirrorEvidence(torn=True)
    assert undamaged_phrases("總工會召開會議,各?。▍^(qū)、市)", mirror) == ["总工会召开会议,各"]
