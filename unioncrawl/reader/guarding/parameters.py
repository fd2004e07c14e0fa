"""Parameters that an address does not have: whoever misspells one must not get all articles instead."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError

# What any address of a page may say of its looks; for a file it means nothing, and harms nothing.
LOOK = ("lang", "type")
_OF_THE_PATH = ("request", "form", "key", "article_id", "run_id")


def refuse_unknown(request: Request) -> None:
    """Refuse parameters that the route does not take, or takes once and was given twice.

    For routes whose parameters stand in the signature. Raises `RequestValidationError`.
    """
    refuse_others(request, _names(request.scope["route"].endpoint))
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


@cache
def _names(endpoint: Callable[..., Any]) -> tuple[str, ...]:
    """Return the parameters of a route's addresses."""
    return tuple(name for name in inspect.signature(endpoint).parameters if name not in _OF_THE_PATH)
