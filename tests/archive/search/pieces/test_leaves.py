"""Leaves: what is packed comes out again, and damage is told."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.search.index.pieces.leaves import LEAF_VALUES, ordinals_in, pack, unpack
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, Range

_VALUES = st.sets(
    st.builds(
        lambda word, ordinal: (1 << 60) + (word << 16) + ordinal,
        st.integers(0, 40) | st.integers(0, 1 << 43),
        st.integers(0, MOST_ORDINALS - 1),
    ),
    min_size=1,
    max_size=200,
)


@given(_VALUES, st.booleans(), st.data())
def test_a_leaf_gives_back_what_was_packed(values: set[int], as_bitmaps: bool, data: st.DataObject) -> None:  # noqa: FBT001 - hypothesis'
    """All values come back in order, and those of any word or beginning are found."""
    (leaf,) = pack(array("Q", sorted(values)), as_bitmaps=as_bitmaps)
    assert list(unpack(leaf.content)) == sorted(values)
    low = data.draw(st.sampled_from(sorted(values))) & -MOST_ORDINALS
    for wanted in (Range(low, low | MOST_ORDINALS - 1), Range(low, low + (1 << 40) - 1)):
        found = {value & MOST_ORDINALS - 1 for value in values if wanted.low <= value <= wanted.high}
        assert set(ordinals_in(leaf.content, wanted)) == found


@pytest.mark.parametrize("as_bitmaps", [False, True])
def test_a_word_is_in_one_leaf(as_bitmaps: bool) -> None:  # noqa: FBT001 - pytest's
    """A leaf ends where a word ends, however many documents hold it."""
    frequent = [(1 << 60) + (7 << 16) + ordinal for ordinal in range(3 * LEAF_VALUES)]
    others = [(1 << 60) + (word << 16) for word in range(8, 8 + 2 * LEAF_VALUES)]
    leaves = list(pack(array("Q", frequent + others), as_bitmaps=as_bitmaps))
    assert [value for leaf in leaves for value in unpack(leaf.content)] == frequent + others
    words = [{value >> 16 for value in unpack(leaf.content)} for leaf in leaves]
    assert words[0] == {(1 << 44) + 7}
    assert sum(map(len, words)) == len(set().union(*words))
    assert [leaf.first for leaf in leaves] == [unpack(leaf.content)[0] for leaf in leaves]


@pytest.mark.parametrize("as_bitmaps", [False, True])
def test_a_damaged_leaf_is_no_answer(as_bitmaps: bool) -> None:  # noqa: FBT001 - pytest's
    """A leaf whose bytes were changed, cut or are of another form raises, whatever is asked of it."""
    values = array("Q", ((1 << 60) + (word << 16) for word in range(300)))
    (leaf,) = pack(values, as_bitmaps=as_bitmaps)
    changed = bytearray(leaf.content)
    changed[len(changed) // 2] ^= 1
    for content in (bytes(changed), leaf.content[:-1], b"x" + leaf.content[1:], b""):
        with pytest.raises(ValueError, match="leaf of the full-text index"):
            ordinals_in(content, Range(1 << 60, (1 << 60) + MOST_ORDINALS - 1))
