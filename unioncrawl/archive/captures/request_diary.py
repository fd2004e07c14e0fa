"""Keep what was asked of whom and when: every request, in a file for each day beside the captures.

A request is two lines of JSON: one when it goes out, one when its answer is there. So a
crawl that is killed leaves each request that it sent; those without a second line had no
answer. Days are those of UTC.
"""

from __future__ import annotations

import functools
import json
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from unioncrawl.guard.whole_lines import WholeLines

DIARY = "diary"
# Lines that a full disk refuses wait in memory, some 200 bytes each.
_MAX_WAITING = 20_000


class RequestDiary:
    """Writes the requests of this process for one folder of captures; all its crawls share one open file."""

    def __init__(self, captures: Path) -> None:
        self._folder = captures / DIARY
        self._file: WholeLines | None = None
        self._run, self._numbers = secrets.token_hex(4), count(1)

    def asked(self, at_seconds: float, said: Mapping[str, object]) -> str:
        """Note a request that goes out, by the Unix epoch; return the number that its answer's line has."""
        number = f"{self._run}-{next(self._numbers)}"
        at = datetime.fromtimestamp(at_seconds, UTC).isoformat(timespec="milliseconds")
        self._write(at_seconds, {"request": number, "at": at.replace("+00:00", "Z"), **said})
        return number

    def answered(self, number: str, said: Mapping[str, object]) -> None:
        """Note what came of a request."""
        self._write(time.time(), {"answer": number, **said})

    @property
    def trouble(self) -> str:
        """Why lines are not written, and how many wait or are lost; empty when all are."""
        if self._file is None or not (self._file.waiting or self._file.lost):
            return ""
        why = self._file.error.strerror if self._file.error else "lines were lost"
        return f"{self._file.path}: {why}; {len(self._file.waiting)} lines wait, {self._file.lost} are lost"

    def close(self) -> None:
        """Write what waits, and let go of the file; the next line opens it again."""
        if self._file is not None:
            self._file.close()

    def _write(self, at_seconds: float, said: Mapping[str, object]) -> None:
        path = self._folder / f"{datetime.fromtimestamp(at_seconds, UTC):%Y-%m-%d}.jsonl"
        if self._file is None or self._file.path != path:
            self._turn_to(path)
        if self._file is not None:
            line = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
            self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")

    def _turn_to(self, path: Path) -> None:
        """Begin the day's file; what the last one still owes goes into the new one."""
        file = WholeLines(path, _MAX_WAITING)
        if self._file is not None:
            self._file.close()
            file.waiting, file.lost = self._file.waiting, self._file.lost
        self._file = file


@functools.cache
def request_diary(captures: Path) -> RequestDiary:
    """Return the diary of a folder of captures, one for all crawls of this process."""
    return RequestDiary(captures)
