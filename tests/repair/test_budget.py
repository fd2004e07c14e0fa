"""Repair costs no more steps than its budget, whoever wrote the text, and flags what is beyond it."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.material.damage_kinds import annotated_sets, encodable, mirrored
from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair import repair, repair_fields, replay
from unioncrawl.repair.budget import USUAL_BUDGET, Budget
from unioncrawl.repair.mirror.undo import undo_mirror
from unioncrawl.repair.mirror_model.forward import Decoder
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.utf8_misread.as_gbk import undo_utf8_as_gbk

# What makes a page a mirror's; what was made to be ambiguous stands after it.
MIRRORED = "全國(guó)總工會(huì)召開會(huì)議，"
HARD = ["！會", "？", "?。", "?，會", "?？；", "；@", "；▍", "。/p>", "經；顒(dòng)，工會(huì)", "?，😀"]
# One piece of the page may go so many steps beyond the budget: no step is left half taken.
ONE_PIECE = 6_000
TWIN = "全国总工会召开会议，会议部署了各省（区、市）工会的工作。"
UNHURRIED = settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
PARAGRAPHS = encodable(own_paragraphs(600, seed=20261122))

pieces = st.sampled_from(
    [*HARD, "▍^(qū)", "、市）", "(huì)", "國", "会", "芦", "@", "\n", "?wù)", "(", "<", "€"]
)
hard_texts = st.lists(pieces, min_size=1, max_size=60).map(lambda parts: MIRRORED + "".join(parts))


def check(text: str, **known: object) -> None:
    """A repaired text replays, stays at a second run, and flags spans of its own."""
    repaired = repair(text, **known)  # type: ignore[arg-type]
    assert replay(text, repaired.steps) == repaired.text
    assert all(0 <= span.start < span.end <= len(repaired.text) for span in repaired.unresolved)
    assert repair(repaired.text, **known).text == repaired.text  # type: ignore[arg-type]
    assert repair(text, **known) == repaired  # type: ignore[arg-type]


@pytest.mark.parametrize("piece", HARD)
@pytest.mark.parametrize("count", [40, 600])
def test_hard_text_stays_within_its_budget(piece: str, count: int) -> None:
    """A page made to be ambiguous costs what its length allows; all its fields share that."""
    fields = (MIRRORED + piece * count, MIRRORED + piece * 3)
    page = Page(fields, "mirror")
    for text in fields:
        undo_mirror(text, page)
    assert page.work.spent <= USUAL_BUDGET.steps_for(sum(map(len, fields))) + ONE_PIECE
    check(fields[0])


def test_what_was_not_read_is_flagged_with_the_reason() -> None:
    """Runs for which no steps are left stay, flagged; what stands around them is turned back."""
    text = MIRRORED + "；@" * 400
    repaired = repair(text)
    assert repaired.text == "全国总工会召开会议，" + "；@" * 400
    assert {span.reason for span in repaired.unresolved} == {
        "not read: the search stopped after 10000 steps",
        "not searched: the page's budget of 32375 steps is used up",
    }
    assert {repaired.text[span.start : span.end] for span in repaired.unresolved} == {"；"}


def test_a_larger_budget_reads_more() -> None:
    """Who has time may raise the budget; fewer runs stay unread."""
    text = MIRRORED + "；@" * 150
    usual, patient = repair(text), repair(text, budget=USUAL_BUDGET.times(20))
    assert len(patient.unresolved) < len(usual.unresolved)
    assert repair_fields({"body": text}, budget=Budget(floor_steps=1, steps_per_character=0))[
        "body"
    ].unresolved


@pytest.mark.parametrize("decoder", list(Decoder))
@pytest.mark.parametrize("narrow", [False, True])
def test_pages_full_of_broken_runs_are_read_whole(decoder: Decoder, narrow: bool) -> None:  # noqa: FBT001 - a case
    """No run is given up on a page of the 60 paragraphs that break most often."""
    rng = Random(3)  # noqa: S311 - seeded damage
    damage = mirrored(decoder, narrow=narrow, annotated=annotated_sets("\n".join(PARAGRAPHS), rng))
    damaged = sorted((damage(text, rng) for text in PARAGRAPHS), key=_share_of_marks, reverse=True)
    repaired = repair("\n".join(damaged[:60]))
    assert sum(step.kind == "mirror-run" for step in repaired.steps) >= 50
    assert not [span for span in repaired.unresolved if "steps" in span.reason]


def _share_of_marks(text: str) -> float:
    return sum(text.count(mark) for mark in "?！？；!") / len(text)


def test_lost_bytes_are_chosen_within_the_budget() -> None:
    """Half characters read as GBK cost what the budget allows; the rest is flagged with the reason."""
    rng = Random(3)  # noqa: S311 - seeded damage
    text = "".join(rng.choice("宸ヤ細鍔冲姩€?涓绗簩") for _ in range(12_000))
    page = Page((text,), budget=Budget(floor_steps=5000, steps_per_character=0))
    finding = undo_utf8_as_gbk(text, page)
    assert 5000 <= page.work.spent <= 5000 + ONE_PIECE
    assert any("steps" in span.reason for span in finding.unresolved)
    check(text[:3000], budget=Budget(floor_steps=500, steps_per_character=0))


@UNHURRIED
@given(
    st.text(st.sampled_from("宸ヤ細鍔冲姩€?涓绗簩工会ÖÐ¹úå·¥ä¼š½\xad\ufffd"), max_size=80),
    st.integers(1, 300),
)
def test_any_transport_damage_with_any_budget(text: str, steps: int) -> None:
    """However few steps there are, the text replays and comes out the same again."""
    repaired = repair(text, budget=Budget(floor_steps=steps, steps_per_character=0))
    assert replay(text, repaired.steps) == repaired.text


@UNHURRIED
@given(hard_texts)
def test_any_hard_text(text: str) -> None:
    """Text made of what breaks runs replays, stays at a second run, and comes out the same each time."""
    check(text)


@UNHURRIED
@given(hard_texts, st.sampled_from([(), (TWIN,), (TWIN * 3, "會！" * 20)]))
def test_any_hard_text_of_a_known_mirror(text: str, twins: tuple[str, ...]) -> None:
    """The same holds where the caller knows the mirror, and with twins."""
    check(text, hint="mirror", twins=twins)
