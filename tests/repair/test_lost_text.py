"""Text that is lost for good."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("青石县锟斤拷锟斤拷总工会", 3, 9),
        ("青石县锟斤拷锟?", 3, 8),
        ("全国\ufffd\ufffd工会", 2, 4),
        ("烫烫烫烫", 0, 4),
        ("工会屯屯屯", 2, 5),
        ("工会ï¿½ï¿½", 2, 8),
        ("工会葺葺葺", 2, 5),
        ("工会&#65533;&#xFFFD;", 2, 18),
    ],
)
def test_lost_text_is_flagged_and_never_filled(text: str, start: int, end: int) -> None:
    """The text stays as it is, and the span is flagged with a reason."""
    repaired = repair(text)
    assert repaired.text == text
    assert [(u.start, u.end) for u in repaired.unresolved] == [(start, end)]
    assert repaired.unresolved[0].reason


@pytest.mark.parametrize("text", ["三斤苹果", "火锅烫烫的", "屯屯通公路", "拷问", "三斤拷贝", "修葺一新"])
def test_genuine_words_are_not_flagged(text: str) -> None:
    """Words that share a character with the marks are good text."""
    assert repair(text).unresolved == ()


def test_damage_around_lost_text_is_undone_and_the_lost_text_stays() -> None:
    """锟斤拷 in the middle of mojibake is flagged, and what stands around it comes back."""
    before, lost, after = "劳动保护工会", "锟斤拷锟斤拷", "劳动合同制度"
    for encoding, codec in (("utf-8", "gbk"), ("utf-8", "latin-1"), ("gbk", "latin-1")):
        read = [part.encode(encoding).decode(codec) for part in (before, after)]
        repaired = repair(read[0] + lost + read[1])
        assert repaired.text == before + lost + after
        assert [(u.start, u.end) for u in repaired.unresolved] == [(6, 12)]
