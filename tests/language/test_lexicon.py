"""The statistics that choose among the readings of a broken run."""

from __future__ import annotations

import math
import time
from pathlib import Path

import pytest
import zstandard

from unioncrawl.errors import LexiconError
from unioncrawl.language import lexicon as lexicon_data
from unioncrawl.language.lexicon import HISTORY_CHARACTERS, Lexicon, load_lexicon


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    """The shipped statistics."""
    return load_lexicon()


@pytest.mark.parametrize("history", ["", "\n", "中", "全国", "总工会", "习近平", "龘龘龘", "2024年"])
def test_probabilities_after_any_history_sum_to_one(lexicon: Lexicon, history: str) -> None:
    """Scores are comparable across histories: what may follow shares one unit of probability."""
    row = lexicon.after(history)
    total = sum(math.exp(row[char]) for char in lexicon.alphabet)
    assert total == pytest.approx(1.0, abs=0.02)


@pytest.mark.parametrize("text", ["全国总工会办公厅", "第十条 用人单位应当", "龘靐齉", "A3类，(试行)"])
def test_a_row_and_the_score_agree(lexicon: Lexicon, text: str) -> None:
    """Asking a row for each character gives what scoring the whole text gives."""
    by_row = sum(lexicon.after(text[:at])[char] for at, char in enumerate(text))
    assert lexicon.score(text) == pytest.approx(by_row)


def test_text_before_counts_as_history_only(lexicon: Lexicon) -> None:
    """The score of a text after another is the difference of their scores."""
    whole = lexicon.score("维护职工合法权益")
    assert lexicon.score("合法权益", "维护职工") == pytest.approx(whole - lexicon.score("维护职工"))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [("会议，", "会议,"), ("（试行）", "(试行)"), ("要求：一", "要求:一"), ("吗？", "吗?")],
)
def test_punctuation_counts_in_either_width(lexicon: Lexicon, wide: str, narrow: str) -> None:
    """Archives turn full-width marks into ASCII, so both score alike."""
    assert lexicon.score(wide) == pytest.approx(lexicon.score(narrow))


def test_a_digit_is_as_likely_as_another(lexicon: Lexicon) -> None:
    """Digits are counted as one sign."""
    assert lexicon.score("2024年") == pytest.approx(lexicon.score("1958年"))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("中华全国总工会", "中华全国总工汇"),
        ("各省（区、市）总工会", "各湣（区、市）总工会"),
        ("维护职工合法权益", "维护职工合法叔益"),
        ("用人单位应当依法", "用人单位应珰依法"),
        ("全国五一劳动奖章获得者", "全国五一劳动奖漳获得者"),
    ],
)
def test_union_prose_beats_its_damaged_reading(lexicon: Lexicon, right: str, wrong: str) -> None:
    """Terms of the domain outweigh readings that share their bytes."""
    assert lexicon.score(right, "\n") > lexicon.score(wrong, "\n") + 1.0
    assert lexicon.segment_score(right) > lexicon.segment_score(wrong)


def test_words_are_known_or_not(lexicon: Lexicon) -> None:
    """A known word has a probability, a chance sequence has no probability."""
    known = lexicon.word_log_prob("工会")
    assert known is not None
    assert known < 0
    assert lexicon.word_log_prob("会工动") is None


def test_words_help_where_characters_are_unsure(lexicon: Lexicon) -> None:
    """A reading that is cut into known words beats one that leaves characters over."""
    assert lexicon.segment_score("各行各业") > lexicon.segment_score("各衍各业")


def test_the_glossary_holds_places_and_surnames(lexicon: Lexicon) -> None:
    """Places reach down to counties; surnames are single and double."""
    assert {"浙江省", "杭州市", "浦东新区", "蕲春县"} <= lexicon.places
    assert {"王", "欧阳", "覃"} <= lexicon.surnames


@pytest.mark.parametrize("term", ["中华全国总工会", "全国五一劳动奖章", "金秋助学"])
def test_union_terms_are_words(lexicon: Lexicon, term: str) -> None:
    """The union's bodies, awards and campaigns are known words."""
    assert lexicon.word_log_prob(term) is not None


def test_the_statistics_look_back_over_few_characters(lexicon: Lexicon) -> None:
    """What stands before the history makes no difference, and its first character does."""
    text = "市总工会走访慰问一线职工，送去清凉"
    places = range(HISTORY_CHARACTERS, len(text))
    whole = [lexicon.log_prob(text[:at], text[at]) for at in places]
    assert whole == [lexicon.log_prob(text[at - HISTORY_CHARACTERS : at], text[at]) for at in places]
    assert whole != [lexicon.log_prob(text[at - HISTORY_CHARACTERS + 1 : at], text[at]) for at in places]


def test_a_missing_file_shows_what_to_do(tmp_path: Path) -> None:
    """Without its statistics the lexicon raises an error with the next step."""
    with pytest.raises(LexiconError, match=r"ngrams\.zst is missing.*Install unioncrawl again"):
        Lexicon(tmp_path)


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    """A file of another version is not read as if it were ours."""
    (tmp_path / "ngrams.zst").write_bytes(zstandard.compress(b"something else\n{}"))
    with pytest.raises(LexiconError, match="not of this version"):
        Lexicon(tmp_path)


def test_the_statistics_load_quickly() -> None:
    """A new lexicon costs little more than to unpack its file: no n-gram is looked at."""
    packed = (Path(lexicon_data.__file__).parent / "data" / "ngrams.zst").read_bytes()
    start = time.process_time()
    zstandard.decompress(packed)
    unpacked = time.process_time()
    Lexicon()
    assert time.process_time() - unpacked < 20 * (unpacked - start)
