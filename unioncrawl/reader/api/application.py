"""The API as an application of its own below ``/api/v1``: its routes, its description, its errors."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.responses import Response

from unioncrawl._layout import __version__
from unioncrawl.reader.api import articles, crawling, lists
from unioncrawl.reader.api.answering import AskedQuery
from unioncrawl.reader.api.problems import MEDIA_TYPE, PROBLEMS, answer_problems
from unioncrawl.reader.exporting import StreamForm, stream_export
from unioncrawl.reader.guarding.parameters import refuse_unknown
from unioncrawl.reader.reading import Reader, reader_of

PREFIX = "/api/v1"
_ABOUT = """The archive's articles, read-only. Every answer has an ETag; errors are
application/problem+json. Times are ISO 8601 in China's time. docs/reader.md says more."""
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "The program has it already."}}
exports = APIRouter(tags=["export"])


@exports.get("/export", responses={200: {"content": {"application/x-ndjson": {}, "text/csv": {}}}})
def export_articles(request: Request, q: AskedQuery = "", format: StreamForm = "jsonl") -> Response:  # noqa: A002 - its name in the address
    """Send all articles of a query while they are read, by rising number, phone numbers masked."""
    return stream_export(reader_of(request), q, format)


class _Api(FastAPI):
    """Describes that errors are problems, and that a wrong parameter is a 400."""

    def openapi(self) -> dict[str, Any]:
        """Return the description; made once."""
        is_new = self.openapi_schema is None
        schema = super().openapi()
        if is_new:
            for operations in schema["paths"].values():
                for operation in operations.values():
                    _correct(operation["responses"])
        return schema


def build_api(reader: Reader) -> FastAPI:
    """Return the application over an open archive."""
    api = _Api(
        title="unioncrawl",
        version=__version__,
        description=_ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(refuse_unknown)],
    )
    api.state.reader = reader
    for router in (articles.router, lists.router, crawling.router, exports):
        api.include_router(router, responses=PROBLEMS | _NOT_MODIFIED)
    answer_problems(api)
    return api


def _correct(responses: dict[str, Any]) -> None:
    responses.pop("422", None)
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}
