"""Turn a mirror's pseudo-traditional text back to simplified."""

from __future__ import annotations

import re

from unioncrawl.repair.tables import SIMPLIFIED_FOR

# The table inverts exactly but for two characters. 著 was 著 in these words
# (zhù: to write, outstanding), elsewhere 着; 絳 was 绦 in those (braid, tapeworm).
_WRITE_WORDS = re.compile(
    "(?<![随隨沿朝冒围圍拿凭憑绕繞])著(?=名|作|述|书|書|称|稱|录|錄|者|有《|《|文|论|論|家|于|於|稿|译|譯|说立|名)"
    "|(?<=[显顯原专專名编編论論巨卓土合遗遺拙译譯昭较較共新旧舊所大主撰自学學])著"
    "|(?<=[一-鿿]{2})著[，。；）)]?(?=\\d{4}年版|，.{0,12}出版社)"
)
_BRAID_WORDS = re.compile("絳(?=虫|蟲|带|帶|子)|(?<=[丝絲])絳")
_TABLE = str.maketrans(SIMPLIFIED_FOR)


def turn_to_simplified(text: str) -> str:
    """Invert the mirrors' conversion; other traditional characters stay.

    著 becomes 着 unless the word is one of writing (著作, 显著, 土著).

    >>> turn_to_simplified("圍繞著著名的全國勞模發展后勤")
    '围绕着著名的全国劳模发展后勤'
    >>> turn_to_simplified("乾隆年間於臺灣")
    '乾隆年间於台湾'
    """
    if "著" in text:
        text = _WRITE_WORDS.sub(lambda match: match[0].replace("著", "\0"), text)
        return text.translate(_TABLE).replace("\0", "著") if "絳" not in text else _with_braids(text)
    return text.translate(_TABLE) if "絳" not in text else _with_braids(text)


def _with_braids(text: str) -> str:
    return _BRAID_WORDS.sub("绦", text).translate(_TABLE).replace("\0", "著")
