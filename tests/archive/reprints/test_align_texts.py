from __future__ import annotations

import pytest

from unioncrawl.archive.reprints.align_texts import lay_side_by_side
from unioncrawl.archive.reprints.fingerprints import ReprintText

TEXT = "4月8日神木市总工会到环卫驿站慰问一线职工送去清凉饮料120箱并叮嘱大家注意防暑降温合理安排作业时间"


def _swaps(changed: str, text: str = TEXT) -> list[tuple[str, str]]:
    found = lay_side_by_side(ReprintText(text), ReprintText(changed))
    return [(swap.ours, swap.theirs) for swap in found.swaps]


@pytest.mark.parametrize(
    ("old", "new", "swaps"),
    [
        ("120", "85", [("120", "85")]),
        ("120", "130", [("120", "130")]),
        ("8日", "18日", [("8", "18")]),
        ("神木市", "府谷县", [("神木市", "府谷县")]),
        ("环卫驿站", "快递驿站", [("环卫", "快递")]),
        ("4月8日神木市", "5月12日府谷县", [("神木市", "府谷县"), ("8", "12"), ("4", "5")]),
    ],
)
def test_what_took_anothers_place_is_found(old: str, new: str, swaps: list[tuple[str, str]]) -> None:
    """Names and numbers are reported whole, from the text's beginning too."""
    assert _swaps(TEXT.replace(old, new)) == swaps


@pytest.mark.parametrize(
    "changed",
    [
        TEXT,
        "本报讯" + TEXT,
        TEXT + "更多新闻请关注本站",
        TEXT.replace("到环卫驿站慰问一线职工", ""),
        TEXT.replace("大家", "大家一定"),
        TEXT.replace("4月8日", "昨日"),
    ],
    ids=["same", "lead", "tail", "left out", "put in", "昨日"],
)
def test_what_one_text_alone_has_is_no_swap(changed: str) -> None:
    """Leaving out, adding, and a word for a number put nothing in another's place."""
    assert _swaps(changed) == []
    assert _swaps(TEXT, changed) == []


def test_numbers_in_both_are_counted() -> None:
    """Numbers that stand in both texts at the same place count, those left out or swapped don't."""
    found = lay_side_by_side(ReprintText(TEXT), ReprintText(TEXT.replace("120", "85")))
    assert found.kept_numbers == 2
    assert lay_side_by_side(ReprintText(TEXT), ReprintText(TEXT[20:])).kept_numbers == 1
