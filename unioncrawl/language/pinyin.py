"""How a reading is written, the note that holds it, and which readings a character has.

Every pattern for a reading is made from the letters below, so that they are listed in one
place. `NOTE` matches a note that a mirror writes; `PRINTED_NOTE` matches any note of a page.
"""

from __future__ import annotations

import re
from functools import cache

TONED_VOWELS = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
# For a character class: the letters of a mirror's readings, and those of a dictionary's (欸 ê, 嗯 ńg, 呣 ḿ).
READING_LETTERS = f"a-z{TONED_VOWELS}"
DICTIONARY_LETTERS = f"{READING_LETTERS}êńňǹḿ"
# A mirror's reading, with the space of its rarer table; and one that is known by its tone mark.
READING = f"[{READING_LETTERS}]{{1,6}} ?"
TONED_READING = f"[a-z]*[{TONED_VOWELS}][a-z]* ?"
# A reading as any page prints it; schoolbooks write ɑ and ɡ.
PRINTED_READING = rf"[{DICTIONARY_LETTERS}ɑɡ]{{1,7}}\s?"

# A mirror's note: 會(huì).
NOTE = re.compile(rf"\(({READING})\)")
# The same with the character before it.
HOSTED_NOTE = re.compile(rf"\((?<=(.)\()({READING})\)", re.DOTALL)
# Any note that stands after a character; the bracket is first, so that `re` looks for it at once.
PRINTED_NOTE = re.compile(rf"[(（](?<=[㐀-鿿].){PRINTED_READING}[)）]")


@cache
def readings_of(character: str) -> frozenset[str]:
    """Every reading of a character, with tone marks.

    >>> sorted(readings_of("重"))[0], "tóng" in readings_of("重")
    ('chóng', True)
    """
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 - half a second that clean text does not pay

    return frozenset(PINYIN_DICT.get(ord(character), "").split(","))
