"""The headers of every answer: what a page may load, who may frame it, what it passes on.

Nothing is loaded from elsewhere, no script and no inline style runs
(https://www.w3.org/TR/CSP3/). An answer that names a policy of its own keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; frame-src 'self'"
)
SAFE_HEADERS: Mapping[bytes, bytes] = {
    b"content-security-policy": CONTENT_POLICY.encode(),
    b"referrer-policy": b"no-referrer",
    b"x-content-type-options": b"nosniff",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=()",
    # An archive of others' news is no site of its own to be found.
    b"x-robots-tag": b"noindex",
    # What is withdrawn must not stay in a cache: each page is asked for again, cheaply by its ETag.
    b"cache-control": b"private, no-cache",
}


def with_safe_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Add to the headers of an answer those that it does not have."""
    named = {name.lower() for name, _ in headers}
    return [*headers, *((name, value) for name, value in SAFE_HEADERS.items() if name not in named)]
