"""Leaves: what is packed comes out again, and damage is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.search.index.pieces.leaves import LEAF_VALUES, Leaf, ordinals_in, pack, unpack
from unioncrawl.archive.search.index.pieces.postings import Postings
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, Range

_BASE = 1 << 60
_HELD = st.dictionaries(
    st.builds(
        lambda word, ordinal: _BASE + (word << 16) + ordinal,
        st.integers(0, 40) | st.integers(0, 1 << 43),
        st.integers(0, MOST_ORDINALS - 1),
    ),
    st.sets(st.integers(0, 300) | st.integers(0, 1 << 31), min_size=1, max_size=4),
    min_size=1,
    max_size=100,
)


def _postings(held: dict[int, set[int]]) -> Postings:
    values = sorted(held)
    places = [place for value in values for place in sorted(held[value])]
    return Postings(
        np.array(values, np.uint64),
        np.array([len(held[value]) for value in values], np.uint64),
        np.array(places, np.uint64),
    )


def _held(postings: Postings) -> dict[int, set[int]]:
    parts = np.split(postings.places, postings.ends[:-1].astype(np.intp))
    return {int(value): set(map(int, part)) for value, part in zip(postings.values, parts, strict=True)}


def _unpacked(leaf: Leaf) -> dict[int, set[int]]:
    return _held(unpack(leaf.content, leaf.places))


@given(_HELD, st.data())
def test_a_leaf_gives_back_what_was_packed(held: dict[int, set[int]], data: st.DataObject) -> None:
    """All values come back in order with their places, and those of any word or beginning are found."""
    (leaf,) = pack(_postings(held))
    assert list(unpack(leaf.content, leaf.places).values) == sorted(held)
    assert _unpacked(leaf) == held
    low = data.draw(st.sampled_from(sorted(held))) & -MOST_ORDINALS
    for wanted in (Range(low, low | MOST_ORDINALS - 1), Range(low, low + (1 << 40) - 1)):
        found = {value: places for value, places in held.items() if wanted.low <= value <= wanted.high}
        assert set(map(int, ordinals_in(leaf.content, wanted))) == {value % MOST_ORDINALS for value in found}
        assert _held(unpack(leaf.content, leaf.places).between(wanted)) == found


def test_a_leaf_ends_where_a_word_ends() -> None:
    """Only a word of very many documents goes on in the next leaf."""
    frequent = [_BASE + (7 << 16) + ordinal for ordinal in range(5 * LEAF_VALUES)]
    others = [_BASE + (word << 16) for word in range(8, 8 + 2 * LEAF_VALUES)]
    held = {value: {value % 900, value % 7} for value in frequent + others}
    leaves = list(pack(_postings(held)))
    unpacked = [_unpacked(leaf) for leaf in leaves]
    assert {value: places for one in unpacked for value, places in one.items()} == held
    words = [{value >> 16 for value in one} for one in unpacked]
    assert words[:2] == [{(_BASE >> 16) + 7}] * 2
    assert sum(map(len, words[2:])) == 1 + 2 * LEAF_VALUES
    assert max(map(len, unpacked)) <= 2 * LEAF_VALUES
    assert [leaf.first for leaf in leaves] == [min(one) for one in unpacked]


def test_a_damaged_leaf_is_no_answer() -> None:
    """A leaf whose bytes were changed, cut or are of another form raises, whatever is asked of it."""
    (leaf,) = pack(_postings({_BASE + (word << 16): {word, 1_000} for word in range(300)}))
    wanted = Range(_BASE, _BASE + MOST_ORDINALS - 1)
    for content in _damaged(leaf.content):
        with pytest.raises(ValueError, match="leaf of the full-text index"):
            ordinals_in(content, wanted)
    with pytest.raises(ValueError, match="leaf of the full-text index"):
        ordinals_in(b"x" + leaf.content[1:], wanted)


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9, 1.0])
def test_damaged_places_are_no_answer(place: float) -> None:
    """Places that were changed anywhere, cut, or are those of another leaf raise."""
    (leaf,) = pack(_postings({_BASE + (word << 16): {word, 1_000} for word in range(300)}))
    (other,) = pack(_postings({_BASE + (word << 16): {word} for word in range(299)}))
    for places in (*_damaged(leaf.places, place), other.places):
        with pytest.raises(ValueError, match="leaf of the full-text index"):
            unpack(leaf.content, places)


def _damaged(packed: bytes, place: float = 0.5) -> tuple[bytes, ...]:
    changed = bytearray(packed)
    changed[min(len(changed) - 1, int(len(changed) * place))] ^= 1
    return bytes(changed), packed[:-1], b""
