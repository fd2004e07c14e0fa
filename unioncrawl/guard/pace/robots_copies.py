"""Copies of robots.txt, kept from one run to the next (RFC 9309, sections 2.3.1.4 and 2.4)."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, urlsplit

# Section 2.4: a copy is used no longer, unless robots.txt is unreachable.
FRESH_SECONDS = 24 * 3600
# Section 2.3.1.4: unreachable "for a reasonably long period of time (for example, 30 days)".
LONG_UNREACHABLE_SECONDS = 30 * FRESH_SECONDS
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class RobotsCopy:
    """The last answer for a robots.txt; times are seconds of the Unix epoch, 0 where there is none.

    ``body`` is what may be parsed: empty where the status says that there are no rules.
    """

    fetched_at: float = 0.0
    status: int = 0
    body: bytes = b""
    unreachable_since: float = 0.0

    def is_fresh(self, now: float) -> bool:
        """Whether it stands for the file itself: fetched within a day, and not in the future."""
        return 0 <= now - self.fetched_at < FRESH_SECONDS and bool(self.fetched_at)

    def may_replace(self, now: float) -> bool:
        """Whether it may be used though the file is unreachable: when it has been for thirty days."""
        is_long = now - self.unreachable_since >= LONG_UNREACHABLE_SECONDS
        return bool(self.fetched_at and self.unreachable_since) and is_long


class RobotsCopies:
    """A file for each scheme and authority in a folder; without one nothing is kept.

    A folder that can't be read or written costs a request more and nothing else; the
    methods then return False or an empty copy.
    """

    def __init__(self, state: Path | None) -> None:
        self._folder = state / "robots" if state else None

    def find(self, url: str) -> RobotsCopy:
        """Return the copy for the host of an address; an empty one where none can be read."""
        if self._folder is None:
            return RobotsCopy()
        try:
            head, _, body = (self._folder / _name(url)).read_bytes().partition(b"\n")
            said = json.loads(head)
            return RobotsCopy(
                fetched_at=float(said["fetched_at"]),
                status=int(said["status"]),
                body=body,
                unreachable_since=float(said["unreachable_since"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return RobotsCopy()

    def keep(self, url: str, copy: RobotsCopy) -> bool:
        """Keep a copy in place of the one before; whether it was written."""
        if self._folder is None:
            return False
        said = {
            "fetched_at": copy.fetched_at,
            "status": copy.status,
            "unreachable_since": copy.unreachable_since,
            "url": url,
        }
        path = self._folder / _name(url)
        draft = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(json.dumps(said, ensure_ascii=False).encode() + b"\n" + copy.body)
            draft.replace(path)
        except OSError:
            return False
        return True

    def note_unreachable(self, url: str, now: float) -> RobotsCopy:
        """Note since when the file is unreachable; the copy with it."""
        copy = self.find(url)
        if not copy.unreachable_since or copy.unreachable_since > now:
            copy = replace(copy, unreachable_since=now)
            self.keep(url, copy)
        return copy


def _name(url: str) -> str:
    parts = urlsplit(url)
    return quote(f"{parts.scheme}-{parts.netloc.rpartition('@')[2].lower()}", safe="")[:_LONGEST_NAME]
