"""Errors of the API as ``application/problem+json`` (RFC 9457), also those of the gate in front of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from unioncrawl.errors import UnioncrawlError
from unioncrawl.language.zones import local_time
from unioncrawl.reader.error_kinds import kind_of, kind_of_parameter

MEDIA_TYPE = "application/problem+json"
_FIRST_ERROR = 400


class Problem(BaseModel):
    """What went wrong, and what to do next."""

    type: str = Field(description="Always about:blank: the status says what kind of problem it is.")
    title: str = Field(description="The phrase of the status.")
    status: int
    detail: str = Field(description="What happened, in a sentence.")
    next_step: str = Field(default="", description="What to do next.")
    kind: str = Field(default="", description="The kind of error, one word.")
    withdrawn_at: str | None = Field(default=None, description="When an article that is gone was withdrawn.")


# The errors that any answer of the API may be.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in {
        400: "A parameter or the query can't be read.",
        401: "The reader's token is missing.",
        403: "A foreign host name was asked.",
        404: "There is no such article, site or run.",
        405: "Only GET and HEAD are answered.",
        413: "No body is taken.",
        414: "The address is too long.",
        500: "Something stored is damaged, or the program failed.",
        503: "The database is away, or would take too long.",
    }.items()
}


class ArticleGone(Exception):
    """An article that was withdrawn."""

    def __init__(self, number: int, withdrawn_at: datetime) -> None:
        super().__init__(f"article {number} was withdrawn.")
        self.withdrawn_at = withdrawn_at


GONE: dict[int | str, dict[str, Any]] = {410: {"model": Problem, "description": "The article was withdrawn."}}


def problem(status: int, detail: str, **more: object) -> Response:
    """Return an answer that says what went wrong."""
    return Response(_document(status, detail, **more), status_code=status, media_type=MEDIA_TYPE)


def _document(status: int, detail: str, **more: object) -> bytes:
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return json.dumps(
        said | {name: value for name, value in more.items() if value}, ensure_ascii=False
    ).encode()


def answer_problems(api: FastAPI) -> None:
    """Let an application answer its errors with problems."""
    api.add_exception_handler(UnioncrawlError, _known)
    api.add_exception_handler(ArticleGone, _gone)
    api.add_exception_handler(RequestValidationError, _wrong_parameter)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _unknown)


def _known(_request: Request, error: Exception) -> Response:
    assert isinstance(error, UnioncrawlError)  # noqa: S101 - registered for these alone
    status, kind = kind_of(error)
    return problem(status, error.message, next_step=error.next_step, kind=kind)


def _gone(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ArticleGone)  # noqa: S101 - the same
    return problem(410, str(error), kind="withdrawn", withdrawn_at=local_time(error.withdrawn_at))


def _wrong_parameter(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - the same
    faults = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors()]
    status, kind = kind_of_parameter(error)
    return problem(status, "; ".join(faults), kind=kind)


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - the same
    answer = problem(error.status_code, str(error.detail), kind="page" if error.status_code == 404 else "")  # noqa: PLR2004 - not found
    answer.headers.update(error.headers or {})
    return answer


def _unknown(_request: Request, _error: Exception) -> Response:
    return problem(500, "The program failed; the terminal that it was started from says more.", kind="inside")


@dataclass(frozen=True, slots=True)
class ProblemsOnly:
    """Turns what the gate refuses in plain text into a problem, for paths of the API."""

    app: ASGIApp
    prefix: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and rewrite an error that is no problem."""
        if scope["type"] != "http" or not self._is_of_api(scope):
            await self.app(scope, receive, send)
            return
        begun: list[Message] = []
        said = bytearray()

        async def rewrite(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_plain_error(message):
                begun.append(message)
            elif begun and message["type"] == "http.response.body":
                said.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await _send_problem(begun.pop(), bytes(said), scope["method"], send)
            else:
                await send(message)

        await self.app(scope, receive, rewrite)

    def _is_of_api(self, scope: Scope) -> bool:
        # A server that has a root path puts it before every path.
        path: str = scope["path"]
        return path.removeprefix(scope.get("root_path", "")).startswith(self.prefix)


def _is_plain_error(message: Message) -> bool:
    headers: Mapping[bytes, bytes] = dict(message.get("headers", ()))
    kind = headers.get(b"content-type", b"").partition(b";")[0]
    return message["status"] >= _FIRST_ERROR and kind != MEDIA_TYPE.encode()


async def _send_problem(begun: Message, said: bytes, method: str, send: Send) -> None:
    # Of the two languages the second line is English.
    detail = said.decode("utf-8", "replace").strip().rpartition("\n")[2]
    body = _document(begun["status"], detail)
    replaced = {b"content-type": MEDIA_TYPE.encode(), b"content-length": str(len(body)).encode()}
    kept = [(name, value) for name, value in begun["headers"] if name.lower() not in replaced]
    await send({**begun, "headers": [*kept, *replaced.items()]})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})
