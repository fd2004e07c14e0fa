"""Complete an article with what its hit counter answered, now or in a capture."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from unioncrawl.fields.hits.known_counters import is_answer_implausible, read_counter
from unioncrawl.model import Article, Counter, Evidence, HitsStatus
from unioncrawl.outcomes import FIRST_ERROR_STATUS, Cause, outcome_of, reason_of_status

_RAW_CHARACTERS = 200
_OK = 200


class Answer(NamedTuple):
    """What became of a counter's request: its status, what came as it came, and the number."""

    status: HitsStatus
    raw: str
    hits: int | None = None


def read_answer(counter: Counter | None, text: str, http_status: int = _OK) -> Answer:
    """Return the number that a counter answered, or the reason why it is missing.

    >>> counter = Counter(url="http://a.cn/e/public/ViewClick/?id=4", family="empirecms")
    >>> read_answer(counter, "document.write('37');").hits
    37
    >>> read_answer(counter, "没有这篇文章").status.value
    'failed'
    """
    if http_status >= FIRST_ERROR_STATUS and _is_wall(http_status):
        return Answer(HitsStatus.BLOCKED, f"http-{http_status}")
    raw = text[:_RAW_CHARACTERS]
    hits = read_counter(counter, text) if counter and http_status == _OK else None
    if hits is not None:
        return Answer(HitsStatus.COUNTER, raw, hits)
    is_odd = counter is not None and is_answer_implausible(counter, text)
    return Answer(HitsStatus.IMPLAUSIBLE if is_odd else HitsStatus.FAILED, raw)


def with_answer(article: Article, answer: Answer) -> Article:
    """Return the article with its counter's answer; what the page prints stands where that is no number.

    >>> with_answer(Article(url=""), Answer(HitsStatus.COUNTER, "37", 37)).hits
    37
    >>> printed = Article(url="", hits=5, hits_status=HitsStatus.PAGE)
    >>> with_answer(printed, Answer(HitsStatus.ROBOTS, "robots")).hits
    5
    """
    evidence = Evidence("hits", f"counter:{article.counter.family if article.counter else ''}", answer.raw)
    shown = replace(article, evidence=(*article.evidence, evidence))
    if article.hits_status is HitsStatus.PAGE and answer.hits is None:
        return shown
    return replace(shown, hits=answer.hits, hits_raw=answer.raw, hits_status=answer.status)


def _is_wall(status: int) -> bool:
    """Whether a status is a wall's, as against a broken counter's."""
    return outcome_of(reason_of_status(status)).cause is Cause.WALL
