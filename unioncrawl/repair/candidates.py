"""Score the characters that may stand at a place, all at once."""

from __future__ import annotations

import re
from collections.abc import KeysView
from typing import NamedTuple, Protocol

# Of the characters that fit a place, this many are looked at further.
_KEPT = 24


class Row(Protocol):
    """Log probabilities of the next character after one history, for those that were seen.

    What was never seen is asked of the shorter history, at the price of ``backoff``;
    the last row has no shorter one, and there ``backoff`` is an unseen character's.
    """

    backoff: float

    @property
    def shorter(self) -> Row | None:
        """The row of the history without its first character."""

    def keys(self) -> KeysView[str]:
        """Return the characters that were seen."""

    def __getitem__(self, char: str, /) -> float:
        """Answer for any character."""


class Statistics(Protocol):
    """What the search asks of the language."""

    def after(self, history: str) -> Row:
        """Answer the probabilities of what follows a history."""


class Scored(NamedTuple):
    """A character that may stand at a place, and the byte (or pair) that it would explain."""

    nats: float
    byte: int
    char: str


def best_of(row: Row, options: dict[str, int], floor: float, *, depth: int = 9) -> list[Scored]:
    """Answer the likeliest of the options, best first, none below the floor.

    Goes down the histories once for all options together, which is much faster
    than asking for one after the other, and not further than the floor allows
    (or ``depth`` histories).
    """
    scored: list[Scored] = []
    known: set[str] = set()
    owed = 0.0
    level: Row | None = row
    while level is not None and owed > floor and depth:
        hits = (level.keys() & options.keys()) - known
        for char in hits:
            nats = owed + level[char]
            if nats > floor:
                scored.append(Scored(nats, options[char], char))
        known |= hits
        owed += level.backoff
        level = level.shorter
        depth -= 1
    scored.sort(reverse=True)
    return scored[:_KEPT]


_DIGIT_NATS = {"1": -1.1, "2": -1.1, "3": -2.0, "0": -2.3}
_TAG = re.compile("/?[a-zA-Z]{1,10} ?/?>")
_YEAR_TAIL = re.compile(r"[09]\d\d(?!\d)")
_TAG_NATS = -1.0
# A swallowed line end; a number that begins with zero.
_UNLIKELY_NATS = -4.0


def sign_nats(row: Row, sign: str, ahead: str) -> float:
    """Score an ASCII sign that was swallowed, by what follows it on the page.

    The statistics count all digits as one. Years begin with 2 or 1, and 10月, 20
    and 15 are commoner than 70月; a digit alone is even. What follows a ``<`` is a tag.
    """
    if _TAG.match(ahead):
        return _TAG_NATS if sign == "<" else row[sign] + _UNLIKELY_NATS
    if sign.isdigit() and _YEAR_TAIL.match(ahead):
        return row["0"] + (-0.2 if sign == _century(ahead) else _UNLIKELY_NATS)
    if sign.isdigit():
        return row["0"] + (_DIGIT_NATS.get(sign, -3.0) if ahead[:1].isdigit() else -2.3)
    nats = row[sign] + (_UNLIKELY_NATS if sign in "\n<" else 0.0)
    return nats + (_UNLIKELY_NATS if ahead[:1] == "0" else 0.0)


def _century(ahead: str) -> str:
    return "2" if ahead[0] == "0" else "1"
