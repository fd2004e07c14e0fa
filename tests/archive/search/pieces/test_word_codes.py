"""Words as numbers: nothing is lost, and the numbers are ordered as the words are looked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.search.index.index_words import (
    IndexEntry,
    entry_text,
    entry_words,
    index_runs,
    site_word,
)
from unioncrawl.archive.search.index.pieces.lay_words import lay_words
from unioncrawl.archive.search.index.pieces.word_codes import MOST_ORDINALS, value_word, word_range

# Han of three planes, letters and digits of several widths, signs, and characters that are no words.
_TEXTS = st.text(
    st.sampled_from("工会总职A5é·, 。\n\x00\u200b\ue000\U00020000\U000e0001\U00031350ＡⅣ"), max_size=30
)
_ANY_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
_KEYS = st.sampled_from(["xian", "practice-asp", "工会.cn"])
_ENTRIES = st.builds(
    IndexEntry,
    article_id=st.just(1),
    published_at=st.none(),
    headline=_TEXTS | _ANY_TEXTS,
    body_text=_TEXTS | _ANY_TEXTS,
    site=_KEYS,
    source=_TEXTS,
    column=_TEXTS,
)
SITES = {site_word(key): number for number, key in enumerate(("xian", "practice-asp", "工会.cn"), 1)}
KEYS = {number: word for word, number in SITES.items()}


@given(st.lists(_ENTRIES, max_size=4), st.booleans())
def test_the_values_of_documents_are_their_words(entries: list[IndexEntry], has_runs: bool) -> None:  # noqa: FBT001 - hypothesis'
    """Each word of each document is one value, whose word, document and places can be read again."""
    first = 65_000
    if has_runs:
        entries = [replace(entry, body_runs=index_runs(entry.body_text)) for entry in entries]
    postings = lay_words(entries, first, SITES)
    assert list(postings.values) == sorted(set(map(int, postings.values)))
    found: dict[int, dict[int, str]] = {place: {} for place in range(first, first + len(entries))}
    places = np.split(postings.places, postings.ends[:-1].astype(np.intp)) if entries else []
    for value, where in zip(map(int, postings.values), places, strict=True):
        assert list(where) == sorted(where)
        found[value & MOST_ORDINALS - 1] |= dict.fromkeys(map(int, where), value_word(value, KEYS))
    for entry, words in zip(entries, found.values(), strict=True):
        assert [words[place] for place in sorted(words)] == entry_text(entry).split()
        assert sorted(words) == list(range(len(words)))


@given(_ENTRIES)
def test_a_word_is_a_range_of_values(entry: IndexEntry) -> None:
    """The range of a word has its values and no others; that of a beginning all words that begin so."""
    values = [int(value) for value in lay_words([entry], 9, SITES).values]
    words = entry_words(entry)
    for word in words:
        wanted = word_range(word, SITES)
        assert wanted is not None
        assert [value_word(value, KEYS) for value in values if wanted.low <= value <= wanted.high] == [word]
    for beginning in {word[0] for word in words if not "\ue000" <= word[0] <= "\ue004"}:
        wanted = word_range(beginning, SITES, prefix=True)
        assert wanted is not None
        found = {value_word(value, KEYS) for value in values if wanted.low <= value <= wanted.high}
        assert found == {word for word in words if word[0] == beginning}


def test_a_site_that_is_not_known_has_no_word() -> None:
    """The word of a site that the archive has not is in no document."""
    assert word_range(site_word("nowhere"), SITES) is None
