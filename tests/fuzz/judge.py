"""Run a harness on one input; a failure has a kind."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NamedTuple

from tests.fuzz.effort import allowed_seconds
from tests.fuzz.harnesses import Check
from tests.fuzz.oracles import Broken
from tests.fuzz.worker import SLOW
from unioncrawl import _layout

_PROMISE_CHARACTERS = 60
# Not the name alone: a checkout's folder may be called so too.
_LIBRARY = f"{Path(_layout.__file__).parent}/"

# Kinds of failure that are known and not yet mended, one a line.
_KNOWN = Path(__file__).with_name("known.txt")


class Failure(NamedTuple):
    """The same kind of failure has the same ``kind``; ``detail`` is for reading."""

    kind: str
    detail: str


def is_known(kind: str) -> bool:
    """Whether a kind of failure is on the list of those that wait to be mended."""
    return kind in _KNOWN.read_text("utf-8").splitlines()


def judge(check: Check, data: bytes) -> Failure | None:
    """What is wrong with this input, or None.

    The time of a first run may hold the loading of tables, so a slow input gets a
    second one, in which the place is noted that is at work when the time is up.
    """
    failure = _run(check, data, [])
    if failure is None or not failure.kind.startswith(SLOW):
        return failure
    places: list[str] = []
    with _noting(places):
        return _run(check, data, places)


def _run(check: Check, data: bytes, places: list[str]) -> Failure | None:
    start = time.process_time()
    try:
        size = check(data)
    except Exception as error:  # noqa: BLE001 - whatever comes is what is looked for
        return Failure(_kind(error), "".join(traceback.format_exception(error, limit=-12)))
    seconds = time.process_time() - start
    if seconds <= allowed_seconds(size):
        return None
    kind = f"{SLOW} in {places[0]}" if places else SLOW
    return Failure(kind, f"{seconds:.2f} s of processor time for {size} bytes\n")


@contextmanager
def _noting(places: list[str]) -> Iterator[None]:
    """Note where the library is at work after half of the time that is allowed."""

    def note(_signal: int, frame: FrameType | None) -> None:
        places.append(_place([(one.f_code.co_filename, one.f_code.co_name) for one in _frames(frame)]))

    before = signal.signal(signal.SIGVTALRM, note)
    signal.setitimer(signal.ITIMER_VIRTUAL, allowed_seconds(0) / 2)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _frames(frame: FrameType | None) -> list[FrameType]:
    """The frames from the outermost to this one."""
    found: list[FrameType] = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found[::-1]


def _kind(error: Exception) -> str:
    """The error's type, and the place in the library that raised it, or the promise that it broke."""
    if isinstance(error, Broken):
        return f"Broken: {str(error).partition(':')[0]:.{_PROMISE_CHARACTERS}}"
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} in {_place([(frame.filename, frame.name) for frame in frames])}"


def _place(frames: list[tuple[str, str]]) -> str:
    """The innermost of the frames that is in the library."""
    own = [place for place in frames if place[0].startswith(_LIBRARY)]
    file, name = (own or frames or [("", "nowhere")])[-1]
    return f"{file.removeprefix(_LIBRARY) if own else Path(file).name}:{name}"
