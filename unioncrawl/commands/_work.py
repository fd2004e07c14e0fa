"""What a worker is asked to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How many crawls and heavy jobs at once, and whether the worker ends with the last job."""

    at_once: int
    for_heavy: int = 1
    until_empty: bool = False
