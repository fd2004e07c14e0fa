"""A mirror's clauses are turned back in one step each."""

from __future__ import annotations

import pytest

from unioncrawl.model import Unresolved
from unioncrawl.repair.mirror.clauses import turn_clauses_back
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.plan import Edit, carry_out

EVIDENCE = MirrorEvidence(annotated=frozenset("國會"))


def test_a_sentence_is_a_step() -> None:
    """Notes and characters of a sentence go together, two sentences are two steps."""
    text = "全國(guó)總工會(huì)召開會(huì)議。會(huì)議強調"
    edits = turn_clauses_back(text, [], [], EVIDENCE).edits
    assert [edit.after for edit in edits] == ["国总工会召开会议", "会议强调"]
    assert carry_out(text, "mirror", edits)[0] == "全国总工会召开会议。会议强调"


def test_a_clause_without_notes_is_of_script() -> None:
    """The kind of a step says whether notes were dropped."""
    edits = turn_clauses_back("總工會(huì)。發展", [], [], EVIDENCE).edits
    assert [edit.kind for edit in edits] == ["mirror-note", "mirror-script"]


def test_other_edits_and_flagged_spans_stay_apart() -> None:
    """No clause reaches over what another edit changes or what is flagged."""
    text = "總工會(huì)?務保?護"
    edits = turn_clauses_back(text, [Edit(8, 10, "服务")], [Unresolved(11, 12, "lost")], EVIDENCE).edits
    assert [(edit.start, edit.end, edit.after) for edit in edits] == [(0, 8, "总工会"), (12, 13, "护")]


def test_genuine_notes_stay() -> None:
    """A note that this mirror does not write stays inside a clause."""
    (edit,) = turn_clauses_back("亳(bó)縣(xiàn)總工會(huì)", [], [], EVIDENCE).edits
    assert edit.after == "县(xiàn)总工会"


@pytest.mark.parametrize(("between", "steps"), [(8, 1), (9, 2)])
def test_changed_characters_far_apart_are_two_steps(between: int, steps: int) -> None:
    """Up to eight unchanged characters belong to the step around them."""
    text = "會(huì)" + "在" * between + "國(guó)"
    assert len(turn_clauses_back(text, [], [], EVIDENCE).edits) == steps
