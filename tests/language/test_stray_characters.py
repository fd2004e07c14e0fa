"""The table of characters that stand for others."""

from __future__ import annotations

import unicodedata

from unioncrawl.language.folding import fold, fold_words
from unioncrawl.language.label_folding import fold_labels
from unioncrawl.language.stray_characters import GB18030_2022, RADICALS


def test_every_radical_becomes_an_ideograph() -> None:
    """What stands for a radical is a unified ideograph, and no radical again."""
    for radical, meant in RADICALS.items():
        assert "RADICAL" in unicodedata.name(radical), radical
        assert unicodedata.name(meant).startswith("CJK UNIFIED IDEOGRAPH"), radical
    assert RADICALS["⼯"] == "工"


def test_moved_positions_are_those_of_the_standard() -> None:
    """Each of the 19 moved positions is private use before and assigned after."""
    assert len(GB18030_2022) == 19
    assert {unicodedata.category(sign) for sign in GB18030_2022} == {"Co"}
    assert b"\xa6\xd9".decode("gb18030") == "\ue78d"
    assert GB18030_2022["\ue78d"] == unicodedata.lookup("PRESENTATION FORM FOR VERTICAL COMMA")


def test_search_and_labels_see_the_character() -> None:
    """工会 finds ⼯会, and ⽇期 is a label."""
    assert fold("总⼯会") == "总工会"
    assert fold_words("总工\u00ad会") == "总工会"
    assert fold_labels("发布⽇期：2024").text == "发布日期:2024"
