"""Characters that stand for others: radicals, private use, signs without a shape.

Text copied from PDF files holds radicals in place of characters (⼯ U+2F2F for 工).
GB18030-2022 moved 19 signs out of the private use area, in which decoders of its
earlier editions put them, and A3A0 is a space (WHATWG Encoding Standard, index
gb18030, pointer 6555). Soft hyphens and zero-width spaces are set by editors.
A reader sees none of this, and no search finds 工会 in ⼯会.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

# Kangxi radicals have a compatibility decomposition. Of the Radicals Supplement these are whole
# characters (EquivalentUnifiedIdeograph.txt of Unicode); its parts of characters stay.
_SUPPLEMENT = (
    "⺁厂⺄乙⺈刀⺊卜⺌小⺒巳⺝月⺟母⺠民⺧牛⺬示⻁虎⻄西⻅见⻆角⻉贝⻊足⻋车⻏邑⻑長⻓长⻔门⻕阜⻗雨⻘青⻙韦⻚页"
    "⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻱龜⻳龟"
)
_KANGXI = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
RADICALS: dict[str, str] = _KANGXI | dict(zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True))

# Table D.1 of GB18030-2022, by the private code points of the edition of 2005.
GB18030_2022: dict[str, str] = dict(
    zip(
        "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
        "\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864\ue7c7",
        "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
        "\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb\u1e3f",
        strict=True,
    )
)
PRIVATE_USE: dict[str, str] = GB18030_2022 | {"\ue5e5": "\u3000"}
STANDING_FOR = str.maketrans(RADICALS | PRIVATE_USE)

# A soft hyphen between other letters may be a byte of misread text. Joiners have a meaning in emoji
# and in Indic and Arabic script, but beside a Chinese character.
_HAN = "㐀-鿿，。、：；！？（）《》“”"
_INVISIBLE = f"[\ufeff\u200b\u2060-\u2064]+|(?<=[{_HAN}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_HAN}])"
SHAPELESS_SIGNS = (
    "".join(
        map(
            chr,
            (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A)),
        )
    )
    + "\ufeff"
)
_SHAPELESS = re.compile(f"[{SHAPELESS_SIGNS}]")
SOFT_HYPHEN = "\xad"
_SOFT_HYPHEN = f"(?<=[A-Za-z{_HAN}])\xad+(?=[A-Za-z{_HAN}])"
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTIONS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


@cache
def _seldom(pattern: str) -> re.Pattern[str]:
    """A pattern that few texts need: with all Chinese characters in it, it takes 2 ms to compile."""
    return re.compile(pattern)


def invisible_spans(text: str) -> list[tuple[int, int]]:
    r"""Return where characters without a shape stand, as start and end.

    Marks of direction count where no letter runs from right to left.

    >>> invisible_spans("工会\u200b要闻")
    [(2, 3)]
    >>> invisible_spans("工会要闻"), invisible_spans("👨\u200d👩"), invisible_spans("\u200fعمل")
    ([], [], [])
    """
    if not _SHAPELESS.search(text):
        return []
    spans = [found.span() for found in _seldom(_INVISIBLE).finditer(text)]
    if _DIRECTIONS.search(text) and not _RIGHT_TO_LEFT.search(text):
        spans = sorted((*spans, *(found.span() for found in _DIRECTIONS.finditer(text))))
    return spans


def without_invisible(text: str) -> str:
    r"""Return the text of a page without its characters that have no shape, soft hyphens among them.

    >>> without_invisible("来\u200b源：工\u00ad会")
    '来源：工会'
    >>> without_invisible("来源：工会"), without_invisible("Ö\u00ad¹ú")
    ('来源：工会', 'Ö\xad¹ú')
    """
    text = _seldom(_SOFT_HYPHEN).sub("", text) if SOFT_HYPHEN in text else text
    # In a page of 100,000 characters looking for each takes a third of the time that their pattern takes.
    spans = invisible_spans(text) if any(sign in text for sign in SHAPELESS_SIGNS) else []
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text
