"""What the routes of the API share: the archive's connection, an answer as JSON, pages that go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy import Connection

from unioncrawl.archive.read.stored_articles import StoredArticle, find_article, load_articles
from unioncrawl.archive.search.answer import SearchRequest, request_node
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.reader.api.problems import ArticleGone
from unioncrawl.reader.freshness import answer_if_new
from unioncrawl.reader.reading import reader_of

# The largest number of a row in either database.
_MOST_ID = 2**63 - 1
Number = Annotated[int, Path(ge=1, le=_MOST_ID)]
Before = Annotated[int | None, Query(ge=1, le=_MOST_ID, description="Go on before this number.")]
AskedQuery = Annotated[str, Query(max_length=2_000, description="As for `unioncrawl search`.")]
After = Annotated[
    str,
    Query(pattern=r"^((-?[0-9]{1,11}|undated)\.[0-9]{1,18})?$", description="The `next` of the page before."),
]
Limit = Annotated[int, Query(ge=1, le=100)]
Make = Callable[[Connection], BaseModel]


def answer(request: Request, make: Make, asked: SearchRequest | None = None) -> Response:
    """Return a record as JSON with ETag and Last-Modified, or 304 to a program that has it.

    Raises what the archive raises, `SiteUnknown` for a site of the query among it.
    """
    with reader_of(request).connected() as connection:
        if asked is not None:
            refuse_unknown_sites(connection, request_node(asked))

        def document() -> Response:
            written = make(connection).model_dump_json().encode("utf-8", "replace")
            return Response(written, media_type="application/json")

        return answer_if_new(request, connection, document)


def answer_of_article(
    request: Request, number: int, make: Callable[[Connection, StoredArticle], BaseModel]
) -> Response:
    """Return a record of one article.

    Raises `ArticleNotFound`, and `ArticleGone` when it was withdrawn.
    """

    def of_article(connection: Connection) -> BaseModel:
        (stored,) = load_articles(connection, [find_article(connection, str(number))])
        if stored.withdrawn_at is not None:
            raise ArticleGone(number, stored.withdrawn_at)
        return make(connection, stored)

    return answer(request, of_article)


def next_url(request: Request, cursor: str) -> str | None:
    """Return the address of the page that follows; ``None`` at the end."""
    return str(request.url.include_query_params(after=cursor)) if cursor else None
