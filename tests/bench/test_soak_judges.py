"""The judges of the soak bench know what was wrong with a site, and which site file is right for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bench.soak import run_times
from bench.soak_world.alarms import OPENED, RECOVERED, SETTLED, Alarms, Told, Trouble, troubles_of
from bench.soak_world.faults import CERTIFICATE, CLOSED, NETWORK, OUTAGES
from bench.soak_world.judge import Run
from bench.soak_world.proposals import fault_of
from bench.soak_world.site_files import needs_new_file, site_file
from bench.soak_world.world import START, Plan, World, make_world

_PLAN = Plan(days=60, sites=6, redesigns=6)
_HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def world() -> World:
    """Six sites with many redesigns in two months."""
    return make_world(_PLAN)


def test_the_file_of_a_time_is_right_then_and_wrong_after_a_redesign(world: World) -> None:
    """A site file is right for its own time; one of before is wrong where the addresses have changed."""
    wrong = 0
    for site in world.sites:
        for before, after in zip(site.periods, site.periods[1:], strict=False):
            at = after.start + _HOUR
            assert fault_of(site_file(site, at), site, at) == ""
            old = site_file(site, after.start - _HOUR)
            # Where columns are swapped the old file still brings articles, of the wrong columns.
            is_gone = after.look.old_addresses == "gone" and "columns-swapped" not in (
                before.kind,
                after.kind,
            )
            if needs_new_file(before.look, after.look) and is_gone:
                assert fault_of(old, site, at)
                wrong += 1
    assert wrong


def test_a_fault_that_is_told_at_its_second_run_is_told_in_time(world: World) -> None:
    """An alert at the second run of each fault, and its end at the next run, are right and in time."""
    runs = list(run_times(_PLAN))
    told = []
    for site in world.sites:
        for trouble in troubles_of(site):
            amid = [at for at in runs if trouble.start <= at < trouble.end]
            if len(amid) > 1:
                told.append(Told(amid[1], site.site_id, OPENED, trouble.kind))
                told += [Told(at, site.site_id, RECOVERED, trouble.kind) for at in runs if at >= trouble.end][
                    :1
                ]
    counts = Alarms(world, [Run(at) for at in runs], sorted(told, key=lambda one: one.at)).judge().counts
    assert counts["fault told in time"] > 5
    assert counts["fault not told"] == counts["fault told late"] == 0
    assert counts["recoveries late or not told"] == 0


def test_a_redesign_that_was_mended_before_it_could_show_needs_no_notice(world: World) -> None:
    """Its site was down and was looked at; a file that is out of date at the first run is to be told of."""
    times, everywhere = list(run_times(_PLAN)), frozenset(site.site_id for site in world.sites)
    for outdated, told, untold in ((frozenset({"another"}), 4, 0), (everywhere, 0, 4)):
        counts = Alarms(world, [Run(at, outdated) for at in times], []).judge().counts
        ends = [(name, number) for name, number in counts.items() if name.startswith("redesign")]
        assert sum(number for name, number in ends if name.endswith("mended before they could show")) == told
        assert (
            sum(number for name, number in ends if name.endswith("d not told") or "gone not" in name)
            == untold
        )


@pytest.mark.parametrize("kind", [*OUTAGES, NETWORK, CERTIFICATE, CLOSED])
def test_a_fault_of_any_kind_shows_as_an_alert_of_its_site(kind: str) -> None:
    """A connection that is reset is no reset of counters, of which lost hits alone are a sign."""
    assert Trouble(kind, START, START, must_be_told=True).may_show_as("unreachable")


def test_silence_and_noise_are_told_apart(world: World) -> None:
    """Without alerts each fault is missed; an alert at a time at which all was well is false."""
    runs = list(run_times(_PLAN))
    counts = Alarms(world, [Run(at) for at in runs], []).judge().counts
    assert counts["fault not told"] > 5
    site = world.sites[0]
    quiet = next(at for at in runs if not any(one.explains(at) for one in troubles_of(site)))
    noise = [Told(quiet, site.site_id, OPENED, "silent")]
    assert Alarms(world, [Run(at) for at in runs], noise).judge().counts["alerts false"] == 1


def test_an_alert_that_was_settled_tells_of_no_later_fault(world: World) -> None:
    """An alert of the first day says that a site is down while it is open, and nothing once it is settled."""
    runs = list(run_times(_PLAN))
    opened = [Told(runs[0], site.site_id, OPENED, "layout-changed") for site in world.sites]
    settled = [Told(runs[1], site.site_id, SETTLED, "layout-changed") for site in world.sites]
    open_still = Alarms(world, [Run(at) for at in runs], opened).judge().counts
    counts = Alarms(world, [Run(at) for at in runs], [*opened, *settled]).judge().counts
    assert open_still["fault not told"] == 0
    assert counts["fault not told"] > 5
    assert counts["notices"] == len(opened)


@pytest.mark.parametrize("kind", ["pager", "counter"])
def test_a_world_has_the_redesigns_and_sites_that_are_asked_for(kind: str) -> None:
    """Of named kinds and schemes alone, and a site is the same whether others are left out or not."""
    plan = replace(_PLAN, kinds=(kind,), schemes=("asp", "trs"))
    sites = make_world(plan).sites
    assert {one.kind for site in sites for one in site.periods[1:]} == {kind}
    assert {site.look(site.periods[0].start).scheme for site in sites} == {"asp", "trs"}
    # A pager that a script writes is never redesigned.
    assert any(len(site.periods) == 1 for site in sites) == (kind == "pager")
    assert make_world(replace(plan, only=("soak03",))).sites == (sites[3],)
