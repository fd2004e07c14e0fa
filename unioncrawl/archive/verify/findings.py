"""What `verify` tells of an archive, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

# How many faults of one sort are told one by one.
SHOWN = 5
REINDEX = "Build the index again with unioncrawl vacuum --reindex."
REGROUP = "Find the reprints again with unioncrawl vacuum --regroup."
RECOUNT = "Take it from the revisions and visits again with unioncrawl vacuum --recount."


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
