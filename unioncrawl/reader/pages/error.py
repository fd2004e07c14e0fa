"""Errors as pages: a sentence and the next step in both languages, and never a traceback."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from unioncrawl.errors import UnioncrawlError
from unioncrawl.reader.error_kinds import kind_of, kind_of_parameter
from unioncrawl.reader.page_view import page_view


def answer_errors(app: FastAPI) -> None:
    """Let an application answer its errors with pages."""
    app.add_exception_handler(UnioncrawlError, _known)
    app.add_exception_handler(RequestValidationError, _wrong_parameter)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unknown)


def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, UnioncrawlError)  # noqa: S101 - registered for these alone
    status, key = kind_of(error)
    return error_page(request, status, key, f"{error.message} {error.next_step}".strip())


def _wrong_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the same
    names = ", ".join(str(one["loc"][-1]) for one in error.errors())
    return error_page(request, *kind_of_parameter(error), detail=names)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the same
    known = {404: "page", 405: "method"}
    return error_page(request, error.status_code, known.get(error.status_code, "inside"), "")


def _unknown(request: Request, _error: Exception) -> Response:
    return error_page(request, 500, "inside", "")


def error_page(request: Request, status: int, key: str, detail: str) -> Response:
    """Return the page of an error; ``detail``: what the library says of it, in English."""
    return page_view(request).render("error.html.j2", status=status, code=status, key=key, detail=detail)
