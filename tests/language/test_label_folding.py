from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.language.folding import fold
from unioncrawl.language.label_folding import _TRADITIONAL, _WIDE, fold_labels, is_longer, narrow_signs


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("發(fā)佈時間：", "发布时间:"),
        ("瀏覽（lǎn）次數(shù )：", "浏览次数:"),
        ("責任編輯﹕張三", "责任编辑:張三"),
        ("来源：中工网", "来源:中工网"),
    ],
)
def test_labels_of_a_mirror_are_those_of_its_original(printed: str, folded: str) -> None:
    """A label in traditional characters with readings is looked up as the simplified one; names stay."""
    assert fold_labels(printed).text == folded


@given(st.text("發佈時間責編輯于於着著张張：(（fābù ）)12", max_size=30))
def test_each_folded_character_has_its_place(text: str) -> None:
    """A character of the fold is the printed one at its place, and both fold to one for a search."""
    line = fold_labels(text)
    for index, character in enumerate(line.text):
        assert fold(character) == fold(text[line.place(index)])


def test_each_character_folds_once() -> None:
    """A sign becomes narrow and then simplified, never the other way round: a radical ⼁ is no bar."""
    line = "工".join(map(chr, (*_TRADITIONAL, *_WIDE)))
    assert fold_labels(line.replace("（", "")).text == line.replace("（", "").translate(_WIDE).translate(
        _TRADITIONAL
    )
    assert fold_labels("⼁").text == "丨"


@given(st.text("張编編輯：（(yáng )）", max_size=30))
def test_narrow_signs_keep_the_script(text: str) -> None:
    """Narrowing the signs of a line converts no character."""
    kept = [character for character in narrow_signs(text) if "一" <= character <= "龥"]
    assert kept == [character for character in text if "一" <= character <= "龥"]


@pytest.mark.parametrize("reading", ["a", "shuāng", "zhuangɡ "])
def test_readings_of_any_length_count_nothing(reading: str) -> None:
    """A line is as long as its characters without their readings, up to the longest reading."""
    line = f"會({reading})" * 20
    assert is_longer(line, 19)
    assert not is_longer(line, 20)
