"""Weigh how much an article is about what was asked."""

from __future__ import annotations

from collections.abc import Sequence

# A match in the headline says more than one in passing.
_HEADLINE_WEIGHT = 6.0
# BM25's customary saturation and length correction; about 800 characters is a
# usual length of union news.
_SATURATION, _LENGTH_SHARE, _USUAL_LENGTH = 1.5, 0.75, 800


def score(headline: str, body_text: str, terms: Sequence[str]) -> float:
    """BM25-like weight of folded terms in folded texts.

    >>> score("工会送清凉", "", ["工会"]) > score("高温慰问", "工会来了", ["工会"]) > 0
    True
    >>> score("高温慰问", "慰问职工", ["工会"])
    0.0
    """
    length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(body_text) / _USUAL_LENGTH
    total = 0.0
    for term in terms:
        frequency = _HEADLINE_WEIGHT * headline.count(term) + body_text.count(term)
        total += frequency / (frequency + _SATURATION * length) if frequency else 0.0
    return total
