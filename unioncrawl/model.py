"""The records that travel down the line, one type an arrow.

``Request -> RawPage -> DecodedPage -> Article (raw fields) -> Article + steps
(repair) -> Article (normal fields) -> archive row and capture``.

All records are frozen: a stage returns a new one (`dataclasses.replace`), so
that what an earlier stage saw stays as it was. Times are aware datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from html import escape

from unioncrawl import outcomes
from unioncrawl.article_fields import ArticleTexts
from unioncrawl.markup import safe_html
from unioncrawl.outcomes import Reason, Stage

PageKind = outcomes.PageKind


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


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of a value: the field, the rule that took it, the raw string that the rule read."""

    field: str
    rule: str
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A response as it came: bytes untouched, header names lower case, repeats kept."""

    url: str
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedPage:
    """A page as text, with the encoding chosen and what decided it.

    ``undecodable`` counts the bytes that the encoding could not explain; each
    stands as U+FFFD in ``text``.
    """

    url: str
    text: str
    encoding: str
    evidence: tuple[Evidence, ...] = ()
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    undecodable: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """One change to a text.

    ``start`` and ``end`` are code points in the text as it stood before this
    step, so that replaying the steps in order gives the output. ``confidence``
    is between 0 and 1; ``evidence`` says in a phrase what decided.
    """

    kind: str
    start: int
    end: int
    before: str
    after: str
    confidence: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Damage that stays: a span of the output, in code points, and the reason."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """A text after repair, every change made to it, and the damage that is left."""

    text: str
    steps: tuple[Step, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether any step was taken."""
        return bool(self.steps)


@dataclass(frozen=True, slots=True)
class FieldStep:
    """A repair step and the article's field that it changed."""

    field: str
    step: Step


@dataclass(frozen=True, slots=True)
class FieldUnresolved:
    """Damage that stays, and the article's field that has it."""

    field: str
    unresolved: Unresolved


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
class CaptureRef:
    """Where a raw response lies: WARC file (relative), offset and length in bytes, SHA-256."""

    file: str
    offset: int
    length: int
    digest: str
    url: str
    status: int
    content_type: str = ""
    encoding: str = ""
    encoding_evidence: tuple[Evidence, ...] = ()
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleTexts):
    """One news article, from raw strings to normal fields.

    Its plain texts are declared in `unioncrawl.article_fields`.
    Extraction fills the strings (``*_raw`` as printed), repair replaces damaged
    strings and records ``steps``, normalising fills ``published_at``,
    ``published_precision``, ``hits`` and ``hits_status`` and cleans the names.
    ``time_zone`` is that of the site's printed times; empty is China's.
    ``body_text`` has one paragraph a line, ``markup`` says what HTML adds to the lines
    (`unioncrawl.markup`). ``undecodable_bytes`` of its pages fitted no encoding,
    ``redirected_from`` are the canonical URLs that led to it, ``read_in_text`` the fields
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLink:
    """One entry of a list page: absolute URL, printed title, printed date.

    ``block`` names the part of the page that holds it: the list itself, or a box beside it.
    """

    url: str
    title: str = ""
    date_raw: str = ""
    block: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list page: its entries in page order and the next (older) page's URL, or empty.

    ``is_cut``: it has more entries than the bound, and those after it are left out.
    """

    url: str
    links: tuple[ListLink, ...] = field(default=())
    next_page: str = ""
    is_cut: bool = False
