"""The records of a list page (栏目列表): its entries and where it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field


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
    """A list page: its entries in page order and the next (older) page's URL, or empty."""

    url: str
    links: tuple[ListLink, ...] = field(default=())
    next_page: str = ""
