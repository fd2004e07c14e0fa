"""Who writes first when much waits in all crawls of one process together."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

# So many batches may wait in all crawls together: an article takes some 30 kB until it is written, and each
# of 256 sites may have a batch.
_BATCHES = 2


class _Crawl(NamedTuple):
    waiting: Callable[[], int]
    write: Callable[[], None]


class WriteTurns:
    """The crawls of one process that have items waiting.

    >>> turns, held = WriteTurns(), {"工会": 3, "职工": 5}
    >>> for name in held:
    ...     turns.join(name, lambda name=name: held[name], lambda name=name: held.update({name: 0}))
    >>> turns.took_one(batch=5), held
    (None, {'工会': 3, '职工': 5})
    >>> turns.took_one(batch=4), held
    (None, {'工会': 3, '职工': 0})
    """

    def __init__(self) -> None:
        self._crawls: dict[object, _Crawl] = {}

    def join(self, key: object, waiting: Callable[[], int], write: Callable[[], None]) -> None:
        """Count a crawl's items from now on."""
        self._crawls[key] = _Crawl(waiting, write)

    def leave(self, key: object) -> None:
        """Count a crawl no longer."""
        self._crawls.pop(key, None)

    def took_one(self, batch: int) -> None:
        """Let the crawl with most items write, when as many wait in all as two batches have."""
        waiting = [(crawl.waiting(), crawl) for crawl in self._crawls.values()]
        if sum(number for number, _ in waiting) >= _BATCHES * batch:
            max(waiting, key=lambda pair: pair[0])[1].write()


# All crawls of this process.
TURNS = WriteTurns()
