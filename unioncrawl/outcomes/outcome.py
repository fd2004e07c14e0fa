"""What a reason means: the words in which an outcome is declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Literal, NewType

Reason = NewType("Reason", str)
Stage = Literal["fetch", "decode", "extract", "pipeline", "validate", "archive"]


class PageKind(StrEnum):
    """The kind of a fetched page. Only ``ARTICLE`` is ever stored as news."""

    ARTICLE = "article"
    BLOCKED = "blocked"
    NOT_FOUND = "not-found"
    LIST = "list"
    SHELL = "shell"
    UNREADABLE = "unreadable"


class Owed(Enum):
    """When an address that failed is asked again, without a list that names it."""

    # By every run until it answers, or until it has failed over the days of `Revisit.until_days`.
    SOON = "soon"
    # By the next run, then in growing pauses, those of known articles (`Revisit`).
    RARELY = "rarely"
    # By no run. A list that still names it leads to it again, in the same pauses.
    NEVER = "never"


class Cause(Enum):
    """The cause of a rejection."""

    NETWORK = "network"
    SERVER = "server"
    WALL = "wall"
    PAGE = "page"
    RULE = "rule"
    # What this run was asked for; the page is sound, and a list leads another run to it at once.
    RUN = "run"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reason means.

    ``stages``: where it arises. ``kind``: what the page was; None when no page came, or
    when the reason says nothing of it. ``english`` and ``chinese``: a sentence for people.
    """

    reason: Reason
    stages: tuple[Stage, ...]
    kind: PageKind | None
    cause: Cause
    owed: Owed
    english: str
    chinese: str
