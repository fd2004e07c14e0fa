"""From weighted counts to a back-off model.

Each source's counts are discounted on their own and added with the source's weight, so a
history is trusted to a source as far as the source has seen it. Shorter histories of real
text count in how many ways they continue rather than how often (Kneser and Ney 1995).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from tools.lexicon.counts import Counts

# Chinese characters that GBK has; those never seen share what the ground level leaves.
GBK_CHARACTERS = 21_000
LEAST_SHARE_UNSEEN = 0.0005


@dataclass(frozen=True)
class Source:
    """Counts with a weight; ``is_text`` tells real text from lists and models."""

    counts: Counts
    weight: float
    is_text: bool = True


@dataclass
class Model:
    """Log probabilities by n-gram, back-off log weights by history; index is the length."""

    order: int
    unseen: float
    logs: list[dict[str, float]] = field(default_factory=list)
    backoffs: list[dict[str, float]] = field(default_factory=list)

    def log_prob(self, ngram: str) -> float:
        """Return the log probability of the last character after those before it."""
        total = 0.0
        while len(ngram) > 1:
            found = self.logs[len(ngram)].get(ngram)
            if found is not None:
                return total + found
            total += self.backoffs[len(ngram) - 1].get(ngram[:-1], 0.0)
            ngram = ngram[1:]
        return total + self.logs[1].get(ngram, self.unseen)


def mix(sources: list[Source], order: int) -> Model:
    """Estimate the model of all sources together."""
    masses: list[dict[str, float]] = [{} for _ in range(order + 1)]
    totals: list[defaultdict[str, float]] = [defaultdict(float) for _ in range(order + 1)]
    for source in sources:
        for size in range(1, order + 1):
            _add(source, size, order, masses[size], totals[size])
    ground_total = totals[1][""]
    left = 1.0 - sum(masses[1].values()) / ground_total
    unseen = max(left, LEAST_SHARE_UNSEEN) / GBK_CHARACTERS
    ground = {char: math.log(mass / ground_total + unseen) for char, mass in masses[1].items()}
    model = Model(order, math.log(unseen), [{}, ground], [{}])
    for size in range(2, order + 1):
        _add_level(model, masses[size], totals[size])
    return model


def _add(source: Source, size: int, order: int, masses: dict[str, float], totals: dict[str, float]) -> None:
    counts = source.counts[size]
    used = counts
    if source.is_text and size < order:
        used = _ways_to_begin(counts, source.counts[size + 1])
    for ngram, times in used.items():
        totals[ngram[:-1]] += source.weight * times
        if source.is_text and size > 1 and counts[ngram] < 2:
            continue  # nothing that occurs once is kept: no text can be read back
        kept = times - _discount(times)
        if kept > 0:
            masses[ngram] = masses.get(ngram, 0.0) + source.weight * kept


def _ways_to_begin(counts: dict[str, float], longer: dict[str, float]) -> dict[str, float]:
    """Count how many different characters come before each n-gram.

    At a paragraph's start nothing comes before, so the plain count stays.
    """
    ways: Counter[str] = Counter(ngram[1:] for ngram in longer)
    return {ngram: times if ngram[0] == "\n" else float(ways[ngram] or 1) for ngram, times in counts.items()}


def _discount(times: float) -> float:
    """Take from each count what unseen ones need (the usual three values of text)."""
    if times < 1.5:
        return min(0.5, times / 2)
    return 0.8 if times < 2.5 else 1.1


def _add_level(model: Model, masses: dict[str, float], totals: dict[str, float]) -> None:
    kept: defaultdict[str, float] = defaultdict(float)
    for ngram, mass in masses.items():
        kept[ngram[:-1]] += mass
    left = {history: max(1.0 - mass / totals[history], 1e-5) for history, mass in kept.items()}
    logs = {}
    for ngram, mass in masses.items():
        history = ngram[:-1]
        lower = math.exp(model.log_prob(ngram[1:]))
        logs[ngram] = math.log(mass / totals[history] + left[history] * lower)
    model.logs.append(logs)
    model.backoffs.append({history: math.log(share) for history, share in left.items()})
