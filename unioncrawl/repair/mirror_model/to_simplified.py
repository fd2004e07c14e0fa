"""Turn a mirror's pseudo-traditional text back to simplified."""

from __future__ import annotations

import re

from unioncrawl.language.lexicon import HISTORY_CHARACTERS, load_lexicon
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR

# The table inverts exactly but for two characters. 著 was mostly 著 in these words
# (zhù: to write, outstanding), elsewhere 着; 絳 was 绦 in those (braid, tapeworm).
_WRITE_WORDS = re.compile("著(?=名|作|述|称|者|有|书立)|(?<=[显原专名编论巨卓土合遗译昭])著")
# In these it was 着, unless a word of writing ends on it (名著重印).
_ATTACH_WORDS = re.compile("(?<![原专名编论巨卓译合遗])著(?=[手力眼重急陆装想])")
# How much the statistics must prefer 著 to write it, in those words and in others.
_WRITE_NATS, _OTHER_NATS = -2.5, 3.0
_BRAID_WORDS = re.compile("絳(?=虫|蟲|带|帶|子)|(?<=[丝絲])絳")
# A string of the basic plane: a dictionary would raise and catch an error for each character that it
# lacks, and a list of strings reaches for each one somewhere in memory (98 and 74 ns a character).
_TABLE = "".join(SIMPLIFIED_FOR.get(char, char) for char in map(chr, range(0x10000)))


def turn_to_simplified(text: str) -> str:
    """Invert the mirrors' conversion; other traditional characters stay.

    著 becomes 着 unless the word is one of writing (著作, 显著, 土著).

    >>> turn_to_simplified("圍繞著著名的全國勞模發展后勤")
    '围绕着著名的全国劳模发展后勤'
    >>> turn_to_simplified("乾隆年間於臺灣")
    '乾隆年间於台湾'
    """
    if "絳" in text:
        text = _BRAID_WORDS.sub("绦", text)
    turned = text.translate(_TABLE)
    return _with_written(text, turned) if "著" in text else turned


def _with_written(text: str, turned: str) -> str:
    """Put 著 where the statistics prefer it to 着."""
    score = load_lexicon().score
    pieces: list[str] = []
    done, tail = 0, ""
    for place in (found.start() for found in re.finditer("著", text)):
        before = (tail + turned[max(done, place - HISTORY_CHARACTERS) : place])[-HISTORY_CHARACTERS:]
        after = turned[place + 1 : place + 1 + HISTORY_CHARACTERS]
        if _ATTACH_WORDS.match(f"{before}著{after}", len(before)):
            continue
        gain = score("著" + after, before) - score("着" + after, before)
        in_word = _WRITE_WORDS.match(f"{before}著{after}", len(before))
        if gain > (_WRITE_NATS if in_word else _OTHER_NATS):
            pieces += (turned[done:place], "著")
            done, tail = place + 1, before + "著"
    return "".join((*pieces, turned[done:]))
