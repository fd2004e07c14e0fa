"""An article as one flat row of plain values, for JSON."""

from __future__ import annotations

from typing import Any

from unioncrawl.language.zones import local_time
from unioncrawl.model import (
    Article,
    Attachment,
    CaptureRef,
    Counter,
    Evidence,
    Extraction,
    Image,
    Step,
    Unresolved,
)
from unioncrawl.model.article_fields import PAGE_NAMES, PAGE_TEXTS

# The keys of ``unioncrawl extract``, in the order in which it prints them.
FIELDS = PAGE_NAMES


def named_values(
    record: Attachment | CaptureRef | Counter | Evidence | Image | Step | Unresolved,
) -> dict[str, Any]:
    """The values of a flat record by name, in a fraction of the time of `dataclasses.asdict`.

    >>> named_values(Image("http://a.cn/1.jpg", "会议现场"))
    {'url': 'http://a.cn/1.jpg', 'caption': '会议现场'}
    """
    return {name: getattr(record, name) for name in record.__slots__}


def article_row(article: Article) -> dict[str, object]:
    """The row of an article: the keys of ``unioncrawl extract``, then site and repair facts.

    A value that the page does not give is None, never an empty string.
    """
    row = _fields(article)
    row["site"] = article.site or None
    row["canonical_url"] = article.canonical_url or None
    row["repaired"] = bool(article.steps)
    row["repair_steps"] = len(article.steps)
    row["unresolved"] = len(article.unresolved)
    row["fetched_at"] = local_time(article.fetched_at)
    return row


def extraction_row(extraction: Extraction) -> dict[str, object]:
    """The row of any page: exactly the keys of ``unioncrawl extract``; all None but two if no article."""
    if extraction.article is not None:
        return _fields(extraction.article)
    row: dict[str, object] = dict.fromkeys(FIELDS)
    row["kind"] = extraction.kind.value
    row["url"] = extraction.url
    return row


def _fields(article: Article) -> dict[str, object]:
    values: dict[str, object] = {name: getattr(article, name) or None for name in PAGE_TEXTS}
    values.update(
        kind="article",
        body_html=article.body_html or None,
        url=article.url,
        published_at=local_time(article.published_at),
        published_precision=article.published_precision.value if article.published_precision else None,
        hits=article.hits,
        hits_status=article.hits_status.value,
        images=[named_values(image) for image in article.images],
        attachments=[named_values(attachment) for attachment in article.attachments],
        counter=_counter(article.counter),
        mirror=article.mirror,
        evidence=[named_values(piece) for piece in article.evidence],
    )
    return {name: values[name] for name in FIELDS}


def _counter(counter: Counter | None) -> dict[str, str] | None:
    return named_values(counter) if counter else None
