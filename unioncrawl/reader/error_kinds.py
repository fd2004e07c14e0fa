"""Which status an error has, and by which word pages and programs know it."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError

from unioncrawl.errors import (
    ArchiveError,
    ArchiveUnwritable,
    ArticleDamaged,
    ArticleNotFound,
    ArticleWithdrawn,
    CaptureNotFound,
    QueryError,
    QueryTooCostly,
    RunNotFound,
    SiteUnknown,
    UnioncrawlError,
)

# The status of an error, and the key of its words; the first kind that fits.
_KINDS: Mapping[type[UnioncrawlError], tuple[int, str]] = {
    QueryError: (400, "query"),
    QueryTooCostly: (503, "costly"),
    ArticleNotFound: (404, "article"),
    ArticleWithdrawn: (410, "withdrawn"),
    CaptureNotFound: (404, "capture"),
    RunNotFound: (404, "run"),
    SiteUnknown: (404, "site"),
    ArticleDamaged: (500, "damaged"),
    ArchiveUnwritable: (503, "away"),
    ArchiveError: (500, "archive"),
    UnioncrawlError: (500, "inside"),
}


def kind_of(error: UnioncrawlError) -> tuple[int, str]:
    """Return the status of an error, and the key of its words."""
    return next(said for kind, said in _KINDS.items() if isinstance(error, kind))


def kind_of_parameter(error: RequestValidationError) -> tuple[int, str]:
    """Return the same of a parameter; a part of the path that is no number names nothing that there is."""
    in_path = any(one["loc"][:1] == ("path",) for one in error.errors())
    return (404, "page") if in_path else (400, "parameter")
