"""One hypothesis of what a broken run was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from unioncrawl.repair.mirror_model.forward import CUT_MARKS, Decoder

# About what a hypothesis that waits for a second byte still has to pay.
WAITING_NATS = 2.0


@dataclass(frozen=True)
class Rules:
    """What is known of the mirror: annotated pairs, changed pairs seen bare, its decoder."""

    annotated: frozenset[int]
    bare: frozenset[int]
    decoder: Decoder = Decoder.SWALLOWING


class Reading(NamedTuple):
    """One hypothesis.

    ``text`` is simplified, full-width as in the mirror's bytes; ``last`` are the last
    two of those bytes (first << 8 | second) that the current piece has, one or 0 when it
    has no more, without a lost lead that still waits. ``upto`` and ``length`` are the
    token and the length of the text up to which the reading differs from the page.
    """

    nats: float
    text: str
    lead: int
    last: int
    upto: int
    length: int


def is_cut_out(char: str, last: int) -> bool:
    """Whether a mark that is read after these bytes would have been cut out, and so seen.

    This is not so right after a cut: there the mark overlaps one that was cut before it.
    """
    return last > 0 and char in CUT_MARKS
