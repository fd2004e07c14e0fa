"""The one table of repairs, in the order in which they run.

Transport damage comes first (escaped entities, then bytes read in the wrong
encoding), because the marks of the later classes only show once it is gone;
what a mirror did comes next, and what is lost for good is flagged last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from unioncrawl.repair.evidence import may_be_mirrored
from unioncrawl.repair.mirror import undo_mirror
from unioncrawl.repair.page import Page
from unioncrawl.repair.plan import Finding


class Repair(NamedTuple):
    """One class of damage: its name in steps, what undoes it, and a quick test.

    ``suspects`` must be cheap (clean text is tested at 100 MB a second over the
    whole table) and may answer True for clean text; when it answers True for one
    field of a page, ``function`` sees every field of that page.
    """

    kind: str
    function: Callable[[str, Page], Finding]
    suspects: Callable[[str], bool]


REPAIRS: tuple[Repair, ...] = (Repair("mirror", undo_mirror, may_be_mirrored),)
