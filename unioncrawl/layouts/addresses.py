"""The address of an element: the keys from the root down, each its tag, id and classes without digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_DIGITS = re.compile(r"\d+")
_LONGEST = 100
SIGN = ">"
# Old sites set their pages in tables without a name: the cells of a row are told by their places.
PLACED = frozenset(("div", "table", "tr", "td"))
# WordPress writes an article's columns and tags into the classes of these.
_NAMED_BY_ARTICLE = frozenset(("html", "body", "article"))


def key_of(element: Any) -> str:  # noqa: ANN401 - lxml is untyped
    """The key of an element among its siblings; digits are left out, so that a run of them has one key.

    >>> from lxml.html import fromstring
    >>> key_of(fromstring('<div id="content_12" class="text  b2 a">.</div>'))
    'div#content_.text.b.a'
    >>> key_of(fromstring("<p>.</p>"))
    'p'
    """
    tag = element.tag
    name, names = element.get("id"), element.get("class")
    if not name and not names:
        return str(tag)
    key = f"{tag}#{name}" if name else str(tag)
    if names and tag not in _NAMED_BY_ARTICLE:
        key = f"{key}.{'.'.join(names.split())}"
    return _DIGITS.sub("", key).replace(SIGN, "")[:_LONGEST]


def keyed_children(element: Any) -> Iterator[tuple[Any, str]]:  # noqa: ANN401 - the same
    """Yield the elements in an element with their keys; of those without a name the place is in the key.

    >>> from lxml.html import fromstring
    >>> [key for _, key in keyed_children(fromstring("<tr><td>1</td><td class=a>2</td><td>3</td></tr>"))]
    ['td', 'td.a', 'td:2']
    """
    places: dict[str, int] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        key = key_of(child)
        if key in PLACED:
            places[key] = place = places.get(key, 0) + 1
            yield child, f"{key}:{place}" if place > 1 else key
        else:
            yield child, key


def address_of(element: Any) -> str:  # noqa: ANN401 - the same
    """The address of an element: the keys of the elements around it, from the root down to its own."""
    nodes = [element, *element.iterancestors()]
    return SIGN.join(_placed_key(node) for node in reversed(nodes))


def _placed_key(element: Any) -> str:  # noqa: ANN401 - the same
    key = key_of(element)
    if key not in PLACED:
        return key
    place = 1 + sum(key_of(other) == key for other in element.itersiblings(element.tag, preceding=True))
    return f"{key}:{place}" if place > 1 else key


def is_within(address: str, outer: str) -> bool:
    """Whether an address is another one's, or inside it.

    >>> is_within("html>body>div.a>p", "html>body>div.a"), is_within("html>body>div.ab", "html>body>div.a")
    (True, False)
    """
    return address == outer or address.startswith(outer + SIGN)
