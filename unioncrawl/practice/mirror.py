"""practice-mirror: a scraper's copy of union pages, in pseudo-traditional text.

Its stories are damaged by the forward process that real mirrors apply
(`unioncrawl.repair.forward`): character table, GBK, cuts on bytes, pinyin behind
a fixed set of characters, decoding piece by piece.
"""

from __future__ import annotations

from unioncrawl.practice.http import Request, Response
from unioncrawl.practice.markup import html_response
from unioncrawl.practice.state import State


class MirrorSite:
    """The site: ``/news/``, ``/news/2.html``, ``/news/show/ID.html``."""

    site_id = "practice-mirror"
    name = "風行資訊網"

    def __init__(self, state: State) -> None:
        del state

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        del request
        return html_response("", content_type="text/html; charset=utf-8", status=404)
