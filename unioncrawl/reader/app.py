"""The reader as one application: its guard, its pages, its errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from anyio import create_task_group, to_thread
from anyio.to_thread import current_default_thread_limiter
from fastapi import FastAPI
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from unioncrawl._layout import __version__
from unioncrawl.archive.opening.read_only import open_archive
from unioncrawl.reader import feeds
from unioncrawl.reader.api.application import PREFIX, build_api
from unioncrawl.reader.api.problems import ProblemsOnly
from unioncrawl.reader.guarding.guard import Guard
from unioncrawl.reader.guarding.host_names import is_loopback
from unioncrawl.reader.guarding.masked_answers import MaskedAnswers
from unioncrawl.reader.page_view import HERE
from unioncrawl.reader.pages import article, citation, error, export, search
from unioncrawl.reader.pages.one_article import routes
from unioncrawl.reader.pages.statistics import STATISTICS
from unioncrawl.reader.reading import Reader
from unioncrawl.reader.settings import ReaderSettings

# Python works on one page at a time; more threads would only wait, each with a connection.
_THREADS = 4
# A packet of the network holds less anyhow. A page of 25 kB becomes 6 kB in half a millisecond.
_LEAST_PACKED_BYTES, _PACKING = 1_400, 5
ROUTERS = (
    search.router,
    article.router,
    citation.router,
    feeds.router,
    export.router,
    routes.router,
    *STATISTICS,
)


class KeptFiles(StaticFiles):
    """Files that a browser may keep: an address that names one has a version of them all in it."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - as the base class has them
        """Return the file, good for a year."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response


def build_app(settings: ReaderSettings) -> FastAPI:
    """Open the archive, read-only, and return the application over it.

    Raises as `unioncrawl.archive.opening.read_only.open_archive` does.
    """
    archive = open_archive(settings.archive)
    reader = Reader(settings, archive)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = _THREADS
        async with create_task_group() as beside:
            beside.start_soon(to_thread.run_sync, reader.prepare)
            yield
        archive.close()

    app = FastAPI(
        title="unioncrawl", version=__version__, openapi_url=None, lifespan=lifespan, redirect_slashes=False
    )
    app.state.reader = reader
    app.mount(PREFIX, build_api(reader))
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/static", KeptFiles(directory=HERE / "static"), name="static")
    error.answer_errors(app)
    if settings.is_masked:
        app.add_middleware(MaskedAnswers)
    # Nothing that it sends is secret beside what a visitor asked, so that lengths tell nothing.
    app.add_middleware(GZipMiddleware, minimum_size=_LEAST_PACKED_BYTES, compresslevel=_PACKING)
    names = frozenset(name.lower() for name in (*settings.names, settings.host))
    app.add_middleware(
        Guard,
        names=names,
        only_loopback=is_loopback(settings.host),
        token=settings.token,
        origins=frozenset(settings.origins),
    )
    app.add_middleware(ProblemsOnly, prefix=f"{PREFIX}/")
    return app
