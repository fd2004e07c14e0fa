"""The characters that fit a place are scored at once, as asking for each one would."""

from __future__ import annotations

import pytest

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.repair.mirror.character_scores import ALL, _best_of_all, best_above, best_of, swallowed_signs
from unioncrawl.repair.mirror.runs.byte_pairs import LEADING
from unioncrawl.repair.mirror.runs.lead_bytes import ANY_LEAD, lost_pairs, options_of

LEAST = -100.0
SECOND_BYTE_OF_HUI = "会".encode("gbk")[1]


@pytest.mark.parametrize("history", ["全国总工", "龘", "\n"])
def test_the_best_are_those_that_asking_one_by_one_finds(history: str) -> None:
    """Going down the histories once gives the same order and the same nats."""
    row = load_lexicon().after(history)
    options = options_of(ANY_LEAD, SECOND_BYTE_OF_HUI)
    known = [char for char in options if char in load_lexicon().alphabet]
    expected = sorted(((row[char], options[char], char) for char in known), reverse=True)[:10]
    found = best_of(row, options)[:10]
    assert [char for _, _, char in found] == [char for _, _, char in expected]
    assert [nats for nats, _, _ in found] == pytest.approx([nats for nats, _, _ in expected])


@pytest.mark.parametrize("history", ["全国总工", "关于", "。", "劳动合", "的工"])
@pytest.mark.parametrize("depth", [ALL, 1, 2])
def test_the_shorter_history_s_best_give_the_same(history: str, depth: int) -> None:
    """The shorter history's best give what all characters of all histories give, to the last digit."""
    row = load_lexicon().after(history)
    for options in (options_of(ANY_LEAD, second) for second in range(0xA1, 0xFF)):
        assert best_of(row, options, depth) == _best_of_all(row, options, depth)


@pytest.mark.parametrize("history", ["全国总工", "关于", "的工"])
@pytest.mark.parametrize("least", [-2.0, -4.0, -9.0])
def test_none_is_left_out_that_may_exceed_a_score(history: str, least: float) -> None:
    """Where nothing is returned, none of the options exceeds the score that was asked for."""
    row = load_lexicon().after(history)
    for options in (options_of(ANY_LEAD, second) for second in range(0xA1, 0xFF)):
        found = best_above(row, options, least)
        assert found in ((), best_of(row, options))
        assert [scored for scored in best_of(row, options) if scored[0] > least] == [
            scored for scored in found if scored[0] > least
        ]


def test_two_lost_bytes_are_guessed_from_what_followed() -> None:
    """Without either byte only followers are thought of; a shorter history's too where they are few."""
    after = load_lexicon().after
    few, some = after("中华全国总工"), after("关于")
    followed = few.keys() | after("总工").keys() | after("全国总工").keys()
    assert {char for _, _, char in lost_pairs(few, ANY_LEAD, LEAST)} <= followed & LEADING.high.keys()
    assert {char for _, _, char in lost_pairs(some, ANY_LEAD, LEAST)} <= some.keys() & LEADING.high.keys()


@pytest.mark.parametrize("ahead", ["月90日", "小时", "G芯片", ":05", "0后"])
def test_only_a_digit_stands_before_some_signs(ahead: str) -> None:
    """A sign that was swallowed before 月, 小时, G, :05 or 0后 was a digit, also after a quotation mark."""
    scored = dict(swallowed_signs(load_lexicon().after("。“"), ahead))
    assert max(scored, key=lambda sign: scored[sign]).isdigit()
    assert scored["9"] > scored["("]
