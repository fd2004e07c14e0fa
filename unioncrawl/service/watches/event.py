"""What happened, as a notice reports it: an article, a story or a site's health, in Chinese and English."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from unioncrawl.language.zones import local_time
from unioncrawl.service.words import Words

# Events of this kind's beginning are those of health.
ALERT = "alert-"
ARTICLE_NEW, ARTICLE_REVISED = "article-new", "article-revised"
ARTICLE_VANISHED, ARTICLE_BACK = "article-vanished", "article-back"
ARTICLE_WITHDRAWN, ARTICLE_HITS = "article-withdrawn", "article-hits"
# Stands for the events of one run of a watch beyond those that are listed one by one.
ARTICLES_MORE = "articles-more"
TEST = "test"
_ID_BYTES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that somebody wants to hear of; a repeat has the same ``event_id``.

    ``site``: the site's key, empty where the archive as a whole is meant; ``at``: when it
    happened, with a zone; ``url``: where to look, empty without a page.
    """

    event_id: str
    kind: str
    site: str
    at: datetime
    title: Words
    lines: tuple[Words, ...] = ()
    url: str = ""

    @property
    def is_alert(self) -> bool:
        """Whether it is of a site's health."""
        return self.kind.startswith(ALERT)


def event_id(kind: str, *facts: object) -> str:
    """Return the stable digest of what happened; the same facts give the same one, in any run.

    >>> event_id("article-new", "linxi", "http://a.cn/1")
    '31d7c98d2ed3221a861c'
    >>> event_id("a", "b", "c") == event_id("a", "bc")
    False
    """
    written = "\x00".join((kind, *(str(fact) for fact in facts))).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(written, digest_size=_ID_BYTES).hexdigest()


def event_record(event: Event) -> dict[str, Any]:
    """Return an event as JSON keeps it and as the channel ``json`` sends it.

    >>> at = datetime.fromisoformat("2026-11-30T08:00:00+08:00")
    >>> made = Event(event_id="1f", kind="article-new", site="linxi", at=at, title=Words("题", "题"))
    >>> event_record(made)["title"], read_event(event_record(made)) == made
    ({'zh': '题', 'en': '题'}, True)
    """
    return {
        "event_id": event.event_id,
        "kind": event.kind,
        "site": event.site,
        "at": local_time(event.at),
        "title": _plain(event.title),
        "lines": [_plain(line) for line in event.lines],
        "url": _keepable(event.url),
    }


def _plain(words: Words) -> dict[str, str]:
    return {"zh": _keepable(words.zh), "en": _keepable(words.en)}


def _keepable(text: str) -> str:
    """The text without what PostgreSQL's JSON refuses: NUL and halves of surrogate pairs."""
    return text.replace("\0", "\u2400").encode("utf-8", "replace").decode("utf-8")


def read_event(record: Mapping[str, Any]) -> Event:
    """Return the event of an `event_record`."""
    return Event(
        event_id=record["event_id"],
        kind=record["kind"],
        site=record["site"],
        at=datetime.fromisoformat(record["at"]),
        title=Words(**record["title"]),
        lines=tuple(Words(**line) for line in record["lines"]),
        url=record["url"],
    )
