"""Derive an article again from what the archive keeps of it: raw strings or raw pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from unioncrawl.decode.order import decode_raw
from unioncrawl.errors import UnioncrawlError
from unioncrawl.extract.article_parts import join_parts
from unioncrawl.fields.people.in_text import without_bylines
from unioncrawl.layouts.read_by_model import read_again
from unioncrawl.layouts.site_model import SiteModel
from unioncrawl.model import Article, RawPage, Step
from unioncrawl.normalize import normalize_article
from unioncrawl.repair.article import repair_article
from unioncrawl.repair.plan import replay
from unioncrawl.sites.profile import SiteProfile

_FIELDS = {field.name for field in fields(Article)}
# Fields that come from the visit and not from the page, and those that identify the article.
_OF_THE_VISIT = (
    "url", "site", "canonical_url", "redirected_from", "hits", "hits_raw", "hits_status", "fetched_at",
)  # fmt: skip


def as_extracted(article: Article) -> Article:
    """Return the article with its strings as extraction saw them, unrepaired."""
    article = without_bylines(article)
    raw: dict[str, Any] = {name: text for name, text in article.raw if name in _FIELDS}
    return replace(article, **raw, raw=(), steps=(), unresolved=(), mirror=False)


def repair_again(article: Article, twins: Sequence[str] = ()) -> Article:
    """Repair and normalise again from the raw strings."""
    return _of_the_same_visit(normalize_article(repair_article(as_extracted(article), twins=twins)), article)


def normalize_again(article: Article) -> Article:
    """Normalise again what the recorded repair steps make of the raw strings.

    An article whose steps don't fit its strings is returned unchanged.
    """
    steps: defaultdict[str, list[Step]] = defaultdict(list)
    for taken in article.steps:
        steps[taken.field].append(taken.step)
    raw: dict[str, Any] = {name: text for name, text in article.raw if name in _FIELDS}
    try:
        repaired: dict[str, Any] = {name: replay(text, steps[name]) for name, text in raw.items()}
    except UnioncrawlError:
        return article
    return _of_the_same_visit(normalize_article(replace(without_bylines(article), **repaired)), article)


def extract_again(
    article: Article,
    pages: Sequence[RawPage],
    profile: SiteProfile | None,
    twins: Sequence[str] = (),
    model: SiteModel | None = None,
) -> Article | None:
    """Take the article from its captured pages again; ``None`` when none of them is an article now.

    They are read by ``model`` where it holds, in full elsewhere.
    """
    read = [read_again(decode_raw(page), profile, model) for page in pages]
    parts = _in_order(article.url, {page.url: one.article for page, one in zip(pages, read, strict=True)})
    if not parts:
        return None
    joined = join_parts(parts) if len(parts) > 1 else parts[0]
    # Often only the list names the column.
    joined = replace(joined, column=joined.column or dict(article.raw).get("column", article.column))
    return _of_the_same_visit(normalize_article(repair_article(joined, twins=twins)), article)


def _in_order(url: str, extracted: Mapping[str, Article | None]) -> list[Article]:
    """Return the article's parts: from the page at its address along the links to the next part."""
    left = {address: part for address, part in extracted.items() if part is not None}
    part = left.pop(url, None) or (left.pop(next(iter(left))) if left else None)
    parts: list[Article] = []
    while part is not None:
        parts.append(part)
        part = left.pop(part.next_page, None)
    return parts


def _of_the_same_visit(derived: Article, article: Article) -> Article:
    own: dict[str, Any] = {name: getattr(article, name) for name in _OF_THE_VISIT}
    return replace(derived, **own, captures=())
