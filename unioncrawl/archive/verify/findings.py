"""What `verify` reports about an archive, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

# How many faults of one sort are reported one by one.
SHOWN = 5
REINDEX = "Build the index again with unioncrawl vacuum --reindex."
REGROUP = "Find the reprints again with unioncrawl vacuum --regroup."
RECOUNT = "Recompute it from the revisions and visits with unioncrawl vacuum --recount."


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault that was found, its place, and what to do.

    ``is_harm`` is false for a note that needs no action, such as the file of a
    run that was killed before any of it was stored.
    """

    check: str
    detail: str
    next_step: str
    is_harm: bool = True
