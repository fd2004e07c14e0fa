"""Repair an article: all its text fields together, for the page is the unit of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from unioncrawl.model import Article, FieldStep, FieldUnresolved, Image, Repaired
from unioncrawl.model.article_fields import Use, texts_of
from unioncrawl.repair.driver import repair_fields

TEXT_FIELDS = texts_of(Use.REPAIRED)
_CAPTION = "images.{}.caption"
_MIRROR_STEPS = "mirror"


def repair_article(article: Article, *, hint: str | None = None, twins: Sequence[str] = ()) -> Article:
    """Return the article with its damaged fields repaired, every change and what is left recorded.

    ``raw`` keeps each changed field as it was, ``mirror`` says that a mirror's damage
    was seen. ``twins`` are undamaged texts of the same story, ``hint`` what is known of
    the site (see ``Page``). An undamaged article comes back as it is.

    >>> article = Article(url="http://a.cn/1", title="全國總工會", body_text="工會(huì)開會(huì)")
    >>> repaired = repair_article(article)
    >>> repaired.title, repaired.body_text, repaired.mirror
    ('全国总工会', '工会开会', True)
    >>> clean = Article(url="http://a.cn/2", title="全国总工会")
    >>> repair_article(clean) is clean
    True
    """
    fields = _texts(article)
    repaired = repair_fields(fields, hint=hint, twins=twins)
    changed = {name: result for name, result in repaired.items() if result.changed}
    unresolved = tuple(
        FieldUnresolved(name, span) for name, result in repaired.items() for span in result.unresolved
    )
    if not changed:
        return replace(article, unresolved=(*article.unresolved, *unresolved)) if unresolved else article
    steps = tuple(FieldStep(name, step) for name, result in changed.items() for step in result.steps)
    known = {name for name, _ in article.raw}
    texts: dict[str, Any] = {name: result.text for name, result in changed.items() if name in TEXT_FIELDS}
    return replace(
        article,
        **texts,
        images=_with_captions(article.images, repaired),
        raw=(*article.raw, *((name, fields[name]) for name in changed if name not in known)),
        steps=(*article.steps, *steps),
        unresolved=(*article.unresolved, *unresolved),
        mirror=article.mirror or any(step.step.kind.startswith(_MIRROR_STEPS) for step in steps),
    )


def _texts(article: Article) -> dict[str, str]:
    texts = {name: getattr(article, name) for name in TEXT_FIELDS}
    texts |= {_CAPTION.format(number): image.caption for number, image in enumerate(article.images)}
    return {name: text for name, text in texts.items() if text}


def _with_captions(images: tuple[Image, ...], repaired: Mapping[str, Repaired]) -> tuple[Image, ...]:
    captions = (repaired.get(_CAPTION.format(number)) for number in range(len(images)))
    return tuple(
        replace(image, caption=caption.text) if caption else image
        for image, caption in zip(images, captions, strict=True)
    )
