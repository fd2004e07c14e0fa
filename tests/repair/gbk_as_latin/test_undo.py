"""GBK read as Latin-1, cp1252, cp1250, and with pairs read as UTF-8."""

from __future__ import annotations

import re

import pytest

from unioncrawl.repair import repair, repair_fields, replay
from unioncrawl.repair.gbk_as_latin.undo import suspects_mojibake, undo_mojibake
from unioncrawl.repair.page_evidence import Page

STORY = "青石县总工会组织一线职工开展劳动技能竞赛，县总工会主席为获奖者颁奖，并勉励大家学习劳模精神。"


def read_as(codec: str, text: str) -> str:
    """The text's GBK bytes, each read as a letter of a code page."""
    return "".join(bytes([b]).decode(codec, "ignore") or chr(b) for b in text.encode("gbk"))


def read_with_pairs(text: str) -> str:
    """The same as Latin-1, but aligned pairs that are valid UTF-8 are read as UTF-8."""
    out = ""
    for character in text:
        data = character.encode("gbk")
        is_pair = len(data) == 2 and 0xC2 <= data[0] <= 0xDF and data[1] <= 0xBF
        out += data.decode("utf-8" if is_pair else "latin-1")
    return out


@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "cp1250"])
def test_whole_texts_come_back(codec: str) -> None:
    """A story read in each code page comes back, and the steps replay."""
    damaged = read_as(codec, STORY)
    repaired = repair(damaged)
    assert repaired.text == STORY
    assert replay(damaged, repaired.steps) == STORY
    assert repair(repaired.text).steps == ()


def test_pairs_read_as_utf8_come_back() -> None:
    """Class B2: 统一 stands as two Greek and Cyrillic letters among Latin ones."""
    assert "ͳһ" in read_with_pairs("统一")
    text = "这种统一口径的要求，由县总工会统一部署。"
    assert repair(read_with_pairs(text)).text == text


def test_dropped_soft_hyphens_are_put_back() -> None:
    """江 (BD AD) whose soft hyphen is gone is still 江."""
    text = "江苏省总工会和江西省总工会召开座谈会"
    damaged = read_as("cp1252", text).replace("\xad", "")
    assert len(damaged) < len(read_as("cp1252", text))
    assert repair(damaged).text == text


def test_only_the_damaged_span_changes() -> None:
    """Good text around the damage stays, step offsets name the span alone."""
    damaged = "来源：" + read_as("cp1252", "县总工会") + "，2024年"
    repaired = repair(damaged)
    assert repaired.text == "来源：县总工会，2024年"
    assert [(step.start, step.end) for step in repaired.steps] == [(3, 11)]


def test_a_short_field_is_judged_by_the_page() -> None:
    """A run of one character is repaired on a page with longer damage, and left alone otherwise."""
    short = "2024" + read_as("cp1252", "年")
    assert repair(short).text == short
    assert repair_fields({"date": short, "body": read_as("cp1252", STORY)})["date"].text == "2024年"


def test_a_cut_last_byte_is_flagged() -> None:
    """The half of a character that a cut left stays and is flagged."""
    repaired = repair(read_as("cp1252", "县总工会召开会议")[:-1])
    assert repaired.text[:-1] == "县总工会召开会"
    assert [(u.start, u.end) for u in repaired.unresolved] == [(7, 8)]


@pytest.mark.parametrize(
    "text",
    [
        "Les fédérations françaises ont décidé à Paris; l'été, ça va: «déjà vu».",
        "Peña Nieto, Ñandú, São Paulo, coração",
        "Zhōnghuá Quánguó Zǒnggōnghuì",
        "Nguyễn Đình Khang, Trần Đại Quang, Đà Nẵng",
        "ÀÁÂÃÄÅÆÇÈÉÊË àáâãäåæçèéêë ÄÖÜ äöüß",
        "Łódź, Gdańsk, Świętochłowice, Příbram, Győr",
        "Αθήνα Ελλάδα, Профсоюзы России",
        "××市××区总工会 2024年 · 气温38℃ ±2 §3 ®",
        "pqrstuvwxyz £©µÀÆÖÞßéöÿ",
    ],
)
def test_genuine_letters_stay(text: str) -> None:
    """Accents of European languages, pinyin, Vietnamese names and signs stay as they are."""
    assert repair(text).text == text


def test_pinyin_notes_are_no_mojibake() -> None:
    """A mirror's notes beside dashes and dots are left to the mirror's own repair."""
    text = (
        "業(yè)——計(jì)時(shí)……國(guó)家節(jié)目，業(yè)務(wù)、產(chǎn)業(yè)；個(gè)人，結(jié)構(gòu)。"
    )
    assert not suspects_mojibake(text)
    assert undo_mojibake(text, Page((text,))).edits == ()


@pytest.mark.parametrize("text", ["潮涌珠江畔", "餐厨垃圾", "损害赔偿", "行政法规"])
@pytest.mark.parametrize("codec", ["latin-1", "cp1252", "cp1250"])
def test_a_short_phrase_comes_back(text: str, codec: str) -> None:
    """A field of four characters comes back, rare ones too when they make a phrase."""
    assert repair(read_as(codec, text)).text == text


def test_soft_hyphens_dropped_close_together_are_put_back() -> None:
    """经 (BE AD) and 原 (D4 AD) side by side give common characters when read plainly."""
    text = "大家遵循的原则、方法不变，处事原则和方式照旧，特许经营协议内容也不变。"
    assert repair(read_as("latin-1", text).replace("\xad", "")).text == text


def test_pairs_across_two_characters_come_back() -> None:
    """Pairs of UTF-8 may lie across two characters of GBK: 口径 (BF DA BE B6) is ¿ھ¶ then."""
    text = "这种统一口径的要求，由县总工会统一部署。"
    data = text.encode("gbk")
    damaged = re.sub(
        rb"[\xc2-\xdf][\x80-\xbf]|[\x80-\xff]",
        lambda found: found[0] if len(found[0]) > 1 else found[0].decode("latin-1").encode(),
        data,
    ).decode()
    assert "ھ" in damaged
    assert repair(damaged).text == text


def test_good_signs_beside_damage_stay() -> None:
    """Quotation marks and the dot of names beside damage are not bytes of it."""
    good = "“十五五”时期，阿里·塔巴塔拜说："
    assert repair(good + read_as("cp1252", "县总工会") + "……").text == good + "县总工会……"


def test_four_bytes_of_gb18030_come_back() -> None:
    """An em space (81 36 A3 39) among the damage comes back."""
    text = "闭幕。\u2003\u2003县总工会主席讲话"
    damaged = "".join(bytes([byte]).decode("latin-1") for byte in text.encode("gb18030"))
    assert repair(damaged).text == text
