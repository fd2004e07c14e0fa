"""What a person reads of a fault: a sentence and the next step, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from unioncrawl.model.article_fields import FIELDS, ArticleField
from unioncrawl.outcomes import outcome_of
from unioncrawl.service.words import Words

LANGUAGES = ("en", "zh")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("unioncrawl.service.health").joinpath("words.toml").read_text("utf-8"))


@cache
def _labels() -> Mapping[str, ArticleField]:
    """The fields of articles by their names; one that an older version noted keeps its name."""
    return {one.name: one for one in FIELDS}


def said_kinds() -> tuple[str, ...]:
    """Return every kind of fault that has words."""
    return tuple(_table())


def say_fault(kind: str, facts: Mapping[str, object]) -> Words:
    """Return what is wrong, with its figures.

    >>> say_fault("unreachable", {"reason": "timeout"}).zh
    '网站没有应答（等待应答超时）。'
    >>> say_fault("field-lost", {"field": "source", "now": "0 %", "usual": "98 %"}).zh
    '新文章缺少来源（现为 0 %，通常为 98 %）。'
    """
    return _said(kind, "", facts)


def say_next_step(kind: str, site: str) -> Words:
    """Return what a person does about it.

    >>> say_next_step("no-articles", "hgzgh").en
    'Look at the site in a browser, then: unioncrawl sites propose-update hgzgh'
    """
    return _said(kind, "_step", {"site": site})


def _said(kind: str, part: str, facts: Mapping[str, object]) -> Words:
    said = _table()[kind]
    reason = str(facts.get("reason", ""))
    outcome = outcome_of(reason) if reason else None
    field = _labels().get(str(facts.get("field", "")))
    en = {**facts, "reason": outcome.english.rstrip(".") if outcome else "no reason is recorded"}
    zh = {**facts, "reason": outcome.chinese.rstrip("。") if outcome else "没有记录原因"}
    if field is not None:
        en["field"], zh["field"] = field.english, field.chinese
    return Words(zh=said[f"zh{part}"].format_map(zh), en=said[f"en{part}"].format_map(en))
