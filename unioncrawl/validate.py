"""Says why an article must not be stored as news."""

from __future__ import annotations

from datetime import datetime, timedelta

from unioncrawl import outcomes
from unioncrawl.guard.bounds import ARTICLE_CHARACTERS, ARTICLE_ITEMS, TITLE_CHARACTERS
from unioncrawl.model import Article
from unioncrawl.model.article_fields import OF_ONE_LINE
from unioncrawl.outcomes import Reason

REPLACEMENT = "\ufffd"
# Servers' clocks run ahead, and a date without time zone may be printed in another one.
_CLOCK_SLACK = timedelta(days=1)


def reason_to_reject(article: Article, now: datetime) -> tuple[Reason, str] | None:
    """The reason and its detail, or None for an article that may be stored.

    ``no-title``; ``no-body``: neither text nor picture nor attachment, since a picture
    story of one line is an article; ``undecodable``: bytes that no encoding
    explained stand in title or body (a U+FFFD that the site itself printed is
    damage of another kind and no reason); ``too-long`` and ``too-many-items``: beyond
    the bounds; ``future-date``: published after ``now``.

    >>> from datetime import UTC
    >>> now = datetime(2024, 4, 9, tzinfo=UTC)
    >>> reason_to_reject(Article(url="http://a/", title="市总工会送清凉", body_text="今天送出。"), now)
    >>> reason_to_reject(Article(url="http://a/", body_text="今天送出。"), now)
    ('no-title', '今天送出。')
    """
    if not article.title.strip():
        return (outcomes.NO_TITLE, article.body_text[:80])
    if not (article.body_text.strip() or article.images or article.attachments):
        return (outcomes.NO_BODY, article.title)
    lost = article.undecodable_bytes
    if lost and any(REPLACEMENT in text for text in (article.title, article.body_text)):
        return (outcomes.UNDECODABLE, f"{lost} bytes of the page fit no encoding; the capture keeps them")
    beyond = _beyond_bounds(article)
    if beyond is not None:
        return beyond
    if article.published_at is not None and article.published_at > now + _CLOCK_SLACK:
        return (outcomes.FUTURE_DATE, article.published_raw)
    return None


def _beyond_bounds(article: Article) -> tuple[Reason, str] | None:
    """The bound that an article exceeds, and by what; `unioncrawl.guard.bounds` has the bounds."""
    if len(article.body_text) > ARTICLE_CHARACTERS.default:
        return (outcomes.TOO_LONG, f"a text of {len(article.body_text):,} characters")
    for name in OF_ONE_LINE:
        if len(getattr(article, name)) > TITLE_CHARACTERS.default:
            return (outcomes.TOO_LONG, f"its {name} has {len(getattr(article, name)):,} characters")
    for name in ("images", "attachments", "evidence"):
        if len(getattr(article, name)) > ARTICLE_ITEMS.default:
            return (outcomes.TOO_MANY_ITEMS, f"{len(getattr(article, name)):,} {name}")
    return None
