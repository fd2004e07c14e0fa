"""``/export.jsonl``, ``/export.json`` and ``/export.csv``: the articles of a query as a file."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from unioncrawl.reader.exporting import StreamForm, stream_export
from unioncrawl.reader.guarding.parameters import refuse_unknown
from unioncrawl.reader.reading import reader_of

router = APIRouter(dependencies=[Depends(refuse_unknown)])


@router.get("/export.{form}")
def export_file(request: Request, form: StreamForm, q: str = "") -> Response:
    """Send all articles of a query, by rising number."""
    return stream_export(reader_of(request), q, form)
