"""An export that leaves while it is read: rows in batches, as long as somebody takes them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import chain, islice
from threading import BoundedSemaphore
from typing import Literal

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection
from starlette.types import Receive, Scope, Send

from unioncrawl.archive.exports.export import WRITERS, ExportRequest, export_rows
from unioncrawl.archive.search.known_sites import refuse_unknown_sites
from unioncrawl.archive.search.query import parse_query
from unioncrawl.errors import QueryTooCostly
from unioncrawl.reader.guarding.masked_answers import MASKED
from unioncrawl.reader.reading import Reader

StreamForm = Literal["jsonl", "json", "csv"]
_MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}
# So many rows are one piece of the answer.
_BATCH = 200
# Each export keeps a connection for as long as somebody reads: pages must not wait for one.
MOST_AT_ONCE = 3
_PLACES = BoundedSemaphore(MOST_AT_ONCE)


def stream_export(reader: Reader, query: str, form: StreamForm) -> StreamingResponse:
    """Return the rows of ``unioncrawl export`` as they are read, numbers masked as there.

    ``X-Total-Count`` says how many articles match. An article that can't be read is left out, and
    the transfer is then broken off at its end, so that whoever takes it learns that it is not
    whole. Raises `QueryError`, `SiteUnknown`, and
    `QueryTooCostly` when `MOST_AT_ONCE` others are being sent.
    """
    with ExitStack() as held:
        _begin(held)
        # Only the counting has the time of a page: an export takes as long as it takes.
        with reader.connected() as connection:
            node = parse_query(query)
            refuse_unknown_sites(connection, node)
            total = reader.total(connection, node)
        request = ExportRequest(query=query, mask_mail=reader.settings.is_masked)
        pieces = _pieces(held.enter_context(reader.archive.connected()), request, form)
        answer = _Export(chain([next(pieces, b"")], pieces), media_type=_MEDIA_TYPES[form])
        answer.held = held.pop_all()
    answer.headers["Content-Disposition"] = f'attachment; filename="unioncrawl.{form}"'
    answer.headers[MASKED] = ", ".join(request.masking.rules.names)
    answer.headers["X-Total-Count"] = str(total)
    return answer


def _begin(held: ExitStack) -> None:
    """Take one of the places for exports, given back when ``held`` is closed."""
    if not _PLACES.acquire(blocking=False):
        raise QueryTooCostly(
            f"{MOST_AT_ONCE} exports are being sent, and no more at once.",
            next_step="Ask again when one has ended.",
            stage="archive",
        )
    held.callback(_PLACES.release)


class _Export(StreamingResponse):
    """Lets the archive go when all is sent, and when nobody takes the rest."""

    held: ExitStack

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the pieces."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await run_in_threadpool(self.held.close)


def _pieces(connection: Connection, request: ExportRequest, form: StreamForm) -> Iterator[bytes]:
    rows = export_rows(connection, request)
    is_first = True
    while (batch := list(islice(rows, _BATCH))) or is_first:
        written = io.BytesIO()
        WRITERS[form](batch, written)
        yield _piece(form, written.getvalue(), is_first=is_first)
        is_first = False
    if form == "json":
        yield b"\n]\n"
    if request.damaged:
        raise request.damaged[0]


def _piece(form: StreamForm, written: bytes, *, is_first: bool) -> bytes:
    """What a batch adds: a table has one head, and an array is opened once and closed at the end."""
    if form == "csv" and not is_first:
        return written.partition(b"\r\n")[2]
    if form == "json":
        rows = written.removeprefix(b"[").removesuffix(b"\n]\n")
        return b"[" + rows if is_first else b"," + rows
    return written
