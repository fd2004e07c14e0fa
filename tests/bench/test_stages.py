"""The stages of a crawl: every microsecond has one, and every function that is named is there."""

from __future__ import annotations

import importlib
from itertools import count

from bench.stages import REST, STAGES, START, Clock


def test_time_belongs_to_the_innermost_stage() -> None:
    """What a stage calls counts for itself; all is start-up until the first page is decoded."""
    ticks = count()
    clock = Clock(lambda: next(ticks))
    for stage in ("archive", "reprints"):
        clock.enter(stage)
    clock.leave()
    clock.leave()
    clock.enter("decode")
    clock.leave()
    clock.report()
    assert clock.seconds == {START: 2, "archive": 2, "reprints": 1, "decode": 1, REST: 1}


def test_what_was_not_called_is_reported() -> None:
    """A function of the table that nothing called is named in the report."""
    clock = Clock()
    assert clock.timed("walk", STAGES["walk"][0], len)("工会") == 2
    report = clock.report()
    assert f"never called: {STAGES['rules'][0]}" in report
    assert f"never called: {STAGES['walk'][0]}" not in report


def test_every_function_of_the_table_is_there() -> None:
    """A function that moved must move in the table too."""
    for name in (name for names in STAGES.values() for name in names):
        module, _, path = name.partition(":")
        found: object = importlib.import_module(module)
        for part in path.split("."):
            found = getattr(found, part)
        assert callable(found)
