"""Draw a stratified random sample of articles that a seed makes repeatable."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from unioncrawl.archive.read.stored_articles import StoredArticle
from unioncrawl.errors import QueryError
from unioncrawl.language.zones import CHINA


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a sample was drawn from: how many articles each stratum had, and how many were drawn of it."""

    size: int
    seed: int
    by: tuple[str, ...]
    population: Counter[tuple[str, ...]]
    drawn: Counter[tuple[str, ...]]

    def facts(self) -> dict[str, Any]:
        """The facts of the sample as ``datapackage.json`` and the codebook have them.

        >>> drawing = Drawing(2, 7, ("site",), Counter({("xian",): 9}), Counter({("xian",): 2}))
        >>> drawing.facts()["strata"]
        [{'site': 'xian', 'population': 9, 'drawn': 2}]
        """
        return {
            "size": self.size,
            "drawn": self.drawn.total(),
            "population": self.population.total(),
            "seed": self.seed,
            "by": list(self.by),
            "strata": [
                {**dict(zip(self.by, name, strict=True)), "population": number, "drawn": self.drawn[name]}
                for name, number in sorted(self.population.items())
            ],
        }

    def sentence(self) -> str:
        """What a reader must know before counting anything in the file."""
        spread = f", spread evenly over {', '.join(self.by)}" if self.by else ""
        counted = f"{self.drawn.total()} of {self.population.total()} articles"
        return f"A random sample of {counted} (seed {self.seed}{spread}), not the whole."


def stratum_of(article: StoredArticle, by: Sequence[str]) -> tuple[str, ...]:
    """Return the stratum of an article; an unknown value is a stratum of its own.

    Raises `QueryError` for a name that is not a stratum.
    """
    return tuple(_value(article, name) for name in by)


def _value(article: StoredArticle, name: str) -> str:
    record = article.record
    published = record.published_at.astimezone(CHINA) if record.published_at else None
    match name:
        case "site":
            return record.site
        case "year":
            return f"{published:%Y}" if published else ""
        case "month":
            return f"{published:%Y-%m}" if published else ""
        case "source" | "column":
            return str(getattr(record, name))
        case _:
            raise QueryError(
                f"a sample can't be drawn by {name}.", next_step="Use site, year, month, source or column."
            )


def draw_sample(articles: Iterable[tuple[int, tuple[str, ...]]], size: int, seed: int) -> list[int]:
    """Draw up to ``size`` numbers out of ``(number, stratum)``, spread evenly over the strata.

    Strata with too few articles give their share to the others. The same articles,
    size and seed give the same sample.

    >>> draw_sample([(1, ("a",)), (2, ("a",)), (3, ("b",)), (4, ("a",))], 2, seed=7) == draw_sample(
    ...     [(4, ("a",)), (3, ("b",)), (2, ("a",)), (1, ("a",))], 2, seed=7)
    True
    """
    strata: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, stratum in articles:
        strata[stratum].append(number)
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    piles = [sorted(strata[name]) for name in sorted(strata)]
    for pile in piles:
        chance.shuffle(pile)
    chance.shuffle(piles)
    drawn: list[int] = []
    while len(drawn) < size and any(piles):
        for pile in piles:
            if pile and len(drawn) < size:
                drawn.append(pile.pop())
    return sorted(drawn)
