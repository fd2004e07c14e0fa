"""Repair of damaged Chinese web text.

``repair`` undoes the damage of one text, ``repair_fields`` that of a page, and
``replay`` takes the recorded steps again. ``REPAIRS`` is the table of what is
undone, in order; each class of damage has a module of its own.
"""

import sys
from collections.abc import Sequence
from types import ModuleType

from unioncrawl.model import Repaired
from unioncrawl.repair.driver import repair, repair_fields
from unioncrawl.repair.plan import replay
from unioncrawl.repair.repairs_table import REPAIRS

__all__ = ["REPAIRS", "repair", "repair_fields", "replay"]


class _Callable(ModuleType):
    """The package ``unioncrawl.repair``, which when called does what its function ``repair`` does."""

    def __call__(self, text: str, hint: str | None = None, *, twins: Sequence[str] = ()) -> Repaired:
        return repair(text, hint, twins=twins)


sys.modules[__name__].__class__ = _Callable
