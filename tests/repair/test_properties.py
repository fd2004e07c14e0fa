"""What holds for any text, damaged or not: steps replay, a second run changes nothing, time is bounded."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.material.damage_kinds import TRANSPORT
from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair import repair, replay

PARAGRAPHS = own_paragraphs(200, seed=20261127)
# A text four times as long takes about four times the CPU time; sixteen times if each character
# looked at all others. Below LEAST_SECONDS the clock says nothing.
SIZE, TIMES_AS_LONG, MOST_TIMES = 40_000, 4, 10
LEAST_SECONDS = 0.1
TRIES = 3
UNHURRIED = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])

letters = st.characters(min_codepoint=0x80, max_codepoint=0x7FF)
damaged_letters = st.sampled_from("ÖÐ¹ú±ê×¼Ê±ãÂâ€œ·½åäçé·ï¿½\xad\xa0\x81")
misread_characters = st.sampled_from("宸ヤ細鍔冲姩淇濇姢涓€鐗锛?\ufffd€工会，锟斤拷烫屯")
entity_parts = st.sampled_from(
    ["&", "amp;", "#24037", ";", "ldquo", "nbsp", "#x5de5", "&amp", "(🕤)", "(dòng )", "工"]
)
KINDS = st.sampled_from(sorted(TRANSPORT))
# Patterns that beginnings of damage make, over and over.
PATTERNS = [
    *("½", "Â", "Ã©", "å·", "å\x81", "\xad", "鐗?", "锛", "涓€", "\ufffd鐗"),
    *("&amp", "&#1", "工(gōng )", "(🕤)", "锟", "\0", "\ud800"),
]
RANGES = [(0x40, 0xFF), (0x80, 0xFF), (0x80, 0x7FF), (0x4E00, 0x9FFF), (0x20, 0xFFFF)]
anything = st.one_of(
    st.text(max_size=60),
    st.text(letters, max_size=40),
    st.text(damaged_letters, max_size=40),
    st.text(misread_characters, max_size=40),
    st.lists(entity_parts, max_size=20).map("".join),
    st.text(st.characters(), max_size=30),
)


def check(damaged: str) -> None:
    """The contract of a repaired text."""
    repaired = repair(damaged)
    assert replay(damaged, repaired.steps) == repaired.text
    assert all(0 <= span.start < span.end <= len(repaired.text) for span in repaired.unresolved)
    assert all(0.0 <= step.confidence <= 1.0 for step in repaired.steps)
    again = repair(repaired.text)
    assert again.steps == ()
    assert again.text == repaired.text


@UNHURRIED
@given(anything, anything)
def test_any_text(one: str, other: str) -> None:
    """Text of any kind, lone surrogates and controls too, keeps the contract."""
    check(one + other)


@UNHURRIED
@given(
    st.sampled_from(PARAGRAPHS), st.sampled_from(sorted(TRANSPORT)), st.integers(0, 200), st.integers(1, 200)
)
def test_damage_in_a_part_of_a_text(text: str, kind: str, start: int, length: int) -> None:
    """Damage that begins and ends anywhere in good text keeps the contract."""
    part = TRANSPORT[kind](text[start : start + length], Random(start))  # noqa: S311 - seeded damage
    check(text[:start] + part + text[start + length :])


@UNHURRIED
@given(st.sampled_from(PARAGRAPHS), KINDS, KINDS)
def test_one_damage_over_another(text: str, first: str, second: str) -> None:
    """Damage over damage, which may not come back, keeps the contract."""
    rng = Random(first + second)  # noqa: S311 - seeded damage
    try:
        damaged = TRANSPORT[second](TRANSPORT[first](text[:60], rng), rng)
    except UnicodeEncodeError:
        return
    check(damaged)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_one_pattern_over_and_over(pattern: str) -> None:
    """The time for a text of one pattern grows as its length does."""
    assert grows_evenly(pattern * (SIZE // len(pattern)))


@pytest.mark.parametrize(("first", "last"), RANGES)
def test_random_characters(first: int, last: int) -> None:
    """The time for a text of random characters of a range grows as its length does."""
    rng = Random(first)  # noqa: S311 - a seeded text
    text = "".join(rng.choices([chr(code) for code in range(first, last + 1)], k=SIZE))
    assert grows_evenly(text)


def grows_evenly(text: str) -> bool:
    """Whether the whole text takes no more CPU time than its length explains, beside its first part."""
    repair(text)  # what is loaded once, the lexicon above all, is no part of the time
    # A busy machine takes its caches from one measurement; a cost beyond the length is in each.
    return any(_is_even(text) for _ in range(TRIES))


def _is_even(text: str) -> bool:
    first = spent(text[: len(text) // TIMES_AS_LONG])
    return spent(text) <= MOST_TIMES * max(first, LEAST_SECONDS)


def spent(text: str) -> float:
    """CPU seconds that a repair takes."""
    start = time.process_time()
    repair(text)
    return time.process_time() - start
