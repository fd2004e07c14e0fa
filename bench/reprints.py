"""Measure reprints on texts that `bench.material.news` doesn't have, in several orders; and who was first.

    python -m bench.reprints [--pairs 100] [--stories 300] [--orders 3] [--text FILE]

``--text`` names a file of real news, one article a line, for the pairs alone; without
it the news is invented. Each kind of pair with wrong answers is printed.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from random import Random

from sqlalchemy import text

from bench.figures import print_figure
from bench.lineages import measure_lineage
from bench.material.lookalikes import BEYOND, Kinds, Prose, hard_reprints, other_stories
from unioncrawl.archive.reprints.same_story import Story, compare
from unioncrawl.archive.store import Archive
from unioncrawl.model import Article

_TIME = datetime(2025, 10, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Body:
    """A body, and the number of its story."""

    body: str
    story: int


def measure_pairs(kinds: Kinds, count: int, *, alike: bool) -> list[Body]:
    """Compare so many pairs of each kind; return the bodies within the rule, with their stories."""
    bodies: list[Body] = []
    wrong: Counter[str] = Counter()
    for kind, make in kinds.items():
        chance = Random(kind)
        for _ in range(count):
            pair = make(chance)
            left, right = ("\n".join(side) for side in (pair.left, pair.right))
            found = compare(Story.of(left), Story.of(right)) is not None
            if found != (compare(Story.of(right), Story.of(left)) is not None):
                wrong["depends on which is asked first"] += 1
            wrong[kind] += found != alike
            if kind == BEYOND:
                continue
            story = len(bodies)
            bodies += (Body(left, story), Body(right, story if alike else story + 1))
    what = "reprints missed" if alike else "other stories joined"
    print_figure(f"{what}, pairs", sum(wrong.values()) / (count * len(kinds)), "", "<= 0.01")
    for kind, number in wrong.most_common():
        if number:
            print_figure(f"  {kind}", number / count, f"of {count}")
    return bodies


def group(bodies: Sequence[Body], order: Sequence[int]) -> dict[int, int]:
    """Return each body's group when they arrive in this order; one without a group has its own."""
    with tempfile.TemporaryDirectory() as folder, Archive.open(f"{folder}/archive.db") as archive:
        run = archive.begin_run("bench", {})
        for place in order:
            url = f"http://www.site{place % 97}.example.cn/{place}"
            site = f"site{place % 97}"
            archive.store(
                Article(url=url, site=site, title="题", body_text=bodies[place].body, fetched_at=_TIME), run
            )
        archive.flush()
        with archive.engine.connect() as connection:
            query = text(
                "SELECT a.url, m.group_id FROM article a JOIN reprint_member m ON m.article_id = a.id"
            )
            groups = {int(url.rsplit("/", 1)[1]): number for url, number in connection.execute(query)}
    return {place: groups.get(place, -place - 1) for place in range(len(bodies))}


def together(groups: dict[int, int]) -> set[tuple[int, int]]:
    """Return the pairs of bodies that are in one group."""
    members = defaultdict(list)
    for place, number in groups.items():
        members[number].append(place)
    return {pair for places in members.values() for pair in combinations(sorted(places), 2)}


def measure_groups(bodies: Sequence[Body], orders: int) -> None:
    """Store all bodies in several orders; compare the groups with the truth and with each other."""
    true = together({place: one.story for place, one in enumerate(bodies)})
    found = []
    for seed in range(orders):
        order = list(range(len(bodies)))
        Random(seed).shuffle(order)
        found.append(together(group(bodies, order)))
        print_figure(f"order {seed}: recall", len(found[-1] & true) / len(true), "", ">= 0.99")
        print_figure(
            f"order {seed}: precision", len(found[-1] & true) / max(1, len(found[-1])), "", ">= 0.99"
        )
    agreed = set.intersection(*found)
    print_figure("pairs that all orders agree upon", len(agreed) / max(1, len(set.union(*found))), "", "1")


def main() -> None:
    """Measure pairs, groups and lineage."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--stories", type=int, default=300)
    parser.add_argument("--orders", type=int, default=3)
    parser.add_argument("--text", type=Path, default=None)
    given = parser.parse_args()
    prose = Prose(given.text)
    others = measure_pairs(other_stories(prose), given.pairs, alike=False)
    reprints = measure_pairs(hard_reprints(prose), given.pairs, alike=True)
    if given.text:
        return  # too few articles for groups: each would hold several stories
    moved = [Body(one.body, one.story + len(others)) for one in reprints]
    measure_groups([*others, *moved], given.orders)
    measure_lineage(prose, given.stories)


if __name__ == "__main__":
    main()
