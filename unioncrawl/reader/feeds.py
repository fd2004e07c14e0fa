"""``/feed.json``, ``/feed.atom`` and ``/feed.rss``: any query to follow, the newest articles first."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.exports.feeds import FeedHead, json_feed
from unioncrawl.archive.exports.xml_feeds import atom_feed, rss_feed
from unioncrawl.archive.read.stored_articles import load_articles
from unioncrawl.archive.search.answer import SearchRequest, request_node
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.errors import ArticleDamaged
from unioncrawl.reader.freshness import answer_if_new
from unioncrawl.reader.guarding.parameters import refuse_unknown
from unioncrawl.reader.page_view import PageView, page_view

router = APIRouter(dependencies=[Depends(refuse_unknown)])
FeedForm = Literal["json", "atom", "rss"]
# RFC 4287, 7; https://www.jsonfeed.org/version/1.1/ (suggestions for publishers); RSS has none registered.
MEDIA_TYPES = {
    "json": "application/feed+json; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
}
_USUAL, _MOST = 50, 200
Limit = Annotated[int, Query(ge=1, le=_MOST)]


@router.get("/feed.{form}")
def feed(request: Request, form: FeedForm, q: str = "", after: str = "", limit: Limit = _USUAL) -> Response:
    """Return the newest articles of a query as a feed; ``after`` goes on where another document ended."""
    view = page_view(request)
    asked = SearchRequest(query=q, limit=limit, after=after)
    with view.reader.connected() as connection:
        refuse_unknown_sites(connection, request_node(asked))
        return answer_if_new(request, connection, lambda: _document(view, connection, form, asked))


def _document(view: PageView, connection: Connection, form: FeedForm, asked: SearchRequest) -> Response:
    answer = view.reader.search(connection, asked)
    damaged: list[ArticleDamaged] = []
    numbers = [hit.id for hit in answer.results]
    articles = load_articles(connection, numbers, damaged.append)
    known = {stored.id for stored in articles}
    limit = asked.limit if asked.limit != _USUAL else None

    def at(after: str) -> str:
        return view.absolute_link(f"/feed.{form}", q=asked.query, limit=limit, after=after)

    head = FeedHead(
        title=f"工会新闻：{asked.query}" if asked.query else "工会新闻",
        home_page_url=view.absolute_link("/", q=asked.query),
        feed_url=at(asked.after),
        first_url=at(""),
        next_url=at(answer.next_page) if answer.next_page else "",
        total=answer.total,
        left_out=tuple(number for number in numbers if number not in known),
    )
    if form == "json":
        written = json.dumps(json_feed(articles, head), ensure_ascii=False, indent=1).encode(
            "utf-8", "replace"
        )
    else:
        written = (atom_feed if form == "atom" else rss_feed)(articles, head)
    return Response(written, media_type=MEDIA_TYPES[form])
