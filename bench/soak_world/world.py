"""The whole world: its sites as drawn from a seed, each with its stories, redesigns and faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from random import Random

from bench.soak_world.faults import (
    CERTIFICATE,
    CLOSED,
    FOR_GOOD,
    NETWORK,
    Fault,
    draw_certificate,
    draw_outages,
)
from bench.soak_world.looks import COLUMN_NAMES, REDESIGNS, SCHEMES, Look, draw_look
from bench.soak_world.site import Period, Site
from bench.soak_world.stories import write_stories

START = datetime(2024, 12, 1, tzinfo=UTC)
# So many days of articles are there before the first run.
BACKLOG_DAYS = 45
_NAMES = (
    "临溪 云泊 柘川 雁洲 石埠 鹿汀 槐岭 霜河 岭前 麦河 松渡 东河 "
    "青汀 南屏 沙浦 竹沟 河湾 陶山 葛店 桑园 梅浦 枫桥湾 白石岭 双溪口"
)
_RATES = (0.13, 0.3, 0.5, 0.8, 1.2, 1.8, 2.6, 4.5)
# Where so many kinds of redesign change nothing, none of the plan does.
_KINDS_TRIED = 1000
_OUTAGES_A_YEAR, _REDESIGNS_A_YEAR, _RESETS_A_YEAR = 7.0, 2.4, 0.7


@dataclass(frozen=True, slots=True)
class Plan:
    """The size of a world; ``pace``, ``redesigns`` (with resets) and ``outages`` multiply these.

    ``kinds`` of redesigns and ``schemes`` of addresses are all that there are where none is named; ``only``
    these sites of the world are there, each as it is beside the others.
    """

    days: int = 365
    sites: int = 24
    seed: int = 1
    pace: float = 0.6
    redesigns: float = 1.0
    outages: float = 1.0
    kinds: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """All sites."""

    plan: Plan
    sites: tuple[Site, ...]

    def at_host(self, host: str) -> Site | None:
        """Return the site of a host; None where nobody has it."""
        return next((site for site in self.sites if host in site.hosts), None)

    def unresolved(self, at: datetime) -> list[str]:
        """Return the hosts whose names lead nowhere at a time."""
        return [host for site in self.sites for host in sorted(site.hosts) if not site.is_resolved(host, at)]

    def hanging(self, at: datetime) -> list[str]:
        """Return the hosts that take a request at a time and never answer."""
        hang = [site for site in self.sites if (fault := site.fault(at)) and fault.kind == "timeout"]
        return [host for site in hang for host in sorted(site.hosts)]


def make_world(plan: Plan) -> World:
    """Return the world of a plan, always the same one."""
    chance = Random(f"{plan.seed} world")
    wanted = [kind for kind in REDESIGNS if kind in plan.kinds or not plan.kinds]
    order = wanted * (1 + int(plan.sites * plan.redesigns * _REDESIGNS_A_YEAR) // len(wanted))
    chance.shuffle(order)
    kinds = cycle(order)
    network = _network(chance, plan)
    sites = [_make_site(number, plan, network, kinds) for number in range(plan.sites)]
    return World(plan, tuple(site for site in sites if site.site_id in plan.only or not plan.only))


def _network(chance: Random, plan: Plan) -> Fault:
    at = START + timedelta(days=plan.days * chance.uniform(0.4, 0.8))
    return Fault(NETWORK, at, at + timedelta(hours=30))


def _make_site(number: int, plan: Plan, network: Fault, kinds: Iterator[str]) -> Site:
    seed = f"{plan.seed} site {number}"
    chance = Random(seed)
    site_id = f"soak{number:02}"
    first = START - timedelta(days=BACKLOG_DAYS)
    rate = _RATES[(number * 5 + 3) % len(_RATES)] * plan.pace
    names = _NAMES.split()
    schemes = [one for one in SCHEMES if one in plan.schemes or not plan.schemes]
    scheme = schemes[number % len(schemes)]
    periods = tuple(_periods(chance, draw_look(chance, site_id, scheme), plan, kinds))
    return Site(
        site_id=site_id,
        name=f"{names[number % len(names)]}{('市', '县', '区')[number // len(names) % 3]}总工会",
        column_names=chance.choice(COLUMN_NAMES),
        stories=write_stories(number, seed, first.date(), BACKLOG_DAYS + plan.days, rate),
        periods=periods,
        faults=tuple(_faults(chance, number, plan, network, periods[0].look)),
        resets=tuple(_moments(chance, plan, plan.redesigns * _RESETS_A_YEAR)),
        pinned=chance.choice((0, 0, 2)),
    )


def _moments(chance: Random, plan: Plan, per_year: float) -> Iterator[datetime]:
    """Yield times of a fate that comes so often a year, none in the first fifth of the time."""
    at = START + timedelta(days=plan.days * 0.15)
    while (at := at + timedelta(days=chance.expovariate(per_year / 365))) < START + timedelta(days=plan.days):
        yield at


def _periods(chance: Random, look: Look, plan: Plan, kinds: Iterator[str]) -> Iterator[Period]:
    yield Period(START - timedelta(days=999), look)
    count = plan.days * plan.redesigns * _REDESIGNS_A_YEAR / 365
    whole = int(count) + (chance.random() < count % 1)
    for number in range(whole):
        share = 0.15 + 0.8 * (number + chance.uniform(0.1, 0.9)) / whole
        redesigned = _redesign(look, chance, kinds)
        if redesigned is not None:
            kind, look = redesigned
            yield Period(START + timedelta(days=plan.days * share), look, kind)


def _redesign(look: Look, chance: Random, kinds: Iterator[str]) -> tuple[str, Look] | None:
    """Return the next kind of redesign that changes anything here, and what it leaves; None without one."""
    for kind in islice(kinds, _KINDS_TRIED):
        changed = REDESIGNS[kind](look, chance)
        if changed != look and not (kind == "https" and look.protocol == "https"):
            return kind, changed
    return None


def _faults(chance: Random, number: int, plan: Plan, network: Fault, look: Look) -> Iterator[Fault]:
    yield network
    outages = list(draw_outages(chance, START, plan.days, plan.outages * _OUTAGES_A_YEAR))
    if number == plan.sites - 1:
        yield Fault(CLOSED, START + timedelta(days=plan.days * 0.7), START + FOR_GOOD)
    yield from outages
    if look.protocol == "https" and plan.days >= 60:
        yield draw_certificate(chance, START, plan.days)


__all__ = ["CERTIFICATE", "START", "Plan", "World", "make_world"]
