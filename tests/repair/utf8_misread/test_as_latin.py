"""UTF-8 read as Latin-1 or code page 1252, once and twice, whole and with bytes dropped."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, repair_fields, replay

STORY = "县总工会主席走进车间，了解企业生产情况：“大家注意休息！”——2024年5月1日"


def read_as(codec: str, data: bytes) -> str:
    """Bytes as letters of a code page; its open bytes are C1 controls."""
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
@pytest.mark.parametrize("text", [STORY, "工会", "劳模事迹", "2024年", "扶贫😀", "阿里·木江"])
def test_whole_texts_come_back(text: str, codec: str) -> None:
    """A story and a field of two characters come back, the steps replay, a second run changes nothing."""
    damaged = read_as(codec, text.encode())
    repaired = repair(damaged)
    assert repaired.text == text
    assert replay(damaged, repaired.steps) == text
    assert not repair(text).changed


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_misread_twice(encoding: str) -> None:
    """What was misread before its UTF-8 was misread comes back through both layers."""
    text = "县总工会召开十届三次全委会"
    damaged = read_as("cp1252", read_as("cp1252", text.encode(encoding)).encode())
    assert repair(damaged).text == text


def test_only_the_damaged_span_changes() -> None:
    """Good Chinese and accents before and after the damage stay."""
    damaged = "来源：" + read_as("cp1252", "工会劳动保护".encode()) + "（café，2024年）"
    assert repair(damaged).text == "来源：工会劳动保护（café，2024年）"


def test_no_break_spaces_that_became_spaces_are_put_back() -> None:
    """全 is E5 85 A8, 加 E5 8A A0: its A0 may stand as a space."""
    text = "参加学习，加强劳动保护"
    damaged = read_as("cp1252", text.encode()).replace("\xa0", " ")
    assert " " in damaged
    assert repair(damaged).text == text


def test_dropped_soft_hyphens_are_put_back_or_flagged() -> None:
    """A dropped byte is put back when its neighbours leave one candidate."""
    text = "县总工会开展学习活动，提高职工的文化水平，中国工人参加。"
    damaged = read_as("latin-1", text.encode()).replace("\xad", "")
    assert len(damaged) < len(text.encode())
    assert repair(damaged).text == text


def test_damage_in_the_title_alone_is_repaired() -> None:
    """Other fields of the page need no damage."""
    fields = repair_fields({"title": read_as("latin-1", "工会要闻".encode()), "body": STORY})
    assert fields["title"].text == "工会要闻"
    assert fields["body"].text == STORY


@pytest.mark.parametrize(
    "text",
    [
        "Ã à la française, IRMÃO, “IRMÔ, NÃO",
        "Åsa Ångström, Æsir, þorp, ðað",
        "café·thé ©2024 ±3° Ã©",
        "Nguyễn Đình Khang, Trần Đại Quang",
        STORY,
    ],
)
def test_genuine_letters_stay(text: str) -> None:
    """Accents that make no UTF-8 stay, and so does a lone pair."""
    assert repair(text).text == text
