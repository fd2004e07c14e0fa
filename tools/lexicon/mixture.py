"""From weighted counts to a back-off model.

Each source's counts are discounted on their own and added with the source's weight, so a
history is trusted to a source as far as the source has seen it. Shorter histories of real
text count in how many ways they continue rather than how often (Kneser and Ney 1995).
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field

from tools.lexicon.corpus_counts import TextCounts, repeated

# Chinese characters that GBK has; those never seen share what the ground level leaves.
GBK_CHARACTERS = 21_000
LEAST_SHARE_UNSEEN = 0.0005
# As if every history had been met this often more, each time with what the shorter one expects.
SHORTER_HISTORY_TIMES = 1.0


@dataclass(frozen=True)
class Source:
    """Counts with a weight for each length of n-gram; ``is_text`` is false for lists."""

    text: TextCounts
    weights: tuple[float, ...]
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
    model = Model(order, 0.0, [{}], [{}])
    for size in range(1, order + 1):
        masses: dict[str, float] = {}
        totals: defaultdict[str, float] = defaultdict(float)
        twice = repeated([source.text.occurring[size] for source in sources if source.is_text])
        for source in sources:
            weight = source.weights[size - 1]
            for history, times in source.text.rest[size].items():
                totals[history] += weight * times
            for ngram, times in source.text.counting[size].items():
                totals[ngram[:-1]] += weight * times
                if source.is_text and size > 1 and ngram not in twice:
                    continue
                masses[ngram] = masses.get(ngram, 0.0) + weight * (times - _discount(times))
        if size == 1:
            _add_ground(model, masses, totals[""])
        else:
            _add_level(model, masses, totals)
    return model


def _discount(times: float) -> float:
    """Take from each count what unseen ones need (the usual three values of text)."""
    if times < 1.5:
        return min(0.5, times / 2)
    return 0.8 if times < 2.5 else 1.1


def _add_ground(model: Model, masses: dict[str, float], total: float) -> None:
    left = 1.0 - sum(masses.values()) / total
    unseen = max(left, LEAST_SHARE_UNSEEN) / GBK_CHARACTERS
    model.unseen = math.log(unseen)
    model.logs.append({char: math.log(mass / total + unseen) for char, mass in masses.items()})


def _add_level(model: Model, masses: dict[str, float], totals: dict[str, float]) -> None:
    kept: defaultdict[str, float] = defaultdict(float)
    for ngram, mass in masses.items():
        kept[ngram[:-1]] += mass
    left = {
        history: (totals[history] - mass + SHORTER_HISTORY_TIMES) / (totals[history] + SHORTER_HISTORY_TIMES)
        for history, mass in kept.items()
    }
    logs = {}
    for ngram, mass in masses.items():
        history = ngram[:-1]
        seen = mass / (totals[history] + SHORTER_HISTORY_TIMES)
        logs[ngram] = math.log(seen + left[history] * math.exp(model.log_prob(ngram[1:])))
    model.logs.append(logs)
    model.backoffs.append({history: math.log(share) for history, share in left.items()})
