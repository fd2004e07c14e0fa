"""How a page of figures is made: the figures that it shows, from one state of the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import Response

from unioncrawl.reader.figures.asked import Asked, read_asked
from unioncrawl.reader.figures.figure import Figure, Linked, Maker, is_number, is_short, written
from unioncrawl.reader.page_view import PageView, page_view

AskedFor = Annotated[Asked, Depends(read_asked)]


def answer(request: Request, asked: Asked, template: str, makers: Sequence[Maker]) -> Response:
    """Make figures and show them on a page.

    Raises as the figures do.
    """
    view = page_view(request)
    with view.reader.connected() as connection:
        figures = [make(view, connection, asked) for make in makers]
    return show(view, template, figures, asked=asked)


def show(view: PageView, template: str, figures: Sequence[Figure], **values: Any) -> Response:  # noqa: ANN401 - any template's
    """Fill in the template of a page of figures."""
    section = (
        "/" + view.request.scope["path"].removeprefix(view.request.scope.get("root_path", "")).split("/")[1]
    )
    return view.render(
        template,
        figures=figures,
        written=written,
        is_number=is_number,
        is_short=is_short,
        is_time=lambda cell: isinstance(cell, datetime),
        leads=lambda cell: isinstance(cell, Linked),
        nav_here=section,
        **values,
    )
