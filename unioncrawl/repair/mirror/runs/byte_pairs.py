"""Which characters two GBK bytes can be on a mirror's page, and what they were.

A mirror has converted every simplified character in its table, so a pair that
decodes to one of them can't stand in the mirror's bytes. That alone rules out
a quarter of all wrong readings of a broken run.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from unioncrawl.repair.mirror.character_scores import Options
from unioncrawl.repair.mirror_model.forward import FIRST_LEAD, LAST_LEAD, is_user_defined
from unioncrawl.repair.mirror_model.script_lookups import (
    RARER_READING_OF,
    READING_OF,
    SIMPLIFIED_FOR,
    WRITTEN_FOR,
)

HIGH_START = 0xA1
TWO_ORIGINS = {"著": "着著", "絳": "绛绦"}


def _characters() -> dict[int, str]:
    """Decode all pairs of GBK at once, a line each, which is much faster than one by one."""
    seconds = (*range(0x40, 0x7F), *range(0x80, 0xFF))
    pairs = [lead << 8 | second for lead in range(FIRST_LEAD, LAST_LEAD + 1) for second in seconds]
    lines = b"\n".join(pair.to_bytes(2) for pair in pairs).decode("gbk", "replace").split("\n")
    return {
        pair: line for pair, line in zip(pairs, lines, strict=True) if len(line) == 1 and line != "\ufffd"
    }


_CHARACTERS = _characters()

# An ideographic space only indents, so no broken run holds one.
_INDENT = "\N{IDEOGRAPHIC SPACE}"


PLAIN: dict[int, str] = {
    pair: TWO_ORIGINS.get(written) or SIMPLIFIED_FOR.get(written, written)
    for pair, written in _CHARACTERS.items()
    if written != _INDENT and ord(written) not in WRITTEN_FOR
}
"""Simplified originals (one, or two) by pair (lead << 8 | second)."""

BY_SECOND: dict[int, Options] = defaultdict(Options)
"""For a second byte: the characters that it may end, with their leads."""
BY_SECOND_HIGH: dict[int, Options] = defaultdict(Options)
"""The same, for leads from A1 on."""
BY_SECOND_LOW: dict[int, Options] = defaultdict(Options)
"""The same, for leads below A1."""


class Pairs(NamedTuple):
    """Characters with their pairs: by lead byte, and all with a lead from A1 on, or below."""

    by_lead: dict[int, Options]
    high: Options
    low: Options

    def add(self, pair: int, char: str) -> None:
        """File a pair."""
        self.by_lead[pair >> 8][char] = pair
        (self.high if pair >= HIGH_START << 8 else self.low)[char] = pair


LEADING = Pairs(defaultdict(Options), Options(), Options())
"""Pairs whose second byte could be taken for a lead."""
VANISHING = Pairs(defaultdict(Options), Options(), Options())
"""Pairs whose second byte, taken for a lead, may begin a pair that vanishes."""


@cache
def _may_vanish(lead: int) -> bool:
    """Whether a byte may begin a pair that vanishes."""
    return is_user_defined(bytes((lead, 0xA1))) or is_user_defined(bytes((lead, 0x80)))


def _file_character(pair: int, char: str) -> None:
    lead, second = divmod(pair, 256)
    BY_SECOND[second][char] = lead
    (BY_SECOND_HIGH if lead >= HIGH_START else BY_SECOND_LOW)[second][char] = lead
    if second >= FIRST_LEAD:
        LEADING.add(pair, char)
    if _may_vanish(second):
        VANISHING.add(pair, char)


# Newspaper names hold these, though GB 2312 lacks them.
_NAME_CHARACTERS = frozenset("镕喆堃珺琨頔翀昇甯赟祎玥旻炜啰瑄婳玥淼垚骉燊犇")

_FILED = _NAME_CHARACTERS.union("".join(PLAIN.values()).encode("gb2312", "ignore").decode("gb2312"))

for _pair, _plain in PLAIN.items():
    for _char in _plain:
        if _char in _FILED:
            _file_character(_pair, _char)

NOTED: dict[int, frozenset[str]] = {
    int.from_bytes(char.encode("gbk")): frozenset((reading, RARER_READING_OF.get(char, reading)))
    for char, reading in READING_OF.items()
    if len(char.encode("gbk", "ignore")) > 1
}
"""The readings that a mirror may annotate a pair with."""

UNDEFINED: dict[int, list[int]] = defaultdict(list)
"""For a lead byte: the seconds (that could lead) of pairs for which GBK has no character."""
for _lead in range(FIRST_LEAD, LAST_LEAD + 1):
    for _second in range(FIRST_LEAD, LAST_LEAD + 1):
        if _lead << 8 | _second not in _CHARACTERS and not is_user_defined(bytes((_lead, _second))):
            UNDEFINED[_lead].append(_second)

BY_READING: dict[str, list[int]] = defaultdict(list)
"""The pairs that a mirror may annotate with a reading and whose second byte could lead."""
for _pair, _readings in NOTED.items():
    for _reading in _readings if _pair & 0xFF >= FIRST_LEAD and _pair in PLAIN else ():
        BY_READING[_reading].append(_pair)

PAIR_OF: dict[str, int] = {char: int.from_bytes(char.encode("gbk")) for char in SIMPLIFIED_FOR}
"""The pair of each character that the conversion writes."""
