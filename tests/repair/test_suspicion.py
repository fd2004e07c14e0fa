"""What a repair suspects always has a hint; most stretches of clean text have no hint."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.material.damage_kinds import TRANSPORT
from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage
from unioncrawl.repair.repairs_table import REPAIRS, hinted_kinds, is_suspect
from unioncrawl.repair.suspicion import Hint, any_of

PARAGRAPHS = own_paragraphs(40, seed=3)
# Signs of every class, and such as stand beside them.
SIGNS = "&#;(（)） \u3000\ufffd锟斤拷烫屯ï¿½ÖÐ¹úåäã·—“一ͳ宸ヤ細€?會著A工🕤(dòng )\n"


def is_suspected(text: str) -> bool:
    """Ask each repair."""
    return any(entry.suspects(text) for entry in REPAIRS)


@settings(max_examples=1000)
@given(st.text(alphabet=SIGNS, max_size=8))
def test_a_suspected_text_has_a_hint(text: str) -> None:
    """The one pass over all signs misses nothing that a repair suspects."""
    assert is_suspect(text) == is_suspected(text)


@pytest.mark.parametrize("kind", TRANSPORT)
def test_damaged_text_has_a_hint(kind: str) -> None:
    """Each kind of damage is suspected as before, paragraph by paragraph."""
    rng = Random(kind)  # noqa: S311 - seeded damage
    damaged = [TRANSPORT[kind](text, rng) for text in PARAGRAPHS]
    assert list(map(is_suspect, damaged)) == list(map(is_suspected, damaged))


def test_a_mirror_s_text_has_a_hint() -> None:
    """So is what mirrors write."""
    assert all(is_suspect(damage(text, Mirror(frozenset("會"), Decoder.DROPPING))) for text in PARAGRAPHS)


@settings(max_examples=500)
@given(st.text(alphabet=SIGNS, max_size=8))
def test_a_repair_that_suspects_a_text_is_hinted_at(text: str) -> None:
    """A repair that is not asked for want of its signs would not have suspected the text."""
    suspected = {entry.kind for entry in REPAIRS if entry.suspects(text)}
    assert suspected <= hinted_kinds(text)


def test_a_hint_may_need_what_stands_behind() -> None:
    """A sign alone is not a hint where more must follow; signs of two hints are kept apart."""
    pattern = any_of([Hint("a-c", "[0-9]"), Hint("c")])
    assert [pattern.search(text) is not None for text in ("a", "a1", "c", "d1")] == [False, True, True, False]
