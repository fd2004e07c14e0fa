"""Parameters that an address does not have: whoever misspells one must not get all articles instead."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

# What any address of a page may say of its looks; for a file it means nothing, and harms nothing.
LOOK = ("lang", "type")


def refuse_unknown(request: Request) -> None:
    """Refuse parameters that the route does not take, or takes once and was given twice.

    Raises `RequestValidationError`.
    """
    route: APIRoute = request.scope["route"]
    refuse_others(request, [taken.alias for taken in route.dependant.query_params])
    for name in request.query_params:
        if len(request.query_params.getlist(name)) > 1:
            raise _fault(name, "given more than once")


def refuse_others(request: Request, names: Collection[str]) -> None:
    """Refuse parameters that are none of these. Raises `RequestValidationError`."""
    for name in request.query_params:
        if name not in names and name not in LOOK:
            known = ", ".join(names) or "none"
            raise _fault(name, f"no such parameter here (there are: {known})")


def _fault(name: str, why: str) -> RequestValidationError:
    return RequestValidationError([{"type": "extra_forbidden", "loc": ("query", name), "msg": why}])
