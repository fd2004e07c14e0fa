"""The search finds lost bytes, and only such as the page can show."""

from __future__ import annotations

import pytest

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.pinyin import NOTE
from unioncrawl.repair.budget import USUAL_BUDGET, Work
from unioncrawl.repair.mirror.runs.beam_search import Search
from unioncrawl.repair.mirror.runs.byte_pairs import PAIR_OF
from unioncrawl.repair.mirror.runs.hypothesis import Rules
from unioncrawl.repair.mirror.runs.tokens import read_tokens
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, convert, damage
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified

CASES = [
    ("各省（区、市）", "區"),  # a lone lead byte before a false 。, an ASCII sign at the end
    ("奖章获得者", "獎務"),  # a note that stuck to a lost byte
    ("活动。可以", ""),  # a loss at the very end
    ("加快新兴产业规模化发展", ""),  # a false ；, and a pair that vanishes
]


@pytest.mark.parametrize(("original", "annotated"), CASES)
def test_readings_reproduce_the_page(original: str, annotated: str) -> None:
    """The original is among the readings, and each of the first ones, damaged again, gives the page."""
    mirror = Mirror(frozenset(annotated))
    page = damage(original, mirror)
    start = page.index("?")
    before = turn_to_simplified(NOTE.sub("", page[:start]))
    rules = Rules(frozenset(PAIR_OF[char] for char in annotated), frozenset())
    readings = Search(load_lexicon(), rules, Work(USUAL_BUDGET, 0)).run(
        read_tokens(page, start, narrow=False),
        before or "\n",
        convert(before[-1:]).encode("gbk"),
    )
    texts = [reading.text.lstrip("\n") for reading in readings]
    assert any(original.startswith(text) for text in texts)
    assert [text for text in texts[:5] if not page.startswith(damage(text, mirror))] == []


def test_a_real_question_mark_stays() -> None:
    """A question mark before ordinary text is read as one."""
    search = Search(load_lexicon(), Rules(frozenset(), frozenset()), Work(USUAL_BUDGET, 0))
    readings = search.run(read_tokens("?我們一起學習。", 0, narrow=False), "这是为什么", b"")
    assert readings[0].upto < 0


def test_nothing_fits_nonsense() -> None:
    """A sign that GBK has not can't stand inside a run: then no reading that needs one is left."""
    search = Search(
        load_lexicon(), Rules(frozenset(), frozenset(), Decoder.SWALLOWING), Work(USUAL_BUDGET, 0)
    )
    readings = search.run(read_tokens("?。🕤", 0, narrow=False), "工会", b"")
    assert all(reading.upto < 0 for reading in readings)
