"""The lead byte of a reading that waits for a second byte: known, or lost and so one of several."""

from __future__ import annotations

from functools import cache

from unioncrawl.repair.mirror.character_scores import Options, Row, Scored, best_above
from unioncrawl.repair.mirror.runs.byte_pairs import (
    BY_SECOND,
    BY_SECOND_HIGH,
    BY_SECOND_LOW,
    HIGH_START,
    LEADING,
    UNDEFINED,
    Pairs,
)

# The lead byte that waits: no byte, a known one (the byte itself), or a lost one.
NO_LEAD, ANY_LEAD, HIGH_LEAD, LOW_LEAD = 0, -1, -2, -3
# Lost after a byte with which it made a pair that GBK lacks: this number minus the byte.
UNDEFINED_LEAD = -100


def may_lead(byte: int, lead: int) -> bool:
    """Whether a byte is the lead that waits, or one of those that a lost lead may be."""
    if lead > 0:
        return byte == lead
    if lead <= UNDEFINED_LEAD:
        return byte in UNDEFINED[UNDEFINED_LEAD - lead]
    return lead == ANY_LEAD or (byte >= HIGH_START) == (lead == HIGH_LEAD)


_BY_LEAD = {ANY_LEAD: BY_SECOND, HIGH_LEAD: BY_SECOND_HIGH, LOW_LEAD: BY_SECOND_LOW}


@cache
def options_of(lead: int, byte: int) -> Options:
    """Return the characters that a second byte may end when the lead is lost."""
    if lead > UNDEFINED_LEAD:
        return _BY_LEAD[lead][byte]
    leads = UNDEFINED[UNDEFINED_LEAD - lead]
    found = Options()
    found.update((char, first) for char, first in BY_SECOND[byte].items() if first in leads)
    return found


# A history with more followers than this doesn't help to guess two bytes at once.
_MOST_FOLLOWERS = 300
# A history with fewer followers than this has seen too little to decide alone.
_FEW_FOLLOWERS = 40


def lost_pairs(
    row: Row, lead: int, least: float, pairs: Pairs = LEADING, *, deep: bool = False
) -> tuple[Scored, ...]:
    """Score the characters of a waiting lead whose second byte was lost; each with its pair.

    Empty where none can exceed ``least``.

    When the lead is lost too, only characters that were seen after this very history
    are tried. When ``deep`` (a note gives the reading), or when few were seen, those
    seen after the next shorter history are tried too.
    """
    if lead > 0:
        return best_above(row, pairs.by_lead[lead], least)
    if lead <= UNDEFINED_LEAD or (len(row.keys()) > _MOST_FOLLOWERS and not deep):
        return ()
    deep = deep or len(row.keys()) < _FEW_FOLLOWERS
    return best_above(row, pairs.low if lead == LOW_LEAD else pairs.high, least, 1 + deep)
