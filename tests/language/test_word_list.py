"""The list of words as a trie: what a dictionary would answer, for any text."""

from __future__ import annotations

import pytest

from unioncrawl.language.lexicon import load_lexicon
from unioncrawl.language.word_list import WordList, pack_words

WORDS = {"工会": -6.5, "工": -4.25, "工会干部": -11.0, "劳模": -9.0, "𠮷": -12.0}


@pytest.fixture(scope="module")
def words() -> WordList:
    """A small list."""
    return WordList(pack_words(WORDS))


def test_it_answers_as_a_dictionary(words: WordList) -> None:
    """What was packed is read back, sorted by code point; nothing else is in it."""
    assert dict(words) == WORDS
    assert list(words) == sorted(WORDS)
    assert len(words) == len(WORDS)


@pytest.mark.parametrize("word", ["会", "", "工会干", "会\ud842", "工\x00"])
def test_a_text_that_is_no_word_is_unknown(words: WordList, word: str) -> None:
    """Beginnings of words, half surrogates and signs are no words, and never an error of another kind."""
    assert word not in words
    assert words.find(word) is None
    with pytest.raises(KeyError):
        words[word]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("工会干部职工", ["工", "工会", "工会干部"]),
        ("工会\ud842干部", ["工", "工会"]),
        ("\udfb7工会", []),
        ("工\0会", ["工"]),
        ("𠮷祥", ["𠮷"]),
        ("干部", []),
        ("", []),
    ],
)
def test_it_finds_the_words_that_a_text_begins_with(words: WordList, text: str, found: list[str]) -> None:
    """Shortest first, each with what it costs; a half surrogate ends the search."""
    assert words.beginnings(text) == [(len(word), WORDS[word]) for word in found]


def test_costs_keep_to_what_a_byte_holds() -> None:
    """A cost is rounded to an eighth, and no rarer than a byte can say."""
    assert dict(WordList(pack_words({"一": -0.3, "二": -99.0}))) == {"一": -0.25, "二": -31.875}


def test_the_shipped_list_cuts_as_a_dictionary_would() -> None:
    """The best cut of a text into words is that of an exhaustive search in a plain dictionary."""
    lexicon = load_lexicon()
    known = dict(lexicon.words)
    unknown = min(known.values()) - 1.0
    for text in ("全市各级工会开展送清凉活动", "龘靐职工\ud842权益", "会"):
        best = [0.0] + [float("-inf")] * len(text)
        for end in range(1, len(text) + 1):
            for start in range(max(0, end - 12), end):
                nats = known.get(text[start:end], unknown if end - start == 1 else float("-inf"))
                best[end] = max(best[end], best[start] + nats - 0.5)
        assert lexicon.segment_score(text, -0.5) == pytest.approx(best[-1])
