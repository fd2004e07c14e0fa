"""The print of a page's layout: what two pages of one template share whatever they say."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from lxml import etree

from unioncrawl.layouts.addresses import key_of
from unioncrawl.model import DecodedPage

# So many of the smallest digests of a page's places are its print (a bottom-k sketch, Broder 1997), each
# of so many hexadecimal figures: 128 characters a print.
PLACES_KEPT, _FIGURES = 32, 4
# What an editor sets within a text says nothing of its page.
_OF_TEXT = frozenset(
    (
        *("p", "span", "strong", "b", "i", "em", "u", "font", "br", "a", "img", "h1", "h2", "h3", "h4"),
        *("sub", "sup", "o:p", "script", "style", "link", "meta", "option", "li", "tr", "td", "th"),
        *("html", "head", "body", "title", "tbody"),
    )
)
# What tells the tables of an old site apart, which have no names.
_TABLES = frozenset(("table", "tr", "td"))
_MEASURES = ("width", "height", "bgcolor", "background", "align")
# A larger page is not looked at: its print is worth less than the time.
_MOST_CHARACTERS = 1_000_000


def page_print(page: DecodedPage) -> str:
    """Return the print of a page; empty for one without elements, or beyond a million characters."""
    if not page.text.strip() or len(page.text) > _MOST_CHARACTERS:
        return ""
    try:
        root = etree.fromstring(page.text.encode("utf-8", "replace"), etree.HTMLParser(encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    return "" if root is None else print_of(root)


def print_of(root: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """Return the print of a page's tree, the same for pages of the same places.

    A place is an element's key with those of the two elements around it. Elements of texts without
    a class or an id are left out, for each article has others.

    >>> from lxml.html import fromstring
    >>> one = fromstring('<div class="main"><div id="txt_7"><p>市总工会慰问职工</p></div></div>')
    >>> other = fromstring('<div class="main"><div id="txt_8"><p>技能竞赛</p><p><b>开幕</b></p></div></div>')
    >>> print_of(one) == print_of(other)
    True
    """
    digests = {
        blake2b(place.encode("utf-8", "surrogatepass"), digest_size=_FIGURES // 2).hexdigest()
        for place in _places(root)
    }
    return "".join(sorted(digests)[:PLACES_KEPT])


def likeness(one: str, other: str) -> float:
    """Estimate which share of the places of two pages they have in common, from their prints.

    >>> likeness("00aa00bb", "00aa00bb"), likeness("00aa00bb", "00aa"), likeness("", "00aa")
    (1.0, 0.5, 0.0)
    """
    first, second = _digests(one), _digests(other)
    smallest = sorted(first | second)[:PLACES_KEPT]
    return sum(digest in first and digest in second for digest in smallest) / max(1, len(smallest))


def _digests(page: str) -> set[str]:
    return {page[start : start + _FIGURES] for start in range(0, len(page), _FIGURES)}


def _places(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml is untyped
    around: dict[Any, str] = {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        outer = around.get(element.getparent(), "")
        key = key_of(element)
        if key in _TABLES:
            key += "".join(f"@{name}={element.get(name)}" for name in _MEASURES if element.get(name))
        if key in _OF_TEXT:
            around[element] = outer
            continue
        around[element] = f"{outer.rpartition('>')[2]}>{key}"
        yield f"{outer}>{key}"
