"""Bring an article's repaired strings into their normal form: dates, hits, people, headlines."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from unioncrawl.fields.dates.clean import Published, parse_published
from unioncrawl.fields.headline.clean import clean_headline
from unioncrawl.fields.hits.clean import is_implausible, parse_hits
from unioncrawl.fields.people.clean import clean_source
from unioncrawl.fields.people.in_text import add_bylines, clean_bylines
from unioncrawl.fields.people.origin import split_origin
from unioncrawl.language.label_folding import fold_labels
from unioncrawl.language.zones import zone_named
from unioncrawl.markup import without_lines
from unioncrawl.model import Article, Evidence, HitsStatus, Image
from unioncrawl.model.article_fields import TEXTS, Group
from unioncrawl.urls import year_in_url

__all__ = ["Published", "normalize_article", "parse_hits", "parse_published"]

# Mirrors eat the "<" of a tag; repair brings it back, as text.
_TAG = re.compile(
    r"</?(?:p|strong|b|span|br|div|font|em|td|tr|a|img|h[1-6])\b[^<>\n]{0,200}/?>", re.IGNORECASE
)

_CLEANERS: dict[Group, Callable[[str], str]] = {
    Group.HEADLINE: clean_headline,
    Group.SOURCE: clean_source,
    Group.PEOPLE: clean_bylines,
    Group.COLUMN: str.strip,
}
# What stands around a value more often than once is printed twice or thrice; a bound for all else.
_MOST_LAYERS = 8
_CLEANED = tuple(one for one in TEXTS if one.group in _CLEANERS)


def normalize_article(article: Article) -> Article:
    """Fill the normal fields from the repaired strings; what was printed stays in ``raw``.

    Dates become aware times with their precision, hit counts integers with the
    status that says where they come from or why they are missing. A count that a
    counter already returned stays. The URL is left alone.
    """
    has_tags = "<" in article.body_text
    printed = article.body_text.split("\n")
    lines = [_settled(_without_tags, line) if has_tags else line.strip() for line in printed]
    cleaned = {one.name: _settled(_CLEANERS[one.group], getattr(article, one.name)) for one in _CLEANED}
    cleaned["source"], origin = split_origin(cleaned["source"])
    cleaned["original_source"] = cleaned["original_source"] or origin
    cleaned["body_text"] = "\n".join(line for line in lines if line)
    cleaned["markup"] = _kept_markup(article, lines)
    changed = {name: value for name, value in cleaned.items() if value != getattr(article, name)}
    # One copy of the record for all fields: each takes 25 µs, a fifteenth of the whole.
    values: dict[str, Any] = {
        **changed,
        "raw": _kept_raw(article, changed),
        **_date(article),
        **_hits(article),
    }
    if "body_text" in changed or any(step.field == "body_text" for step in article.steps):
        values["images"] = _with_captions(article, cleaned["body_text"])
    if origin and not article.original_source:
        piece = Evidence("original_source", "source-bracket", article.source)
        values["read_in_text"] = (*article.read_in_text, piece.field)
        values["evidence"] = (*article.evidence, piece)
    return add_bylines(replace(article, **values))


def _settled(clean: Callable[[str], str], text: str) -> str:
    """The text cleaned until nothing more comes off it (李方 摄影报道 摄影报道), layer by layer."""
    for _ in range(_MOST_LAYERS if text else 0):
        cleaned = clean(text)
        if len(cleaned) >= len(text):
            return cleaned
        text = cleaned
    return text


def _without_tags(line: str) -> str:
    return _TAG.sub("", line).strip()


def _kept_raw(article: Article, changed: dict[str, str]) -> tuple[tuple[str, str], ...]:
    known = {name for name, _ in article.raw}
    added = [(name, getattr(article, name)) for name in changed if name not in known]
    return (*article.raw, *added)


def _kept_markup(article: Article, lines: Sequence[str]) -> str:
    """The notation without the empty lines and the lines that repair joined to others."""
    printed = dict(article.raw).get("body_text", article.body_text)
    numbers = list(range(printed.count("\n") + 1))
    if len(numbers) > len(lines):
        _drop_joined(numbers, printed, article)
    kept = {number for number, line in zip(numbers, lines, strict=False) if line}
    count = printed.count("\n") + 1
    if len(kept) == count or not article.body_text:
        return article.markup
    return without_lines(article.markup, count, len(article.images), set(range(count)) - kept)


def _drop_joined(numbers: list[int], printed: str, article: Article) -> None:
    """Remove the numbers of the lines whose breaks the repair steps removed."""
    text = printed
    for step in (taken.step for taken in article.steps if taken.field == "body_text"):
        joined = step.before.count("\n") - step.after.count("\n")
        if joined > 0:
            line = text.count("\n", 0, step.start)
            del numbers[line + 1 : line + 1 + joined]
        text = text[: step.start] + step.after + text[step.end :]


def _with_captions(article: Article, body_text: str) -> tuple[Image, ...]:
    """A caption that is a paragraph of the text is repaired with it."""
    printed = dict(article.raw).get("body_text", article.body_text).split("\n")
    lines = body_text.split("\n")
    if len(printed) != len(lines):
        return article.images
    repaired = dict(zip(printed, lines, strict=True))
    return tuple(
        replace(image, caption=repaired.get(image.caption, image.caption)) for image in article.images
    )


def _date(article: Article) -> dict[str, Any]:
    """The fields that the printed date fills."""
    found = parse_published(
        article.published_raw,
        fetched_at=article.fetched_at,
        year_hint=year_in_url(article.url),
        zone=zone_named(article.time_zone),
    )
    at, precision = (found.at, found.precision) if found else (None, None)
    return {"published_at": at, "published_precision": precision}


def _hits(article: Article) -> dict[str, Any]:
    """The fields that a printed count fills; empty where nothing is to be read."""
    if article.hits is not None or article.hits_status is not HitsStatus.PAGE:
        return {}
    printed = fold_labels(article.hits_raw).text
    hits = parse_hits(printed)
    if hits is not None:
        return {"hits": hits}
    if is_implausible(printed):
        return {"hits_status": HitsStatus.IMPLAUSIBLE}
    return {"hits_status": HitsStatus.PENDING if article.counter else HitsStatus.EMPTY}
