from __future__ import annotations

from dataclasses import dataclass

import pytest

from unioncrawl.guard.outage import Outage


@dataclass
class Clock:
    """A clock that moves only when a test moves it."""

    now: float = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def _pauses(patience_seconds: float) -> tuple[list[float], float]:
    """The pauses of an outage that never ends, and how long it was waited for."""
    clock = Clock()
    outage, pauses = Outage(patience_seconds, clock), []
    outage.failed()
    while not outage.is_hopeless:
        pauses.append(outage.pause_seconds)
        clock.now += outage.pause_seconds
        assert outage.may_try()
        outage.failed()
    return pauses, outage.seconds


@pytest.mark.parametrize(
    ("patience_seconds", "pauses"),
    [
        (300, [1, 2, 4, 8, 16, *[30] * 8, 29]),
        (10, [1, 2, 4, 3]),
        (0.5, [0.5]),
        (0, []),
    ],
)
def test_pauses_grow_and_end_with_the_patience(patience_seconds: float, pauses: list[float]) -> None:
    """Each pause is twice the last, 30 seconds at most; the last try falls at the patience's end."""
    assert _pauses(patience_seconds) == (pauses, patience_seconds)


def test_an_outage_that_ended_begins_anew() -> None:
    """After a try that worked, the next failure has the whole patience and the first pause again."""
    clock = Clock()
    outage = Outage(10, clock)
    outage.failed()
    clock.now += 9
    outage.failed()
    outage.ended()
    assert (outage.is_on, outage.may_try(), outage.seconds) == (False, True, 0.0)
    clock.now += 50
    outage.failed()
    assert (outage.pause_seconds, outage.is_hopeless) == (1.0, False)


def test_the_patience_can_be_shortened_only() -> None:
    """At a shutdown less is waited for, never more."""
    clock = Clock()
    outage = Outage(10, clock)
    outage.failed()
    clock.now += 5
    outage.shorten(20)
    assert not outage.is_hopeless
    outage.shorten(4)
    assert outage.is_hopeless
