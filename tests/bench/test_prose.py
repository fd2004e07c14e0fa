"""The prose of the sites for measuring: paragraphs that do not repeat, of the lengths of news."""

from __future__ import annotations

import statistics
from random import Random

from bench.material.prose import Prose

STORIES = 600


def seeded(seed: int) -> Prose:
    """Prose by chance that is always the same."""
    return Prose(Random(seed))  # noqa: S311 - seeded texts


def test_paragraphs_do_not_repeat() -> None:
    """Of some four thousand paragraphs no two of twenty characters or more are equal."""
    prose = seeded(1)
    stories = [prose.story() for _ in range(STORIES)]
    paragraphs = [line for story in stories for line in story if len(line) >= 20]
    assert len(paragraphs) > 3_500
    assert len(paragraphs) - len(set(paragraphs)) <= 1
    lengths = [sum(map(len, story)) for story in stories]
    assert 500 < statistics.median(lengths) < 700


def test_the_same_chance_writes_the_same() -> None:
    """Prose is a function of its chance."""
    assert seeded(3).story() == seeded(3).story() != seeded(4).story()
