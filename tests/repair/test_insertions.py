"""Readings and pictures put in at random."""

from __future__ import annotations

import random

import pytest

from unioncrawl.language.pinyin import readings_of
from unioncrawl.repair import repair, replay

STORY = "县总工会主席走进车间，了解企业生产情况，叮嘱大家注意休息，做好劳动保护工作。"
CLOCKS = "🕐🕑🕤🕥🕰⌚☀🌂"


@pytest.mark.parametrize("seed", range(20))
def test_random_insertions_are_dropped(seed: int) -> None:
    """Spaced readings and clocks at random places go, nothing else does, and the steps replay."""
    rng = random.Random(seed)  # noqa: S311 - seeded damage
    damaged = ""
    for character in STORY:
        damaged += character
        if "一" <= character <= "龥" and rng.random() < 0.2:
            reading = min(readings_of(character))
            damaged += rng.choice([f"({reading} )", f"({rng.choice(CLOCKS)})"])
    damaged += "(gōng )" * (damaged == STORY)
    repaired = repair(damaged)
    assert replay(damaged, repaired.steps) == repaired.text
    assert repaired.text == STORY or repaired.unresolved


def test_a_lone_spaced_reading_is_dropped() -> None:
    """One reading with a space after a common character is enough."""
    assert repair("组织劳动(dòng )竞赛").text == "组织劳动竞赛"


def test_a_lone_picture_is_dropped_when_it_splits_a_word_and_flagged_otherwise() -> None:
    """工(🕤)会 becomes 工会; a picture between words stays and is flagged."""
    assert repair("全国总工(🕤)会").text == "全国总工会"
    repaired = repair("祝大家(😊)明天见")
    assert repaired.text == "祝大家(😊)明天见"
    assert [(u.start, u.end) for u in repaired.unresolved] == [(3, 6)]


@pytest.mark.parametrize(
    "text",
    [
        "甪(lù)直镇总工会、亳(bó)州市总工会",
        "甪(lù )直镇总工会",
        "床(chuáng )前(qián )明(míng )月(yuè )光(guāng )",
        "天(tiān)地(dì)人(rén)",
        "谢谢大家！😊🎉",
        "谢谢大家(😊)",
        "评分：(★) (☆) (√) (♀)",
        "长三分(cm )，重五克(kg )，由工会统一配发",
        "王某（女，a ）",
        "每班温度(℃)记录一次，面积（㎡）照实填写",
        "合格(√)或不合格(×)，同意（✓）或不同意（✗）",
        "增减（＋）相抵，参见（※）所注，电话(☎)值守",
    ],
)
def test_genuine_notes_and_pictures_stay(text: str) -> None:
    """Notes that somebody wrote, primers, pictures of the text and signs stay."""
    assert repair(text).text == text


def test_a_lone_clock_is_dropped_but_after_a_time() -> None:
    """No writer puts a clock in brackets into a sentence, except as the time of day."""
    assert repair("县总工会(🕤)召开会议").text == "县总工会召开会议"
    assert repair("家做扫帚(🕛)").text == "家做扫帚"
    assert not repair("上午九点半(🕤)集合，下午三点(🕒)散会").changed


def test_many_readings_put_in_at_random_make_no_primer() -> None:
    """A line with readings after most characters is damage; a primer prints them side by side."""
    assert repair("被(bèi )盗等(děng )事(shì )故").text == "被盗等事故"
    assert not repair("工(gōng )人(rén )有(yǒu )力(lì )量(liàng )").changed


@pytest.mark.parametrize("sign", "✌☘✈⛄❄⏰⌛⭐➿🀄🪐")
def test_any_picture_that_splits_a_word_is_dropped(sign: str) -> None:
    """A symbol that GBK lacks is no sign of Chinese text, whatever it shows."""
    assert repair(f"临溪市行({sign})政区划").text == "临溪市行政区划"
    assert repair(f"临溪市行（{sign}\ufe0f）政区划").text == "临溪市行政区划"
    assert repair(f"祝大家({sign})明天见").unresolved
