"""The article, what it consists of, and what stands in its place when a page has none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from html import escape

from unioncrawl import outcomes
from unioncrawl.markup import safe_html
from unioncrawl.model.article_fields import ArticleTexts
from unioncrawl.model.pages import CaptureRef, Evidence
from unioncrawl.model.repaired import FieldStep, FieldUnresolved
from unioncrawl.outcomes import PageKind, Reason, Stage


class HitsStatus(StrEnum):
    """Why ``hits`` is what it is: where the number comes from, or why it is missing."""

    PAGE = "page"
    COUNTER = "counter"
    EMPTY = "empty"
    PLACEHOLDER = "placeholder"
    IMPLAUSIBLE = "implausible"
    NO_COUNTER = "no-counter"
    ROBOTS = "robots"
    BLOCKED = "blocked"
    FAILED = "failed"
    PENDING = "pending"


class Precision(StrEnum):
    """How exactly a publish date was printed."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """The request that returns an article's hits, found in the article's own page.

    ``family`` names the response's format (``xunrui``, ``empirecms``,
    ``phpcms`` …, ``generic``); ``body`` is the JSON or form body of a POST.
    """

    url: str
    family: str
    method: str = "GET"
    body: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the body: absolute URL and its caption."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the article offers: absolute URL and its printed name."""

    url: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleTexts):
    """One news article, from raw strings to normal fields.

    Its plain texts are declared in `unioncrawl.model.article_fields`.
    Extraction fills the strings (``*_raw`` as printed), repair replaces damaged
    strings and records ``steps``, normalising fills ``published_at``,
    ``published_precision``, ``hits`` and ``hits_status`` and cleans the names.
    ``time_zone`` is that of the site's printed times; empty is China's.
    ``body_text`` has one paragraph a line, ``markup`` says what HTML adds to the lines
    (`unioncrawl.markup`). ``site_model`` is the id of the model of its site by which the page was
    read (`unioncrawl.layouts`), empty where it was read in full. ``undecodable_bytes`` of its pages
    fitted no encoding, ``body_is_cut``: the body of one of its pages ended too early, and text may
    be missing; ``redirected_from`` are the canonical URLs that led to it, ``read_in_text`` the fields
    that only its repaired text gave. ``evidence`` explains all this to people; nothing is
    decided by it. ``raw`` keeps each repaired or
    normalised field's string as extraction saw it.
    """

    url: str
    site: str = ""
    canonical_url: str = ""
    published_at: datetime | None = None
    published_precision: Precision | None = None
    time_zone: str = ""
    hits: int | None = None
    hits_status: HitsStatus = HitsStatus.NO_COUNTER
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    counter: Counter | None = None
    mirror: bool = False
    undecodable_bytes: int = 0
    body_is_cut: bool = False
    redirected_from: tuple[str, ...] = ()
    read_in_text: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    raw: tuple[tuple[str, str], ...] = ()
    steps: tuple[FieldStep, ...] = ()
    unresolved: tuple[FieldUnresolved, ...] = ()
    fetched_at: datetime | None = None
    captures: tuple[CaptureRef, ...] = ()

    @property
    def body_html(self) -> str:
        """The text as safe HTML, an element a line: see `unioncrawl.markup`."""
        return safe_html(self.body_text, self.markup, self.images)

    def _repr_html_(self) -> str:
        """The article as a notebook shows it."""
        at = self.published_at.isoformat(" ") if self.published_at else self.published_raw
        facts = " · ".join(escape(fact) for fact in (at, self.source, self.author, self.url) if fact)
        return (
            f"<article><h3>{escape(self.title)}</h3><p><small>{facts}</small></p>{self.body_html}</article>"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A page that did not become an article: where it stopped and why."""

    url: str
    site: str
    stage: Stage
    reason: Reason
    detail: str = ""
    status: int = 0
    at: datetime | None = None
    captures: tuple[CaptureRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page turned out to be: an ``article``, or the ``reason`` why it is not one, with a detail."""

    url: str
    reason: Reason | None = None
    detail: str = ""
    article: Article | None = None

    @property
    def kind(self) -> PageKind:
        """What the page is; ``ARTICLE`` where it has an article."""
        if self.reason is None:
            return PageKind.ARTICLE
        return outcomes.outcome_of(self.reason).kind or PageKind.UNREADABLE
