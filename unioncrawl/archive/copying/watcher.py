"""What somebody who waits for a copy is told."""

from __future__ import annotations

from typing import Protocol


class Watcher(Protocol):
    """Is called with what is being done, how much of it there is, and each part that is done."""

    def begin(self, doing: str, total: int) -> None:
        """Begin a stage of so many parts."""

    def advance(self, done: int) -> None:
        """Count so many more parts of it as done."""


class Unwatched:
    """Nobody waits."""

    def begin(self, doing: str, total: int) -> None:
        """Tell nobody."""

    def advance(self, done: int) -> None:
        """Tell nobody."""
