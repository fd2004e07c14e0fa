"""The address of an element: the keys from the root down, each its tag, id and classes without digits."""

from __future__ import annotations

import re
from typing import Any

_DIGITS = re.compile(r"\d+")
_LONGEST = 100
SIGN = ">"
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


def address_of(element: Any) -> str:  # noqa: ANN401 - the same
    """The address of an element: the keys of the elements around it, from the root down to its own."""
    nodes = [element, *element.iterancestors()]
    return SIGN.join(key_of(node) for node in reversed(nodes))


def is_within(address: str, outer: str) -> bool:
    """Whether an address is another one's, or inside it.

    >>> is_within("html>body>div.a>p", "html>body>div.a"), is_within("html>body>div.ab", "html>body>div.a")
    (True, False)
    """
    return address == outer or address.startswith(outer + SIGN)
