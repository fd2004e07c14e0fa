"""How long to wait for something that does not work for now, and when to stop waiting."""

from __future__ import annotations

import time
from collections.abc import Callable

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0


class Outage:
    """Tries in growing pauses (1, 2, 4 … 30 seconds) until ``patience_seconds`` are over.

    Nothing here waits by itself: the caller asks `may_try`, and reports through `failed` and
    `ended`. ``clock`` gives seconds that only grow.

    >>> now = [0.0]
    >>> outage = Outage(patience_seconds=10, clock=lambda: now[0])
    >>> outage.failed()
    >>> outage.is_on, outage.may_try(), outage.pause_seconds
    (True, False, 1.0)
    >>> now[0] = 1.0
    >>> outage.may_try(), outage.is_hopeless
    (True, False)
    """

    def __init__(self, patience_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._patience_seconds = patience_seconds
        self._clock = clock
        self._since: float | None = None
        self._next_try = 0.0
        self._pause = 0.0

    @property
    def is_on(self) -> bool:
        """Whether the latest try failed."""
        return self._since is not None

    @property
    def seconds(self) -> float:
        """How long the outage lasts so far."""
        return 0.0 if self._since is None else self._clock() - self._since

    @property
    def pause_seconds(self) -> float:
        """How long it is until the next try is due."""
        return max(0.0, self._next_try - self._clock()) if self.is_on else 0.0

    @property
    def is_hopeless(self) -> bool:
        """Whether the patience is used up."""
        return self.is_on and self.seconds >= self._patience_seconds

    def may_try(self) -> bool:
        """Whether a try is due."""
        return self.pause_seconds <= 0

    def failed(self) -> None:
        """Note that a try failed; the pause before the next is twice the last, within the patience."""
        now = self._clock()
        if self._since is None:
            self._since = now
        self._pause = min(self._pause * 2 or _FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS)
        left = self._since + self._patience_seconds - now
        # The last try falls at the end of the patience, not beyond it.
        self._next_try = now + (min(self._pause, left) if left > 0 else self._pause)

    def ended(self) -> None:
        """Note that a try worked."""
        self._since, self._pause, self._next_try = None, 0.0, 0.0

    def shorten(self, patience_seconds: float) -> None:
        """Wait no longer than this from the outage's beginning on."""
        self._patience_seconds = min(self._patience_seconds, patience_seconds)
