"""The rhythm of a site is learnt from what looks at it found."""

from __future__ import annotations

import math
import random
from datetime import date

import pytest

from unioncrawl.service.schedule.rest_days import DayKind, china_day
from unioncrawl.service.schedule.rhythm import CHANCE_OF_NEWS, FIRST_PAUSE_HOURS, Look, learnt_pause


def _next_look(pause: float, rate: float, chance: random.Random, *, has_hours: bool) -> Look:
    """A look after a pause at a site that publishes by chance at a rate."""
    times, at = 0, chance.expovariate(rate)
    while at < pause:
        times, at = times + 1, at + chance.expovariate(rate)
    return Look(pause, times if has_hours or not times else None)


@pytest.mark.parametrize("has_hours", [True, False])
@pytest.mark.parametrize("rate_an_hour", [2.0, 0.02])
def test_the_pauses_settle_where_every_second_look_has_news(rate_an_hour: float, *, has_hours: bool) -> None:
    """From two sittings an hour to one in fifty hours, the mean pause of a site is right within a fifth."""
    settled = []
    for seed in range(3):
        chance, looks = random.Random(seed), list[Look]()  # noqa: S311 - no secret
        for _ in range(200):
            looks.append(_next_look(learnt_pause(looks[-40:]), rate_an_hour, chance, has_hours=has_hours))
        settled += [look.hours for look in looks[50:]]
    right = -math.log(1 - CHANCE_OF_NEWS) / rate_an_hour
    assert sum(settled) / len(settled) == pytest.approx(right, rel=0.2)


def test_a_new_rhythm_is_followed() -> None:
    """A site that falls silent is asked less and less; when it wakes, it is asked more within a few looks."""
    busy = [Look(2, 3)] * 20
    silent = list(busy)
    for _ in range(50):
        silent.append(Look(min(learnt_pause(silent), 250), 0))
    pauses = [look.hours for look in silent[20:]]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 10 * pauses[0]
    awake = [*silent, *[Look(pauses[-1], None)] * 5]
    assert learnt_pause(awake) < 0.6 * learnt_pause(silent)


def test_no_history_breaks_it() -> None:
    """Looks of no length, of nothing but news or of nothing at all give a pause of some length."""
    for looks in ([], [Look(0, 3)], [Look(0.01, None)] * 40, [Look(400, 0)] * 40, [Look(1e6, None)]):
        assert 0 < learnt_pause(looks) < math.inf
    assert learnt_pause([Look(0, 0)]) == pytest.approx(FIRST_PAUSE_HOURS)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        # The weekend in the middle of the Spring Festival's nine days, and the make-up days about it.
        (date(2026, 2, 15), DayKind.HOLIDAY),
        (date(2026, 2, 22), DayKind.HOLIDAY),
        (date(2026, 2, 14), DayKind.WORKDAY),
        (date(2026, 2, 28), DayKind.WORKDAY),
        # A weekend of its own, and the days of a week.
        (date(2026, 3, 7), DayKind.WEEKEND),
        (date(2026, 3, 9), DayKind.WORKDAY),
        # National Day, years before anybody announces it.
        (date(2036, 10, 1), DayKind.HOLIDAY),
    ],
)
def test_the_days_of_china(day: date, kind: DayKind) -> None:
    """A weekend beside a holiday belongs to it, and a make-up day is a workday."""
    assert china_day(day) is kind
