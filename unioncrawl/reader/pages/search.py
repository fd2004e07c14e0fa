"""``/``: find articles. The whole question stands in ``q``; the form's other fields are put into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from unioncrawl.archive.search.answer import Order, SearchAnswer, SearchRequest, request_node
from unioncrawl.archive.search.known_sites import known_sites, refuse_unknown_sites
from unioncrawl.archive.search.match import terms_to_mark
from unioncrawl.archive.search.query import filter_node, narrowed
from unioncrawl.errors import QueryError, SiteUnknown
from unioncrawl.reader.error_kinds import kind_of
from unioncrawl.reader.page_view import PageView, page_view
from unioncrawl.reader.pages.narrowing import Choice, filter_text, make_choices
from unioncrawl.reader.pages.other_queries import OtherQuery, other_queries
from unioncrawl.sites.level import Level

router = APIRouter()
PAGE_SIZE = 20
_SEE_OTHER = 303
LEVELS: tuple[str, ...] = tuple(Level)


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows besides the results: how many, how they spread, what else to ask."""

    answer: SearchAnswer
    terms: tuple[str, ...]
    choices: dict[str, list[Choice]]
    others: list[OtherQuery]


@router.get("/")
def search_page(
    request: Request, q: str = "", after: str = "", order: Literal["newest", "relevance"] = "newest"
) -> Response:
    """Show what a query finds."""
    view = page_view(request)
    q = q.strip()
    fields = {
        name: request.query_params.get(name, "").strip() for name in ("site", "level", "since", "until")
    }
    try:
        if any(fields.values()):
            return _with_fields(view, q, fields, order)
        found = _find(view, q, after, order)
    except (QueryError, SiteUnknown) as error:
        return _fault_page(view, q, order, error)
    return view.render(
        "search.html.j2", q=q, order=order, after=after, found=found, answer=found.answer, levels=LEVELS,
        nav_here="/",
    )  # fmt: skip


def _with_fields(view: PageView, q: str, fields: dict[str, str], order: Order) -> Response:
    """Lead to the page whose query says what the form's fields say."""
    for name, value in fields.items():
        if value:
            filter_node(name, value)
            q = narrowed(q, filter_text(name, value))
    where = view.link("/", q=q, order="" if order == "newest" else order)
    return RedirectResponse(where, status_code=_SEE_OTHER)


def _find(view: PageView, q: str, after: str, order: Order) -> Found:
    asked = SearchRequest(query=q, limit=PAGE_SIZE, after=after, order=order, facets=True)
    node = request_node(asked)
    reader = view.reader
    with reader.connected() as connection:
        refuse_unknown_sites(connection, node)
        answer = reader.search(connection, asked)
        choices = make_choices(q, answer.facets, known_sites(connection))
        others = [] if answer.results or after else other_queries(reader, connection, q)
    return Found(answer, tuple(terms_to_mark(node)), choices, others)


def _fault_page(view: PageView, q: str, order: str, error: QueryError | SiteUnknown) -> Response:
    """Show the query with what is at fault in it, and what would be right."""
    status, _ = kind_of(error)
    sites: dict[str, str] = {}
    if isinstance(error, SiteUnknown):
        with view.reader.connected() as connection:
            sites = known_sites(connection)
    span = error.span if isinstance(error, QueryError) else None
    return view.render(
        "fault.html.j2",
        status=status,
        q=q,
        order=order,
        error=error,
        fault=getattr(error, "fault", "") or ("site" if sites else "other"),
        field=getattr(error, "field", ""),
        span=span,
        sites=sites,
        levels=LEVELS,
        nav_here="/",
    )


@router.get("/help/search")
def search_help(request: Request) -> Response:
    """Show what may stand in a query."""
    return page_view(request).render("search_help.html.j2", examples=EXAMPLES)


# A query to try, and the key of what it finds.
EXAMPLES = (
    ("送清凉", "word"),
    ("工会 劳模", "all"),
    ("劳模 OR 工匠", "either"),
    ("工会 -竞赛", "without"),
    ('"五一 劳动奖章"', "phrase"),
    ("(劳模 OR 工匠) 宣讲", "brackets"),
    ("since:2024-05 until:2024-06-15", "times"),
    ("hits:>1000", "hits"),
    ("level:city", "level"),
    ("region:61", "region"),
    ("source:工人日报", "source"),
    ("column:要闻", "column"),
)
