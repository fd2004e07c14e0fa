"""What is made of roundups: a seeded archive of news. Floors may only rise.

Each floor is what was measured, down to the last pair. `python -m bench.roundups` measures
more, and prints what is wrong.
"""

from __future__ import annotations

import pytest

from bench.material.roundups import Roundups
from bench.roundups import measure

COUNT, SHARE, SEED = 140, 0.15, 7
# Order of arrival -> (reprints: recall, precision; contains: recall, precision).
FLOORS = {
    "as they come": (1.0, 1.0, 0.976, 1.0),
    "reversed": (1.0, 0.975, 0.976, 1.0),
}
_NAMES = ("reprints: recall", "reprints: precision", "contains: recall", "contains: precision")


@pytest.fixture(scope="module")
def material() -> Roundups:
    """News of which one article in seven holds others."""
    return Roundups(COUNT, SHARE, SEED)


def test_what_stands_whole_in_a_text_is_held_whole(material: Roundups) -> None:
    """The truth of each holder follows from its paragraphs, and there are as many holders as were asked."""
    pieces = material.pieces
    holders = [one for one in pieces if one.holds and not one.kind.startswith("copy")]
    assert len(pieces) == COUNT
    assert len(holders) > COUNT * SHARE * 0.7
    for one in holders:
        shares = {held.story: held.share for held in one.holds}
        assert all(0 < share <= 1 for share in shares.values())
        whole = {story for story in shares if set(pieces[story].lines) <= set(one.lines)}
        assert whole == {story for story, share in shares.items() if share == 1}


def test_floors(material: Roundups) -> None:
    """Groups and links are as right as they were, in both orders of arrival."""
    for order, figures in measure(material).items():
        values = {one.name: one.value for one in figures}
        fallen = [
            f"{name}: {values[name]:.4f}, was {floor}"
            for name, floor in zip(_NAMES, FLOORS[order], strict=True)
            if values[name] < floor
        ]
        assert fallen == [], order
