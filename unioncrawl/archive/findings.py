"""What `verify` tells of an archive."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found, where, and what to do.

    ``is_harm`` is false for what needs no care: a note, such as the file of a
    run that was killed before anything of it was stored.
    """

    check: str
    detail: str
    next_step: str
    is_harm: bool = True
