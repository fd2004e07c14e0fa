"""``/``: find articles."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from unioncrawl.archive.search.answer import SearchRequest, request_node, search
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.reader.page_view import page_view

router = APIRouter()
PAGE_SIZE = 20
_MOST_PAGES = 5_000


@router.get("/")
def search_page(
    request: Request, q: str = "", page: Annotated[int, Query(ge=1, le=_MOST_PAGES)] = 1
) -> Response:
    """Show what a query finds, the newest first."""
    view = page_view(request)
    asked = SearchRequest(query=q, limit=PAGE_SIZE, offset=(page - 1) * PAGE_SIZE)
    with view.reader.connected() as connection:
        refuse_unknown_sites(connection, request_node(asked))
        answer = search(connection, asked)
    return view.render("search.html.j2", q=q, answer=answer, page=page, page_size=PAGE_SIZE)
