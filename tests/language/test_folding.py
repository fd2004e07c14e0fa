from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.language.folding import _Fold, fold, fold_table


@given(st.text(max_size=40) | st.text("-{}|zh:;總工會发發髮ＡＢａ　5·・&<>\n", max_size=40))
def test_fold_keeps_every_place(text: str) -> None:
    """The fold works character by character, keeps the length, and a second fold changes nothing."""
    folded = fold(text)
    assert folded == text.translate(fold_table())
    assert len(folded) == len(text)
    assert fold(folded) == folded


def test_all_forms_of_a_character_meet() -> None:
    """Traditional variants fold to the one simplified form."""
    for forms in ("发發髮", "后後", "台臺", "里裡裏", "会會", "劳勞", "ＡaAａ", "·・•"):
        assert len({fold(form) for form in forms}) == 1, forms


def test_a_text_is_folded_the_same_before_and_after_many() -> None:
    """The first texts of a process are folded with their own characters, later ones with all: by one rule."""
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x11000), *range(0x20000, 0x20100))))
    few, many = _Fold(), _Fold()
    many("工" * 500_001)
    assert few(every) == many(every) == every.translate(fold_table())
    assert [few(one) for one in ("總工會", "", "ＡＰＰ・")] == ["总工会", "", "app·"]
