"""All code pages are tried; one is named only where the statistics of Chinese are clear."""

from __future__ import annotations

import pytest

from unioncrawl.repair.code_pages import judge as judging
from unioncrawl.repair.code_pages.judge import MIN_CONFIDENCE, gain_of, judge, readings_of

TITLE = "东河县总工会召开会议"
RUSSIAN = "Федерация независимых профсоюзов"
CYRILLIC = ("cp1251", "koi8_r", "iso8859_5", "cp866", "mac_cyrillic")


@pytest.mark.parametrize("codec", CYRILLIC)
def test_the_page_of_a_headline_is_named(codec: str) -> None:
    """The code page that gives Chinese back is the one that the bytes were read in."""
    verdict = judge((TITLE.encode("gbk").decode(codec),))
    assert verdict is not None
    assert verdict.is_sure
    assert (verdict.reading.codec, verdict.reading.text) == (codec, TITLE)


@pytest.mark.parametrize("codec", CYRILLIC)
def test_words_of_another_language_gain_nothing(codec: str) -> None:
    """The limits stand far from both: Chinese gains more than twice the limit, Russian words lose."""
    words = RUSSIAN.encode(codec).decode("gb18030", "replace")
    assert gain_of(words) < 0 < 2 * judging._SURE_GAIN < gain_of(TITLE)
    assert judge((RUSSIAN,)) is None


def test_two_likely_readings_are_not_sure() -> None:
    """A text that two pages explain about as well is no text to put in place."""
    best, *others = readings_of("ÊÐ×Ü¹€»á")
    assert best.codec == "iso8859_15"
    assert all(other.nats < best.nats for other in others)
    assert judging.Verdict(best, MIN_CONFIDENCE - 0.01).is_sure is False


def test_latin_1_is_left_to_its_own_repairs() -> None:
    """They search for dropped bytes and pairs of UTF-8, and so know more of it."""
    assert judge((TITLE.encode("gbk").decode("latin-1"),)) is None
