"""The records of a page: as it came, as text, as a list, and where its bytes lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence of a value: the field, the rule that took it, the raw string that the rule read."""

    field: str
    rule: str
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A response as it came: bytes untouched, header names lower case, repeats kept.

    ``ip_address`` is the server's; empty where it is not known, or where a proxy stood between.
    """

    url: str
    body: bytes
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    ip_address: str = ""


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
    ``page_count``: how many pages the list says it has; 0 where it says nothing.
    """

    url: str
    links: tuple[ListLink, ...] = field(default=())
    next_page: str = ""
    is_cut: bool = False
    page_count: int = 0
