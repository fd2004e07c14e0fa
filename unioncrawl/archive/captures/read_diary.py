"""Read the diary of requests: its rows, and the figures of each host and day."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.archive.captures.request_diary import DIARY
from unioncrawl.language.zones import CHINA

_FIRST_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRequest:
    """A request and what came of it.

    ``at`` is UTC. ``purpose`` is robots.txt, page, part or counter; ``cause`` is retry or redirect,
    where the request before asked for it. ``status`` is None, with ``error``, where no answer came.
    ``bytes`` are those of the body as it was sent. ``pause_seconds`` is the time since the last
    request to the host, by whatever crawl of the machine's user; None for its first.
    """

    at: str
    site: str
    host: str
    method: str
    url: str
    purpose: str
    cause: str
    pause_seconds: float | None
    status: int | None
    bytes: int | None
    seconds: float | None
    error: str


FIELDS = tuple(one.name for one in fields(AskedRequest))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests are wanted: of a site, of a host, of days in China's time, each if it is named."""

    site: str = ""
    host: str = ""
    since: date | None = None
    until: date | None = None

    def takes(self, asked: AskedRequest) -> bool:
        """Whether a request is wanted."""
        if self.site not in ("", asked.site) or self.host not in ("", asked.host):
            return False
        day = china_day(asked.at)
        return (self.since or day) <= day <= (self.until or day)

    def takes_file(self, path: Path) -> bool:
        """Whether a day's file, of UTC, can hold one that is wanted."""
        try:
            day = date.fromisoformat(path.name.partition(".")[0])
        except ValueError:
            return False
        spare = timedelta(days=1)
        return (self.since or day) - spare <= day <= (self.until or day) + spare


@dataclass(slots=True)
class DiaryReader:
    """The diary of a folder of captures; `damaged` counts lines that can't be read."""

    captures: Path
    damaged: int = 0
    _waiting: dict[str, dict[str, Any]] = field(default_factory=dict)

    def requests(self, wanted: Wanted) -> Iterator[AskedRequest]:
        """Yield the wanted requests, those of a day in the order in which they went out."""
        files = sorted(path for path in (self.captures / DIARY).glob("*.jsonl*") if wanted.takes_file(path))
        for path in files:
            read = sorted(self._read(path), key=lambda asked: asked.at)
            yield from (asked for asked in read if wanted.takes(asked))
        unanswered = [_asked(said, {}) for said in self._waiting.values()]
        self._waiting = {}
        yield from (asked for asked in sorted(unanswered, key=lambda one: one.at) if wanted.takes(asked))

    def _read(self, path: Path) -> Iterator[AskedRequest]:
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rb") as lines:
            for line in lines:
                said = _object(line)
                if "request" in said:
                    self._waiting[said["request"]] = said
                elif (number := said.get("answer")) in self._waiting:
                    yield _asked(self._waiting.pop(number), said)
                else:
                    self.damaged += "answer" not in said


@dataclass(slots=True)
class HostDay:
    """What was asked of a host on a day of China's time."""

    day: date
    host: str
    requests: int = 0
    bytes: int = 0
    # Answers with an error status, and requests without an answer.
    refusals: int = 0
    unanswered: int = 0
    fastest_pause_seconds: float | None = None

    def add(self, asked: AskedRequest) -> None:
        """Count a request."""
        self.requests += 1
        self.bytes += asked.bytes or 0
        self.refusals += (asked.status or 0) >= _FIRST_ERROR
        self.unanswered += asked.status is None
        if asked.pause_seconds is not None:
            fastest = self.fastest_pause_seconds
            self.fastest_pause_seconds = min(asked.pause_seconds, fastest or asked.pause_seconds)


def host_days(asked: Iterable[AskedRequest]) -> list[HostDay]:
    """Return the figures of each host and day, the newest day last."""
    days: dict[tuple[date, str], HostDay] = {}
    for one in asked:
        key = china_day(one.at), one.host
        days.setdefault(key, HostDay(*key)).add(one)
    return [days[key] for key in sorted(days)]


def china_day(at: str) -> date:
    """Return the day of a time of the diary in China's time.

    >>> china_day("2024-04-08T17:30:00.000Z")
    datetime.date(2024, 4, 9)
    """
    return datetime.fromisoformat(at).astimezone(CHINA).date()


def _object(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _asked(said: dict[str, Any], came: dict[str, Any]) -> AskedRequest:
    url = str(said.get("url", ""))
    return AskedRequest(
        at=str(said.get("at") or datetime.fromtimestamp(0, UTC).isoformat()),
        site=str(said.get("site", "")),
        host=urlsplit(url).netloc,
        method=str(said.get("method", "GET")),
        url=url,
        purpose=str(said.get("for", "page")),
        cause=str(said.get("cause", "")),
        pause_seconds=said.get("pause"),
        status=came.get("status"),
        bytes=came.get("bytes"),
        seconds=came.get("seconds"),
        error=str(came.get("error", "" if "status" in came else "no answer was noted: the crawl was killed")),
    )
