"""Whether a share of things fell or rose beyond what chance and the site's own ups and downs explain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import comb
from typing import NamedTuple

# A site is to give at most 0.2 false alerts a year. Two runs a day ask the rules that count about 9,000
# questions a year; a twentieth of a false alert for all of them leaves each this chance.
CHANCE = 5e-6
# What is published on one day is often of one kind, which lacks what others have: so the runs are counted
# too, and a site of which one run in ten is bad by itself gives a fifth of a false alert a year.
_CHANCE_OF_RUNS = 1e-4
# Most sites have no bad run at all: where a history has none, a tenth of one is added to it, by which two bad
# runs are enough beside nine good ones; where it has some, a whole one, for they may be commoner than they
# were. A half in both cases (Jeffreys' estimate) asked for a month of good runs, with more false alerts.
_ADDED_TO_NONE, _ADDED_TO_SOME = 0.1, 1.0
# With fewer things in its history, nobody knows what is usual.
_FEWEST_BEFORE = 10
# A share is lost when less than half of it is left, and has risen when it is at least a fifth and three
# times what it was: less is seen in the figures of sound sites.
_LEFT, _USUAL, _RISEN, _TIMES = 0.5, 0.5, 0.2, 3.0


class Share(NamedTuple):
    """So many ``of`` all."""

    hit: int
    of: int

    @property
    def rate(self) -> float:
        """The share, 0 of nothing."""
        return self.hit / self.of if self.of else 0.0

    @property
    def rest(self) -> Share:
        """The others."""
        return Share(self.of - self.hit, self.of)


class Shift(NamedTuple):
    """Whether a share is bad beside what is usual (0 where not asked), and whether chance is left out.

    ``is_no_chance``: whether it can if the things of a run have nothing in common.
    """

    is_bad: bool
    is_sure: bool
    usual: float
    is_no_chance: bool = False


# What is usual need not be known of it.
_WELL = Shift(is_bad=False, is_sure=False, usual=0.0)


def pooled(shares: Sequence[Share]) -> Share:
    """Return all the things of several shares together."""
    return Share(sum(one.hit for one in shares), sum(one.of for one in shares))


def fell(recent: Sequence[Share], before: Iterable[Share]) -> Shift | None:
    """Whether a share fell; None where there is nothing to judge, or too little to compare with.

    Of what was before no more is counted than decides it: most runs are well by themselves.

    >>> sources_before = [Share(4, 4)] * 30
    >>> fell([Share(0, 2), Share(0, 1)], sources_before)
    Shift(is_bad=True, is_sure=True, usual=1.0, is_no_chance=True)
    >>> fell([Share(0, 3)], sources_before).is_sure, fell([Share(0, 1), Share(0, 1)], sources_before).is_sure
    (False, False)
    >>> fell([Share(1, 2)], sources_before).is_bad
    False
    """
    now = pooled(recent)
    if not now.of:
        return None
    if now.rate >= _LEFT:
        return _WELL if _is_enough(before) else None
    before = list(before)
    usual = pooled(before)
    if usual.of < _FEWEST_BEFORE:
        return None
    if usual.rate < _USUAL:
        return _WELL
    least = usual.rate * _LEFT
    is_bad = now.rate < least
    is_no_chance = is_bad and is_beyond_chance(recent, before)
    is_sure = is_no_chance and _is_rare(recent, [one.rate < least for one in before if one.of])
    return Shift(is_bad, is_sure, usual.rate, is_no_chance)


def _is_enough(before: Iterable[Share]) -> bool:
    """Whether enough was counted before to compare with."""
    return any(of >= _FEWEST_BEFORE for of in accumulate(one.of for one in before))


def rose(recent: Sequence[Share], before: Iterable[Share]) -> Shift | None:
    """Whether a share rose; None as for `fell`.

    >>> rose([Share(3, 4), Share(3, 4)], [Share(1, 20)] * 30)
    Shift(is_bad=True, is_sure=True, usual=0.05, is_no_chance=True)
    >>> rose([Share(1, 8)], [Share(1, 20)] * 30).is_bad
    False
    """
    now = pooled(recent)
    if now.rate < _RISEN:
        return _WELL if now.of and _is_enough(before) else None
    before = list(before)
    usual = pooled(before)
    if usual.of < _FEWEST_BEFORE:
        return None
    most = max(_RISEN, usual.rate * _TIMES)
    is_bad = now.rate >= most
    rest, rest_before = [one.rest for one in recent], [one.rest for one in before]
    is_no_chance = is_bad and is_beyond_chance(rest, rest_before)
    is_sure = is_no_chance and _is_rare(recent, [one.rate >= most for one in before if one.of])
    return Shift(is_bad, is_sure, usual.rate, is_no_chance)


def is_beyond_chance(recent: Sequence[Share], before: Sequence[Share]) -> bool:
    """Whether a share is so low by chance in fewer cases than `CHANCE`, of a run that says something.

    The tail of the binomial distribution, with the rate of Laplace's rule of succession. A site of which
    one run in five says something is asked a fifth of the questions.
    """
    usual = pooled(before)
    asked = sum(one.of > 0 for one in before) / len(before)
    return _at_most(pooled(recent), (usual.hit + 1) / (usual.of + 2)) < CHANCE / asked


def _is_rare(recent: Sequence[Share], bad_before: Sequence[bool]) -> bool:
    """Whether so many bad runs in a row come by chance in fewer cases than `_CHANCE_OF_RUNS`.

    The rate of bad runs is that of the site's history, and a little more.
    """
    bad = sum(bad_before)
    rate = (bad + (_ADDED_TO_SOME if bad else _ADDED_TO_NONE)) / (len(bad_before) + 1)
    return bool(rate ** sum(one.of > 0 for one in recent) < _CHANCE_OF_RUNS)


def _at_most(share: Share, rate: float) -> float:
    """The chance of so few or fewer among as many."""
    return float(
        sum(
            comb(share.of, number) * rate**number * (1 - rate) ** (share.of - number)
            for number in range(share.hit + 1)
        )
    )
