"""GB18030 text in which single bytes were lost: read so that one loss costs two characters.

A character is two bytes, and both may have their high bit set, so after a lost byte a
decoder pairs the second byte of each character with the first one of the next, up to the
next ASCII sign. The reading here is the cheapest of all: each character costs as much as
it is rare, and a byte that is left out costs as much as a few rare characters.
"""

from __future__ import annotations

import re
from functools import lru_cache

from unioncrawl.language.characters import COMMON_SIMPLIFIED, COMMON_TRADITIONAL, character_cost
from unioncrawl.language.pinyin import READING, TONED_READING

LOST = "\ufffd"
# No second byte of a character has these values.
EDGE = re.compile(rb"[<>\n]")
# Three wrong pairs cost more than right ones and a byte left out: 13 against 5 each.
_LOST_COST = 22.0
# Longer stretches without a tag or a line end are no pages.
_LONGEST_STRETCH_BYTES = 50_000
# Beyond this share of its high bytes a body has more than a few losses.
_MOST_LOST_SHARE = 0.02
_FEW = 8
# A row of five uncommon characters: one in 40,000 of news, most of what wrong pairs give.
_RARE_RUN = re.compile(
    f"[^\x00-\x7f\u0370-\u04ff\u2010-\u203b\u3000-\u3011\u3041-\u30ff\uff01-\uff5e{COMMON_SIMPLIFIED}{COMMON_TRADITIONAL}]{{5}}"
)

# What a mirror's hand leaves on its page: its notes after traditional characters, and the question mark
# of a broken run, before a mark or within a note (see ``unioncrawl.repair.mirror_model.evidence``).
_TRADITIONAL = re.compile(f"[{COMMON_TRADITIONAL}]")
_FEWEST_TRADITIONAL = 5
_OF_A_MIRROR = re.compile(rf"[{COMMON_TRADITIONAL}]\({TONED_READING}\)|\?(?:[！？；。，、]|{READING}\))")


def resynchronise(body: bytes, text: str, high: int) -> str:
    r"""Return the reading of a GB18030 body, its stretches with lost bytes read anew.

    ``text`` is the plain reading, each bad byte as U+FFFD, and ``high`` the number of
    bytes beyond ASCII. Two losses in one stretch leave no bad byte, but rare characters
    between them. A body with more than a few bad bytes keeps its plain reading. So does, but for
    the stretches with a bad byte, a page that a mirror wrote: its broken runs are pairs out of step
    too, but no byte of the page is lost, and the bytes that its mirror lost are restored by repair.

    >>> body = "职工之家".encode("gbk")[1:] + "建设工作推进会<br>".encode("gbk")
    >>> resynchronise(body, body.decode("gb18030", "replace"), 21)
    '�工之家建设工作推进会<br>'
    """
    lost = text.count(LOST)
    if lost > max(_FEW, _MOST_LOST_SHARE * high):
        return text
    doubtful = _is_doubtful(text)
    if not (lost or doubtful):
        return text
    parts = []
    done = 0
    for edge in (*EDGE.finditer(body), None):
        end = edge.end() if edge else len(body)
        parts.append(_read(body[done:end], doubtful=doubtful))
        done = end
    return "".join(parts)


def _is_doubtful(text: str) -> bool:
    """Whether a page has a row of rare characters that no mirror's hand explains."""
    if not _RARE_RUN.search(text):
        return False
    return not _OF_A_MIRROR.search(text) or len(_TRADITIONAL.findall(text)) < _FEWEST_TRADITIONAL


def _read(stretch: bytes, *, doubtful: bool) -> str:
    text = stretch.decode("gb18030", "unioncrawl.mark")
    may_be_lost = LOST in text or (doubtful and _RARE_RUN.search(text))
    if len(stretch) > _LONGEST_STRETCH_BYTES or not may_be_lost:
        return text
    return _cheapest(stretch)


def _cheapest(stretch: bytes) -> str:
    """The text of the cheapest way through the bytes."""
    costs = [float("inf")] * (len(stretch) + 1)
    came: list[tuple[int, str]] = [(0, "")] * (len(stretch) + 1)
    costs[0] = 0.0
    for place in range(len(stretch)):
        for length, character, cost in _ways_on(stretch, place):
            if costs[place] + cost < costs[place + length]:
                costs[place + length] = costs[place] + cost
                came[place + length] = (place, character)
    found = []
    place = len(stretch)
    while place:
        place, character = came[place]
        found.append(character)
    return "".join(reversed(found))


def _ways_on(stretch: bytes, place: int) -> list[tuple[int, str, float]]:
    """The characters that can begin at a byte: length in bytes, character, cost."""
    byte = stretch[place]
    if byte < 0x80:  # noqa: PLR2004 - ASCII
        return [(1, chr(byte), 0.0)]
    if byte == 0x80:  # noqa: PLR2004 - the euro sign of code page 936
        return [(1, "€", character_cost("€"))]
    ways = [(1, LOST, _LOST_COST)]
    for length in (2, 4):
        character = _character(stretch[place : place + length])
        if character:
            return [*ways, (length, character, character_cost(character))]
    return ways


@lru_cache(maxsize=1 << 14)
def _character(data: bytes) -> str:
    """The one character that the bytes are; empty when they are none or several."""
    text = data.decode("gb18030", "ignore")
    return text if len(text) == 1 and text.encode("gb18030") == data else ""
