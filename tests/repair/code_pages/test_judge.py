"""All code pages are tried; one is named only where the statistics of Chinese are clear."""

from __future__ import annotations

import pytest

from unioncrawl.language.characters import character_cost
from unioncrawl.repair import repair
from unioncrawl.repair.code_pages import judge as judging
from unioncrawl.repair.code_pages.judge import gain_of, judge, readings_of
from unioncrawl.repair.plan import SURE

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
    assert judging.Verdict(best, SURE - 0.01).is_sure is False


def test_latin_1_is_left_to_its_own_repairs() -> None:
    """They search for dropped bytes and pairs of UTF-8, and so know more of it."""
    assert judge((TITLE.encode("gbk").decode("latin-1"),)) is None


NEWS = (
    "东河县总工会召开职工代表大会，审议通过工会工作报告。临溪市各级工会深入企业和车间一线，"
    "为困难职工送去慰问金和防暑药品，维护劳动者的合法权益。"
)
USUAL = {
    "GBK as Latin-1": NEWS.encode("gbk").decode("latin-1"),
    "GBK as cp1250": NEWS.encode("gbk").decode("cp1250", "ignore"),
    "UTF-8 as Latin-1": NEWS.encode().decode("latin-1"),
    "UTF-8 as cp1252, marked": NEWS.encode().decode("cp1252", "replace"),
    "UTF-8 as cp1252, dropped": NEWS.encode().decode("cp1252", "ignore"),
    "UTF-8 as Latin-1 twice": NEWS.encode().decode("latin-1").encode().decode("latin-1"),
    "UTF-8 as cp1252 twice": NEWS.encode().decode("cp1252", "ignore").encode().decode("cp1252", "ignore"),
}
CONTROLS = dict.fromkeys(range(0x80, 0xA0))


@pytest.mark.parametrize("damaged", USUAL.values(), ids=USUAL)
def test_the_usual_classes_are_known_at_one_look(damaged: str) -> None:
    """A quick test finds what reading in all pages finds: the repairs of Latin-1 read the text."""
    sample = judging._sample((damaged,))
    assert judging._is_plainly_latin(sample)
    assert readings_of(sample)[0].is_latin


@pytest.mark.parametrize("codec", ["iso8859_15", "iso8859_9", "iso8859_2", "koi8_r", "cp437", "mac_roman"])
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_other_pages_are_not_taken_for_latin(codec: str, encoding: str) -> None:
    """A page that shares most letters with Latin-1 gives itself away, also without its controls."""
    damaged = NEWS.encode(encoding).decode(codec, "replace")
    if codec != "iso8859_9":  # the letters of Latin-1, where Chinese has its bytes
        assert not judging._is_plainly_latin(judging._sample((damaged,)))
    if encoding == "utf-8" and damaged != (shown := damaged.translate(CONTROLS)):
        assert not judging._is_plainly_latin(judging._sample((shown,)))


def test_the_limits_of_the_quick_test_stand_far_from_both() -> None:
    """News is commoner by a nat, GBK out of step rarer; a page without its controls loses twice as much."""
    costs = [character_cost(character) for character in NEWS]
    strange = [character_cost(character) for character in NEWS.encode("gbk")[1:].decode("gb18030", "replace")]
    assert sum(costs) < (judging.COMMON_COST - 1) * len(costs)
    assert sum(strange) > (judging.COMMON_COST + 1) * len(strange)
    bytes_lost = NEWS.encode().decode("cp1252", "ignore").encode("cp1252")
    controls_lost = NEWS.encode().translate(None, bytes(CONTROLS))
    assert lost_share(bytes_lost) < judging.MOST_LOST_SHARE < lost_share(controls_lost) / 2


def lost_share(data: bytes) -> float:
    """The share of losses in bytes of UTF-8, as the quick test counts them."""
    text = data.decode("utf-8", "replace")
    return len(judging._LOSSES.findall(text)) / len(judging._CHARACTERS.findall(text))


def test_a_place_is_flagged_once() -> None:
    """Where two repairs flag the same letters, the first one's reason stands."""
    flagged = repair("Č½║ė?žū▄╣ż╗ß").unresolved
    assert [(span.start, span.end) for span in flagged] == [(0, 12)]
    assert "总工会" in flagged[0].reason
