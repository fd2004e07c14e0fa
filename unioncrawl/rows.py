"""An article as one flat row of plain values, for JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from unioncrawl.model import Article, Counter, Extraction
from unioncrawl.normalize.dates import CHINA

# The keys of ``unioncrawl extract``, in the order in which it prints them.
FIELDS = tuple(
    """kind url title lead_title subtitle original_title published_at published_precision published_raw
    hits hits_raw hits_status source author editor column body_text images attachments next_page
    counter photographer correspondent reviewer proofreader original_source dateline mirror body_html
    evidence""".split()
)
_STRINGS = tuple(
    """title lead_title subtitle original_title published_raw hits_raw source author editor column body_text
    next_page photographer correspondent reviewer proofreader original_source dateline body_html""".split()
)


def article_row(article: Article) -> dict[str, object]:
    """The row of an article: the keys of ``unioncrawl extract``, then site and repair facts.

    What the page does not tell is None, never an empty string.
    """
    row = _fields(article)
    row["site"] = article.site or None
    row["canonical_url"] = article.canonical_url or None
    row["repaired"] = bool(article.steps)
    row["repair_steps"] = len(article.steps)
    row["unresolved"] = len(article.unresolved)
    row["fetched_at"] = _time(article.fetched_at)
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
    values: dict[str, object] = {name: getattr(article, name) or None for name in _STRINGS}
    values.update(
        kind="article",
        url=article.url,
        published_at=_time(article.published_at),
        published_precision=article.published_precision.value if article.published_precision else None,
        hits=article.hits,
        hits_status=article.hits_status.value,
        images=[asdict(image) for image in article.images],
        attachments=[asdict(attachment) for attachment in article.attachments],
        counter=_counter(article.counter),
        mirror=article.mirror,
        evidence=[asdict(piece) for piece in article.evidence],
    )
    return {name: values[name] for name in FIELDS}


def _time(at: datetime | None) -> str | None:
    return at.astimezone(CHINA).isoformat() if at else None


def _counter(counter: Counter | None) -> dict[str, str] | None:
    return asdict(counter) if counter else None
