"""How much searching the repair of a page may cost, in steps that are the same on every machine.

A broken run is read by a search, and a page can be made on which each search goes on
to the end of the text. A limit in seconds would give other results on a slower machine.
So the search counts its steps; a run that it had no steps for stays as it was, flagged.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """How many steps a page may cost: by its length, within limits, and for one broken run.

    A step gives one piece of the page to one hypothesis, and takes 2 to 8 microseconds.
    Measured on pages of 100 kB made of the paragraphs that break most often (up to 590
    runs a page): at most 8 steps a character and 190,000 a page; 170 to 340 for a run in
    the mean, 2,800 for the longest of 4,000. Choosing the lost bytes of 100 kB of UTF-8
    read as GBK takes 172,000.

    >>> Budget().steps_for(100), Budget().steps_for(5000), Budget().steps_for(10**6)
    (21500, 95000, 200000)
    """

    floor_steps: int = 20_000
    steps_per_character: int = 15
    ceiling_steps: int = 200_000
    steps_per_run: int = 10_000

    def steps_for(self, characters: int) -> int:
        """Return the steps of a page of so many characters."""
        return min(self.floor_steps + self.steps_per_character * characters, self.ceiling_steps)

    def times(self, factor: int) -> Budget:
        """Return a budget so many times as large, for a caller who repairs without haste.

        >>> Budget().times(10).ceiling_steps
        2000000
        """
        return Budget(
            self.floor_steps * factor,
            self.steps_per_character * factor,
            self.ceiling_steps * factor,
            self.steps_per_run * factor,
        )


USUAL_BUDGET = Budget()
"""The budget of every crawl, import and reprocessing, so that a reading is reproducible."""


class Work:
    """The steps left of a page's budget, and those left for the current broken run.

    >>> work = Work(Budget(), characters=0)
    >>> work.spend(9_999), work.is_stopped
    (None, False)
    >>> work.spend(1), work.is_stopped, work.reason
    (None, True, 'not read: the search stopped after 10000 steps')
    >>> work.begin_run(), work.is_stopped
    (None, False)
    """

    def __init__(self, budget: Budget, characters: int) -> None:
        self._per_run = budget.steps_per_run
        self._most = self._left = budget.steps_for(characters)
        self.begin_run()

    def begin_run(self) -> None:
        """Begin the next broken run, with all of its steps left."""
        self._left_for_run = min(self._per_run, self._left)

    def spend(self, steps: int) -> None:
        """Take steps off the budget."""
        self._left -= steps
        self._left_for_run -= steps

    @property
    def is_spent(self) -> bool:
        """Whether no step is left for the page."""
        return self._left <= 0

    @property
    def is_stopped(self) -> bool:
        """Whether no step is left for the current broken run."""
        return self._left_for_run <= 0

    @property
    def reason(self) -> str:
        """Why a run was not read: it costs too much, or the page's budget is used up."""
        if self.is_spent:
            return f"not searched: the page's budget of {self._most} steps is used up"
        return f"not read: the search stopped after {self._per_run} steps"

    @property
    def spent(self) -> int:
        """How many steps the page has cost; the last piece of it may go beyond the budget."""
        return self._most - self._left
