"""Chinese bytes read in a code page: restored where one reading is clearly likeliest, else flagged."""

from __future__ import annotations

import unicodedata

import pytest

from unioncrawl.repair import repair, repair_fields, replay
from unioncrawl.repair.code_pages.pages import CODECS

STORY = (
    "东河县总工会召开劳动模范座谈会，听取一线职工的意见。县总工会主席勉励大家继续学习先进，做好维权服务工作。"
)
TITLE = "临溪市总工会慰问职工"
LOSSY = {
    "iso8859_3",
    "iso8859_6",
    "iso8859_7",
    "iso8859_8",
    "iso8859_11",
    "cp1253",
    "cp1255",
    "cp1257",
    "cp874",
}
LOSSY |= {"cp857", "cp869", "koi8_t", "cp864"}


def read_as(codec: str, data: bytes, lost: str = "") -> str:
    """Bytes as letters of a code page; an open one is a C1 control, or what ``lost`` says."""
    shown = (bytes([byte]).decode(codec, "ignore") or lost or chr(byte) for byte in data)
    return "".join(shown)


def is_honest(damaged: str, right: str) -> bool:
    """Whether a text comes back exactly, or stays as it is with a flag."""
    repaired = repair(damaged)
    assert replay(damaged, repaired.steps) == repaired.text
    return repaired.text == right or (repaired.text == damaged and bool(repaired.unresolved))


@pytest.mark.parametrize("codec", sorted(set(CODECS) - LOSSY))
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_whole_texts_come_back(codec: str, encoding: str) -> None:
    """A story and a headline come back from every code page that has a letter for each byte."""
    for text in (STORY, TITLE):
        damaged = read_as(codec, text.encode(encoding))
        repaired = repair(damaged)
        assert repaired.text == text
        assert not repaired.unresolved
        assert replay(damaged, repaired.steps) == text
        assert not repair(text).changed


@pytest.mark.parametrize("codec", sorted(LOSSY - {"iso8859_8"}))
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
@pytest.mark.parametrize("lost", ["\ufffd", "?"])
def test_lost_bytes_are_chosen_or_the_text_stays(codec: str, encoding: str, lost: str) -> None:
    """Where a page has no letter for a byte, the character is chosen by its neighbours or all is flagged."""
    damaged = read_as(codec, TITLE.encode(encoding), lost)
    assert is_honest(damaged, TITLE)


@pytest.mark.parametrize("codec", ["iso8859_2", "iso8859_9", "iso8859_15", "iso8859_5"])
def test_a_text_without_its_controls_is_flagged(codec: str) -> None:
    """Where the C1 controls of UTF-8 were dropped, most characters are lost, and the text stays."""
    damaged = "".join(letter for letter in read_as(codec, STORY.encode()) if not "\x80" <= letter <= "\x9f")
    repaired = repair(damaged)
    assert repaired.text == damaged
    assert repaired.unresolved


def test_only_the_damaged_span_changes() -> None:
    """Good Chinese, accents and digits before and after the damage stay."""
    damaged = "来源：" + read_as("koi8_r", TITLE.encode("gbk")) + "（café，2024年5月） ACFTU"
    assert repair(damaged).text == f"来源：{TITLE}（café，2024年5月） ACFTU"


def test_the_fields_of_a_page_decide_together() -> None:
    """A short field is read in the code page that the text shows."""
    fields = {"title": "工会要闻", "body_text": STORY}
    damaged = {name: read_as("iso8859_15", text.encode("gbk")) for name, text in fields.items()}
    assert {name: result.text for name, result in repair_fields(damaged).items()} == fields


@pytest.mark.parametrize(
    ("inner", "outer"), [("iso8859_9", "cp1251"), ("latin-1", "koi8_r"), ("cp437", "cp850")]
)
@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_misread_twice(inner: str, outer: str, encoding: str) -> None:
    """Letters that were misread again, as UTF-8, come back through both layers."""
    damaged = read_as(outer, read_as(inner, TITLE.encode(encoding)).encode())
    assert repair(damaged).text == TITLE


def test_no_break_spaces_that_became_spaces_are_put_back() -> None:
    """The Mac's no-break space is CA, the lead of 是 and 市: a space may stand for half of a character."""
    text = "东河县总工会是先进集体，全市职工向他们学习"
    damaged = read_as("mac_roman", text.encode("gbk")).replace("\xa0", " ")
    assert " " in damaged
    assert repair(damaged).text == text


def test_composed_letters_are_taken_apart() -> None:
    """Code page 1258 has its tones apart, and programs compose them."""
    text = "今年以来" + STORY
    damaged = unicodedata.normalize("NFC", read_as("cp1258", text.encode("gbk")))
    assert len(damaged) < len(text.encode("gbk"))
    assert repair(damaged).text == text


def test_each_step_names_the_code_page_and_is_sure() -> None:
    """A reader of the archive sees what happened; nothing less sure than 0.9 is put in place."""
    (step,) = repair(read_as("cp437", TITLE.encode("gbk"))).steps
    assert (step.kind, step.evidence) == ("code-page", "GBK bytes read as cp437")
    assert step.confidence >= 0.9


@pytest.mark.parametrize(
    "text",
    [
        "Федерация независимых профсоюзов России провела съезд в Москве; ВКП и ФНПР, №5",
        "Конфедерація вільних профспілок України, м. Київ",
        "Γενική Συνομοσπονδία Εργατών Ελλάδας, Αθήνα «ΓΣΕΕ»",
        "الاتحاد الدولي لنقابات العمال العرب، دمشق",
        "הסתדרות העובדים הכללית החדשה, תל אביב",
        "สภาองค์การลูกจ้างแรงงานแห่งประเทศไทย",
        "Tổng Liên đoàn Lao động Việt Nam; ông Nguyễn Đình Khang, Đặng Thị Ngọc Thịnh",
        "Türkiye İşçi Sendikaları Konfederasyonu: ÇALIŞMA, güçlü Şanlıurfa’dan",
        "Ogólnopolskie Porozumienie Związków Zawodowych; żółć, Łódź, Święto Pracy",
        "Česko-moravská konfederace odborových svazů, Příbram, žluťoučký kůň",
        "Confédération générale du travail «à côté», œuvre, naïveté, 1er mai, 50 €",
        "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ àáâãäåæçèéêëìíîï",
        "┌──┬──┐\n│甲│乙│\n├──┼──┤\n╔══╦══╗\n║××║××║\n╚══╩══╝",
        "∑ x² ≤ √(a²+b²)±½·π，∠A≈30°，λ=5μm，∂u/∂t=a²∂²u/∂x²",
        "民主労総 민주노총 위원장，全労連",
        "①②③ⅠⅡⅢ ★☆●○◆◇■□▲△▼▽ ←→↑↓",
    ],
)
def test_what_people_write_stays(text: str) -> None:
    """Languages, formulas and frames stay as they are, without a flag, alone and among Chinese."""
    for whole in (text, f"本报讯（{text}）东河县总工会"):
        repaired = repair(whole)
        assert not repaired.steps
        assert not repaired.unresolved
