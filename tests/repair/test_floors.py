"""Quality floors: a seeded simulation over the project's own text. Floors may only rise.

Each floor is the share of paragraphs that come back exactly; ``MOST_WRONG`` is
the share that comes back wrong without a flag. They are pinned a little below
what was measured, because the statistics may be built anew.
"""

from __future__ import annotations

from random import Random

import pytest

from bench.material.damage_kinds import TRANSPORT, annotated_sets, encodable, mirrored
from bench.material.paragraphs import own_paragraphs
from unioncrawl.repair import repair, repair_fields, replay
from unioncrawl.repair.mirror_model.forward import Decoder

PARAGRAPHS = encodable(own_paragraphs(2100, seed=20261122))
MOST_WRONG = 0.02

# Kind of damage -> (paragraphs measured, least share exact).
TRANSPORT_FLOORS: dict[str, tuple[int, float]] = {
    "B latin-1": (300, 0.99),
    "B cp1252": (300, 0.99),
    "B cp1250": (300, 0.99),
    "B, soft hyphens dropped": (60, 0.98),
    "B2": (60, 0.98),
    "UTF-8 as Latin-1": (150, 0.99),
    "UTF-8 as cp1252, twice": (60, 0.98),
    "B, then UTF-8 as cp1252": (60, 0.97),
    "C windows": (120, 0.6),
    "C marking": (60, 0.18),
    "C questioning": (40, 0.18),
    "C dropping": (40, 0.0),
    "C swallowing": (20, 0.0),
    "E once": (300, 1.0),
    "E twice": (300, 1.0),
    "E numbers": (150, 1.0),
    "E without semicolons": (150, 0.95),
    "G": (300, 0.99),
}


def test_clean_paragraphs_stay() -> None:
    """No clean paragraph of the 2,000 changes or is flagged."""
    assert len(PARAGRAPHS) >= 2000
    touched = [text for text in PARAGRAPHS if repair(text).steps or repair(text).unresolved]
    assert touched == []


@pytest.mark.parametrize("kind", TRANSPORT_FLOORS)
def test_transport_damage(kind: str) -> None:
    """Paragraphs come back exactly or are flagged, steps replay, and a second run changes nothing."""
    count, floor = TRANSPORT_FLOORS[kind]
    rng = Random(kind)  # noqa: S311 - seeded damage
    exact = wrong = 0
    for text in PARAGRAPHS[:count]:
        damaged = TRANSPORT[kind](text, rng)
        repaired = repair(damaged)
        assert replay(damaged, repaired.steps) == repaired.text
        exact += repaired.text == text
        wrong += repaired.text != text and not repaired.unresolved
    again = [repair(repair(TRANSPORT[kind](text, rng)).text) for text in PARAGRAPHS[:5]]
    assert not any(repaired.steps for repaired in again)
    assert exact >= floor * count, f"{exact} of {count} exact"
    assert wrong <= MOST_WRONG * count, f"{wrong} of {count} wrong without a flag"


@pytest.mark.parametrize(
    ("decoder", "cuts", "floor"),
    [
        (Decoder.SWALLOWING, False, 0.99),
        (Decoder.SWALLOWING, True, 0.84),
        (Decoder.DROPPING, True, 0.8),
    ],
)
@pytest.mark.parametrize("narrow", [False, True])
def test_mirror_damage(decoder: Decoder, narrow: bool, cuts: bool, floor: float) -> None:  # noqa: FBT001 - a case
    """Class A pages of five paragraphs, annotated sets drawn anew for each page."""
    rng = Random(f"{decoder}{narrow}{cuts}")  # noqa: S311 - seeded damage
    exact = count = 0
    for start in range(0, 60, 5):
        page = "\n".join(PARAGRAPHS[start : start + 5])
        kind = mirrored(decoder, narrow=narrow, annotated=annotated_sets(page, rng), cuts=cuts)
        fields = {str(at): kind(text, rng) for at, text in enumerate(page.split("\n"))}
        repaired = repair_fields(fields)
        expected = dict(enumerate(page.split("\n")))
        count += len(fields)
        exact += sum(widened(repaired[str(at)].text) == widened(text) for at, text in expected.items())
    assert exact >= floor * count, f"{exact} of {count} exact"


def widened(text: str) -> str:
    """The text without the difference of full-width and ASCII marks, which archives of pages lose."""
    return text.translate(dict(zip(map(ord, ",:;()!?"), "，：；（）！？", strict=True)))
