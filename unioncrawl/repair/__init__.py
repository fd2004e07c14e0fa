"""Repair of damaged Chinese web text.

``repair`` undoes the damage of one text, ``repair_fields`` that of a page, and
``replay`` takes the recorded steps again. ``REPAIRS`` is the table of what is
undone, in order; each class of damage has a module of its own.
"""

from unioncrawl.repair.driver import repair, repair_fields
from unioncrawl.repair.plan import replay
from unioncrawl.repair.table import REPAIRS

__all__ = ["REPAIRS", "repair", "repair_fields", "replay"]
