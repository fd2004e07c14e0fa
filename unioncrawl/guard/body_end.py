"""Whether the body of a page came to its end: by its own last tag."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Counters and advertisements are often appended after a page's last tag.
_TAIL_BYTES = 4_096
_HEAD_BYTES = 1_024
# The root of HTML, of feeds and of sitemaps.
_ROOT = re.compile(rb"<(html|rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(rb"<(?:!doctype\s+html|head|body)[\s>]", re.IGNORECASE)
# Elements whose end tag HTML requires, and which hold the text of a page.
_PAIRED = re.compile(
    rb"<(/?)(div|table|section|article|main|ul|ol|span|script|style|form|a|h[1-6])(?=[\s>/])", re.IGNORECASE
)


def is_whole(body: bytes) -> bool:
    r"""Whether a body ends with the end tag of its root, whatever its headers announced.

    Text after the last tag is passed over. A body that is no markup has no such end.

    >>> is_whole("<html><body><p>工会</p></body></html>\n<!-- 3 ms -->".encode())
    True
    >>> is_whole("<html><body><p>工".encode()), is_whole(b'{"hits": 12}')
    (False, False)
    """
    root = _root(body)
    return bool(root) and f"</{root}".encode() in body[-_TAIL_BYTES:].lower()


def may_be_whole(body: bytes) -> bool:
    """Whether nothing speaks against a body whose length nobody announced.

    Old templates leave out ``</html>``: a page without it is whole when it ends after a
    tag and no element that needs an end tag is open. What is no page says nothing.

    >>> may_be_whole("<html><body><div>工会</div></body>".encode())
    True
    >>> may_be_whole("<html><body><div><p>工会</p>".encode())
    False
    """
    if not _root(body) or is_whole(body):
        return True
    return body.rstrip().endswith(b">") and not any(_open_elements(body))


def _root(body: bytes) -> str:
    """The name of the root element in small letters; empty where the body is no markup."""
    head = body[:_HEAD_BYTES]
    found = _ROOT.search(head)
    if found is not None:
        return found[1].decode().lower()
    return "html" if _LOOKS_LIKE_HTML.search(head) else ""


def _without_comments(body: bytes) -> bytes:
    first, *rest = body.split(b"<!--")
    return first + b"".join(part.partition(b"-->")[2] for part in rest)


def _open_elements(body: bytes) -> Iterator[bytes]:
    """The names of elements that are opened more often than closed."""
    balance: dict[bytes, int] = {}
    for ends, name in _PAIRED.findall(_without_comments(body)):
        balance[name.lower()] = balance.get(name.lower(), 0) + (-1 if ends else 1)
    yield from (name for name, opened in balance.items() if opened > 0)
