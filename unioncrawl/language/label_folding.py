"""Fold printed lines so that labels can be looked up in them.

Mirrors print labels in traditional characters with readings after them, and sites
print their signs and digits in full width. The fold is for looking up only, and
holds where each of its characters stands in the printed line.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from unioncrawl.language.folding import simplified_characters
from unioncrawl.language.pinyin import PRINTED_NOTE
from unioncrawl.language.stray_characters import STANDING_FOR

# The traditional characters of labels, and radicals (⽇期). Others stay: the fold does not convert text.
_TRADITIONAL = STANDING_FOR | simplified_characters(
    "發佈時間來轉載點擊數瀏覽閱讀訪問編輯責審對記攝圖題標檔欄類機構單門稿動員錄執筆網錯關鍵號體評論"
    "鏈專說簡導報參當現處內聞爲為係檢視鑒臺與實習領獻氣圍觀過鈕見於選徵務"
    "傳別創劃寫屬庫復戶掃擬條熱監製稱簽籌約終絡統總聯薦術計訊設詞話語護辦郵開電"
)
_WIDE = str.maketrans(
    "：∶︰﹕（）［］〔〕／｜丨　\xa0\u2002\u2003\u2009０１２３４５６７８９－．",
    "::::()[][]/||     0123456789-.",
)
_WIDE_DIGIT = re.compile("[０-９]")
# Brackets, letters and a blank of `PRINTED_NOTE`.
_LONGEST_NOTE = 10
_NARROW_DIGITS = str.maketrans("０１２３４５６７８９：－／．", "0123456789:-/.")
# What a character becomes by both: of a line's forty few change, and translating all took four times as long.
# A bracket stays, and may open a reading.
_FOLDED = {
    char: char.translate(_WIDE).translate(_TRADITIONAL) for char in ("(", *map(chr, (*_TRADITIONAL, *_WIDE)))
}
_FOLDABLE = re.compile("[" + re.escape("".join(_FOLDED)) + "]")


class Folded(NamedTuple):
    """A line folded for looking labels up, and each character's place in the printed line."""

    text: str
    places: tuple[int, ...] | None

    def place(self, index: int) -> int:
        """Return where the folded character ``index`` stands in the printed line."""
        return index if self.places is None else self.places[index]


def narrow_digits(text: str) -> str:
    """A line with full-width digits and the signs of its dates narrow; any other line as it is.

    >>> narrow_digits("２０２４－０４－０８　９：３２")
    '2024-04-08　9:32'
    >>> narrow_digits("来源：中工网")
    '来源：中工网'
    """
    return text.translate(_NARROW_DIGITS) if _WIDE_DIGIT.search(text) else text


def is_longer(text: str, limit: int) -> bool:
    """Whether a line has more than so many characters beside the readings that a mirror sets into it.

    >>> is_longer("發(fā)布時(shí)間：2024-03-05", 16), is_longer("发布时间：2024年3月5日 10:20", 16)
    (False, True)
    """
    if len(text) <= limit or "(" not in text:
        return len(text) > limit
    longest = _LONGEST_NOTE * (text.count("(") + text.count("（"))
    return len(text) - longest > limit or len(PRINTED_NOTE.sub("", text)) > limit


def narrow_signs(text: str) -> str:
    """A line with its signs narrow and without readings; its characters stay as they are.

    >>> narrow_signs("通訊(xùn)員(yuán)：王小丫")
    '通訊員:王小丫'
    """
    return PRINTED_NOTE.sub("", text.translate(_WIDE)).replace("\x1f", " ")


def _folded(found: re.Match[str]) -> str:
    return _FOLDED[found[0]]


@lru_cache(maxsize=1024)
def fold_labels(text: str) -> Folded:
    """Fold a printed line so that labels can be looked up in it.

    Signs become narrow, the labels' characters become simplified, and readings in
    brackets after a character are dropped. The fold is for looking up only.

    >>> fold_labels("〖發(fā)布日期：2024").text
    '〖发布日期:2024'
    >>> fold_labels("来源:中工网").text
    '来源:中工网'
    """
    if not _FOLDABLE.search(text):
        return Folded(text, None)
    if "(" not in text and "（" not in text:
        return Folded(_FOLDABLE.sub(_folded, text), None)
    wide = text.translate(_WIDE)
    places: list[int] = []
    last = 0
    for note in PRINTED_NOTE.finditer(wide):
        places.extend(range(last, note.start()))
        last = note.end()
    if not last:
        return Folded(_FOLDABLE.sub(_folded, text), None)
    places.extend(range(last, len(text) + 1))
    kept = "".join(wide[place] for place in places[:-1])
    return Folded(kept.translate(_TRADITIONAL), tuple(places))
