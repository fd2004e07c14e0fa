"""Score the characters that may stand at a place, all at once."""

from __future__ import annotations

import re
from collections.abc import KeysView
from functools import lru_cache
from itertools import islice
from typing import ClassVar, Protocol, TypeAlias

from unioncrawl.language.identity_dict import IdentityDict
from unioncrawl.language.width import DIGIT

# Of the characters that fit a place, this many are kept.
_KEPT = 24
# A cached result takes about two kilobytes.
_ANSWERS_KEPT, _PEAKS_KEPT = 1 << 11, 1 << 13


class Row(Protocol):
    """Log probabilities of the next character after one history, for those that were seen.

    A character that was never seen is looked up after the shorter history, at the price
    of ``backoff``. The last row has no shorter one: its ``backoff`` is the score of an
    unseen character.
    """

    backoff: float
    is_exact: ClassVar[bool]
    """Whether all numbers are multiples of 1/16, so that sums are the same in any order."""

    @property
    def shorter(self) -> Row | None:
        """The row of the history without its first character."""

    def keys(self) -> KeysView[str]:
        """Return the characters that were seen."""

    def __getitem__(self, char: str, /) -> float:
        """Return the log probability of any character, seen or not."""

    def __hash__(self) -> int:
        """Hash by identity: a row never changes."""


class Statistics(Protocol):
    """What the search needs from the language."""

    def after(self, history: str) -> Row:
        """Return the log probabilities of the characters that follow a history."""


Scored: TypeAlias = tuple[float, int, str]
"""A character that may stand at a place: its nats, the byte (or pair) it would explain, itself."""


class Options(IdentityDict[int]):
    """Characters that fit a place, with the byte (or the pair) that each would explain."""

    __slots__ = ("_ground", "_ranked")

    def __init__(self) -> None:
        self._ground: Row | None = None
        self._ranked: list[Scored] = []

    def ranked(self, ground: Row) -> list[Scored]:
        """Return all characters that the last row holds, the likeliest first; cached for one such row."""
        if self._ground is not ground:
            self._ground = ground
            hits = ground.keys() & self.keys()
            self._ranked = sorted(((ground[char], self[char], char) for char in hits), reverse=True)
        return self._ranked


# All histories, down to the shortest.
ALL = -1


def best_above(row: Row, options: Options, least: float, depth: int = ALL) -> tuple[Scored, ...]:
    """Return the likeliest of the options, best first; empty where none can exceed ``least``.

    Seven of eight searches find none: so first what no option exceeds is looked at, which is
    kept in a twentieth of the space that a ranking takes.
    """
    return best_of(row, options, depth) if _peak(row, options) > least else ()


@lru_cache(maxsize=_PEAKS_KEPT)
def _peak(row: Row, options: Options) -> float:
    """Return what none of the options exceeds after a history."""
    shorter = row.shorter
    if shorter is None:
        ranked = options.ranked(row)
        return ranked[0][0] if ranked else row.backoff
    peak = row.backoff + _peak(shorter, options)
    hits = row.keys() & options.keys()
    return max(peak, *map(row.__getitem__, hits)) if hits else peak


@lru_cache(maxsize=_ANSWERS_KEPT)
def best_of(row: Row, options: Options, depth: int = ALL) -> tuple[Scored, ...]:
    """Return the likeliest of the options, best first.

    Goes down the histories (``depth`` of them at most) once for all options together,
    which is much faster than one option after the other. Results are cached: readings
    differ little, and most histories end in the row of a shorter one.
    """
    if row.shorter is None or not depth:
        return tuple(islice(options.ranked(row), _KEPT)) if depth else ()
    found = _best_by_shorter(row, row.shorter, options, depth) if row.is_exact else ()
    return found or _best_of_all(row, options, depth)


def _best_by_shorter(row: Row, shorter: Row, options: Options, depth: int) -> tuple[Scored, ...]:
    """Return the best after a history by the best after the shorter one; empty where those are too few.

    Many histories share the shorter one, whose row is long: of 170 options some 40 follow a
    character, and few follow three.
    """
    below = best_of(shorter, options, depth - 1 if depth > 0 else depth)
    hits = row.keys() & options.keys()
    owed = row.backoff
    scored = [(row[char], options[char], char) for char in hits]
    scored += [(owed + nats, byte, char) for nats, byte, char in below if char not in hits]
    scored.sort(reverse=True)
    if len(below) == _KEPT:
        nats, byte, char = below[-1]
        if len(scored) < _KEPT or scored[_KEPT - 1] < (owed + nats, byte, char):
            return ()  # one that was cut off below may be better
    return tuple(scored[:_KEPT])


def _best_of_all(row: Row, options: Options, depth: int) -> tuple[Scored, ...]:
    scored: list[Scored] = []
    known: set[str] = set()
    owed = 0.0
    level = row
    while depth and level.shorter is not None:
        hits = (level.keys() & options.keys()) - known
        scored += [(owed + level[char], options[char], char) for char in hits]
        known |= hits
        owed += level.backoff
        level = level.shorter
        depth -= 1
    if depth:
        rest = ((owed + nats, byte, char) for nats, byte, char in options.ranked(level) if char not in known)
        scored += islice(rest, _KEPT)
    scored.sort(reverse=True)
    return tuple(scored[:_KEPT])


_SIGNS = "1234567890 .(<)%-/\"&':,=\n"
# Digits that the page or a twin may show; the language counts them all as 0.
_KNOWN_DIGITS = frozenset("123456789")
_DIGIT_NATS = {"1": -1.1, "2": -1.1, "3": -2.0, "0": -2.3}
_TAG = re.compile("/?[a-zA-Z]{1,10} ?/?>")
_YEAR_TAIL = re.compile(r"[09]\d\d(?!\d)")
# Before these only a digit makes sense: 5月, 9日, 5G, 3:05, 90后.
_AFTER_DIGIT = re.compile(r"0|[月日年%G]|小[时時]|[:：]\d")
_GENERATION, _GENERATIONS = re.compile("0[后後]"), "0789"
# A swallowed line end; a number that begins with zero.
_UNLIKELY_NATS = -6.0
# The statistics don't tell widths apart, but only a mark in ASCII is swallowed, which prose seldom has.
_ASCII_MARKS, _ASCII_MARK_NATS = ",:()", -3.0


@lru_cache(maxsize=1024)
def swallowed_signs(row: Row, ahead: str) -> tuple[tuple[str, float], ...]:
    """Score the ASCII signs that may have been swallowed before ``ahead`` on the page.

    All digits count as one in the language, but the page or its twin may show the
    exact digit. Years begin with 2 or 1, and 10月, 20 and 15 are commoner than 70月; a
    digit alone is even. The text after a ``<`` is a tag, which mostly ends a paragraph.
    """
    if _TAG.match(ahead):
        return (("<", row["\n"]),)
    shown = row.keys() & _KNOWN_DIGITS
    digit = row[DIGIT]
    return tuple(
        (sign, row[sign] if sign in shown else (digit if sign.isdigit() else row[sign]) + nats)
        for sign, nats in _signs_before(ahead)
    )


@lru_cache(maxsize=256)
def _signs_before(ahead: str) -> tuple[tuple[str, float], ...]:
    """Return what each sign costs by what follows it; the readings of a run share that."""
    return tuple((sign, _sign_nats(sign, ahead)) for sign in _SIGNS)


def _sign_nats(sign: str, ahead: str) -> float:
    if not sign.isdigit():
        unlikely = (sign in "\n<") + (_AFTER_DIGIT.match(ahead) is not None)
        return _UNLIKELY_NATS * unlikely + _ASCII_MARK_NATS * (sign in _ASCII_MARKS)
    if ahead.startswith("0月"):
        return -0.2 if sign == "1" else _UNLIKELY_NATS
    if _GENERATION.match(ahead):
        return -1.4 if sign in _GENERATIONS else _UNLIKELY_NATS
    if _YEAR_TAIL.match(ahead):
        return -0.2 if sign == ("2" if ahead[0] == "0" else "1") else _UNLIKELY_NATS
    return _DIGIT_NATS.get(sign, -3.0) if ahead[:1].isdigit() else -2.3
