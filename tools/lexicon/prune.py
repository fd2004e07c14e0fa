"""Drop the n-grams whose loss changes the model least, until it is small enough."""

from __future__ import annotations

import math
from collections import defaultdict

from tools.lexicon.mixture import Model


def prune(model: Model, keep: list[int]) -> None:
    """Keep the ``keep[n]`` most useful n-grams of each length n, in place.

    An n-gram is useful by how often it is met times how much its probability differs
    from what the shorter history says (Stolcke 1998, without the second-order term).
    The beginning of a kept longer n-gram is kept too, because the file is a tree.
    """
    for size in range(model.order, 1, -1):
        _close_under_beginnings(model, size)
        logs = model.logs[size]
        longer = model.logs[size + 1] if size < model.order else {}
        needed = {ngram[:-1] for ngram in longer}
        ranked = sorted(logs, key=lambda ngram: (-_loss(model, ngram), ngram))
        chosen = set(ranked[: keep[size]]) | needed
        model.logs[size] = {ngram: logs[ngram] for ngram in ranked if ngram in chosen}
    for size in range(2, model.order + 1):
        _reweigh(model, size)


def _close_under_beginnings(model: Model, size: int) -> None:
    for ngram in model.logs[size]:
        begin = ngram[:-1]
        if size > 2 and begin not in model.logs[size - 1]:
            model.logs[size - 1][begin] = model.log_prob(begin)


def _loss(model: Model, ngram: str) -> float:
    shorter = model.backoffs[len(ngram) - 1].get(ngram[:-1], 0.0) + model.log_prob(ngram[1:])
    chance = sum(model.log_prob(ngram[:size]) for size in range(1, len(ngram) + 1))
    return math.exp(chance) * abs(model.logs[len(ngram)][ngram] - shorter)


def _reweigh(model: Model, size: int) -> None:
    """Compute the back-off weights anew so that each history's probabilities sum to one."""
    seen: defaultdict[str, float] = defaultdict(float)
    lower: defaultdict[str, float] = defaultdict(float)
    for ngram, log in model.logs[size].items():
        seen[ngram[:-1]] += math.exp(log)
        lower[ngram[:-1]] += math.exp(model.log_prob(ngram[1:]))
    model.backoffs[size - 1] = {
        history: math.log(max(1.0 - mass, 1e-5) / max(1.0 - lower[history], 1e-5))
        for history, mass in seen.items()
    }
