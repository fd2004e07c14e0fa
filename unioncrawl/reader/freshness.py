"""Conditional requests: what a program has already is not made and sent again (RFC 9110, 13).

An ETag names the content, and is always right. Last-Modified is when the archive last changed; it spares
the work of making an answer, for programs that send back nothing but a time.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request
from fastapi.responses import Response
from sqlalchemy import Connection

from unioncrawl.archive.read.last_change import last_change
from unioncrawl.reader.page_view import with_etag

# What an answer says besides the archive's rows comes with the program.
_STARTED = datetime.now(UTC)
_NOT_MODIFIED = 304


def answer_if_new(request: Request, connection: Connection, make: Callable[[], Response]) -> Response:
    """Return the answer with its ETag and the time of the archive's last change, or 304 without it."""
    changed = last_change(connection, datetime.now(UTC))
    since = _since(request)
    modified = None if changed is None else max(changed, _STARTED.replace(microsecond=0))
    headers = {} if modified is None else {"Last-Modified": format_datetime(modified, usegmt=True)}
    if modified is not None and since is not None and modified <= since:
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    answer = with_etag(request, make())
    answer.headers.update(headers)
    return answer


def _since(request: Request) -> datetime | None:
    """The time that a program has; ``None`` without one, and where an ETag decides (RFC 9110, 13.1.3)."""
    if "if-none-match" in request.headers:
        return None
    try:
        return parsedate_to_datetime(request.headers.get("if-modified-since", "")).astimezone(UTC)
    except (ValueError, TypeError):
        return None
