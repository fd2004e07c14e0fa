"""Read a pager that is a row of numbers: which one is the page's own, and which link is the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from unioncrawl.page.document import Document
from unioncrawl.urls import absolute_url

PAGE_NUMBER = re.compile(r"\W{0,2}(\d{1,4})\W{0,2}")
# Themes add words for screen readers: "Page 3".
_UNLINKED = re.compile(r"\W{0,2}(?:第|页|頁|Page)?\s*(\d{1,4})\s*页?\W{0,2}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_EXTENSION = re.compile(r"\.\w+$")
_IS_CURRENT = re.compile(r"(?:^|[\s_-])(?:current|cur|active|on|now|selected|thisclass)(?:$|[\s_-])")
# What stands between the address of a list and the number of its page: /page/2, ?paged=2, _2, -2.
_PAGE_PART = re.compile(
    r"(?:index|list)?[/_.?&=-]*(?:page|paged|p|pn|pageno|currentpage|pageindex)?[/_=-]*$", re.IGNORECASE
)

AddressOf = Callable[[Any], str]


class NumberRow(NamedTuple):
    """The page's own number and the links of the others, by number."""

    own: int
    links: dict[int, Any]

    @property
    def following(self) -> Any:  # noqa: ANN401 - lxml is untyped
        """The link of the next page; None on the last page."""
        return self.links.get(self.own + 1)


def read_number_row(document: Document, address_of: AddressOf) -> NumberRow | None:
    """Return the row of page numbers of a list; None where no row shows this page's own number.

    ``address_of`` gives the absolute address of a link.
    """
    links = {
        int(number[1]): placed.element
        for placed in document.links
        if (number := PAGE_NUMBER.fullmatch("".join(placed.element.itertext()).strip()))
        and (
            _is_current(document, placed.element, address_of)
            or _pages_this_list(document, address_of(placed.element), number[1])
        )
    }
    own = [number for number, element in links.items() if _is_current(document, element, address_of)]
    own += [number - 1 for number, element in links.items() if _stands_unlinked(element, number - 1)]
    return NumberRow(own[0], links) if own else None


def _pages_this_list(document: Document, address: str, number: str) -> bool:
    """Whether an address is that of another page of this list.

    It stands beside the list or below it and has a number in its name or query, or it
    is this page's address up to where the number stands.
    """
    own, other = urlsplit(document.page.url), urlsplit(absolute_url(document.base_url, address))
    if not address or own.netloc != other.netloc:
        return False
    folder, _, name = other.path.rpartition("/")
    beside_or_below = (own.path.rpartition("/")[0], own.path.rstrip("/"), _EXTENSION.sub("", own.path))
    if folder in beside_or_below and _DIGITS.search(name + other.query):
        return True
    place = [found.start() for found in _DIGITS.finditer(other.geturl()) if found[0] == number]
    stem = _PAGE_PART.sub("", other.geturl()[: place[-1]]) if place else ""
    return len(stem) > len(f"{own.scheme}://{own.netloc}/") and own.geturl().startswith(stem)


def _is_current(document: Document, element: Any, address_of: AddressOf) -> bool:  # noqa: ANN401 - lxml is untyped
    classes = " ".join((node.get("class") or "") for node in (element, element.getparent()))
    return bool(_IS_CURRENT.search(classes)) or address_of(element) == document.page.url


def _stands_unlinked(element: Any, number: int) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether the number is not a link and stands before a link: ``<span>1</span> <a>2</a>``."""
    before = next(element.itersiblings("*", preceding=True), None)  # comments are passed over
    if before is None and element.getparent() is not None:
        before = element.getparent().getprevious()
    text = (before.tail or "").strip() if before is not None else (element.getparent().text or "").strip()
    if before is not None and not text:
        linked = any(link.get("href") for link in before.iter("a"))
        text = "" if linked else "".join(before.itertext()).strip()
    found = _UNLINKED.fullmatch(text)
    return found is not None and int(found[1]) == number
