"""Readings of characters."""

from __future__ import annotations

from unioncrawl.language.pinyin import readings_of


def test_all_readings_are_known() -> None:
    """A character has each of its readings; a sign that is not a character has no reading."""
    assert {"zhòng", "chóng"} <= readings_of("重")
    assert "zhī" not in readings_of("量")
    assert "zhī" not in readings_of("A")
