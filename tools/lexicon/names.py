"""Names of people: how common each surname and each character of a given name is."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

ChanceByPart = dict[str, dict[str, float]]

# A listed name is counted as if the newspaper had it this often, falling with its rank.
_LISTED_TIMES = 3_000.0
_GIVEN_NAMES_LISTED_TIMES = 6_000.0


def name_chances(seen: Iterable[tuple[str, str]], surnames: list[str], given: list[str]) -> ChanceByPart:
    """Return log probabilities by part: ``surname``, ``first``, ``second`` and ``only``.

    ``only`` is the character of a given name that has just one.
    """
    counts = {part: Counter[str]() for part in ("surname", "first", "second", "only")}
    ranked = _by_rank(surnames, _LISTED_TIMES)
    given_chars = _by_rank(list("".join(given)), _GIVEN_NAMES_LISTED_TIMES)
    for surname, name in seen:
        if surname in ranked:
            counts["surname"][surname] += 1
            for part, char in zip(("first", "second") if len(name) > 1 else ("only",), name, strict=True):
                counts[part][char] += 1
    return {
        part: _logs(count, ranked if part == "surname" else given_chars) for part, count in counts.items()
    }


def _by_rank(items: list[str], total: float) -> dict[str, float]:
    """Spread ``total`` over a list in falling order, as one over the rank (Zipf)."""
    unique = list(dict.fromkeys(items))
    shares = [1.0 / (rank + 10) for rank in range(len(unique))]
    return {item: total * share / sum(shares) for item, share in zip(unique, shares, strict=True)}


def _logs(seen: Counter[str], listed: dict[str, float]) -> dict[str, float]:
    """Blend counts and listed ranks; what occurs once and is on no list is left out."""
    blend = {item: seen[item] + listed.get(item, 0.0) for item in sorted({*seen, *listed})}
    kept = {item: times for item, times in blend.items() if times >= 2 or item in listed}
    total = sum(kept.values())
    return {item: round(math.log(kept[item] / total), 2) for item in kept}
