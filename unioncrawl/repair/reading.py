"""One hypothesis of what a broken run was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from unioncrawl.repair.forward import CUT_MARKS, Decoder
from unioncrawl.repair.leads import NO_LEAD

# What a hypothesis that waits for a second byte will still have to pay, about.
_WAITING_NATS = 2.0


@dataclass(frozen=True)
class Rules:
    """What is known of the mirror: annotated pairs, changed pairs seen bare, its decoder."""

    annotated: frozenset[int]
    bare: frozenset[int]
    decoder: Decoder = Decoder.SWALLOWING


class Reading(NamedTuple):
    """One hypothesis.

    ``text`` is simplified, full-width as in the mirror's bytes; ``data`` are those
    bytes, without a lost lead that still waits; ``piece`` is where the current piece
    begins in them. ``upto`` and ``length`` tell the token and the length of the text
    up to which the reading differs from the page.
    """

    nats: float
    text: str
    lead: int
    data: bytes
    piece: int
    upto: int
    length: int


def rank_of(reading: Reading) -> float:
    """Answer by what a reading is compared with others that have read as far."""
    return reading.nats if reading.lead == NO_LEAD else reading.nats - _WAITING_NATS


def is_cut_out(char: str, reading: Reading) -> bool:
    """Tell whether a mark that is read here would have been cut out, and so stand on the page.

    Not so right behind a cut: there the mark overlaps one that was cut before it.
    """
    return char in CUT_MARKS and len(reading.data) != reading.piece
