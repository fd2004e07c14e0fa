"""Repair an article: every text field of it, the page as one piece of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from unioncrawl.model import Article, FieldStep, FieldUnresolved
from unioncrawl.repair.driver import repair_fields

TEXT_FIELDS = (
    "title",
    "lead_title",
    "subtitle",
    "original_title",
    "published_raw",
    "hits_raw",
    "source",
    "author",
    "editor",
    "column",
    "body_text",
)


def repair_article(article: Article, *, twins: Sequence[str] = ()) -> Article:
    """Repair all text fields; what each was before stands in ``raw``.

    ``twins`` are undamaged texts of the same story. ``mirror`` is set when the
    page shows what only a mirror does. An undamaged article comes back as it is.

    >>> damaged = Article(url="http://a/", title="全國總工會", body_text="全國(guó)總工會(huì)召開會(huì)議")
    >>> repaired = repair_article(damaged)
    >>> repaired.title, repaired.body_text, repaired.mirror
    ('全国总工会', '全国总工会召开会议', True)
    >>> clean = Article(url="http://a/", title="关于工会")
    >>> repair_article(clean) == clean
    True
    """
    texts = {name: getattr(article, name) for name in TEXT_FIELDS if getattr(article, name)}
    repaired = repair_fields(texts, twins=twins)
    changed: dict[str, Any] = {name: found.text for name, found in repaired.items() if found.steps}
    steps = tuple(FieldStep(name, step) for name, found in repaired.items() for step in found.steps)
    unresolved = tuple(
        FieldUnresolved(name, span) for name, found in repaired.items() for span in found.unresolved
    )
    return replace(
        article,
        **changed,
        raw=(*article.raw, *((name, texts[name]) for name in changed)),
        steps=(*article.steps, *steps),
        unresolved=(*article.unresolved, *unresolved),
        mirror=article.mirror or any(item.step.kind.startswith("mirror") for item in steps),
    )
