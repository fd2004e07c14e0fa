"""What the practice sites remember between runs: hits, and which edition is out.

Kept in one JSON file, replaced as a whole (written beside it, then renamed), so
that a killed server never leaves half a file.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from unioncrawl.errors import UnioncrawlError


class State:
    """Counts and editions by article key (``practice-xunrui/8``).

    Without a file the memory ends with the server. A file that cannot be read
    is refused with its name: it is not overwritten.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._lock = threading.Lock()
        stored = _read(file) if file and file.exists() else {}
        self._hits: dict[str, int] = dict(stored.get("hits", {}))
        self._editions: dict[str, int] = dict(stored.get("editions", {}))
        self._seen: dict[str, int] = dict(stored.get("seen", {}))

    def hits(self, key: str, first: int) -> int:
        """The article's hits now; ``first`` as long as nobody has been counted."""
        with self._lock:
            return self._hits.get(key, first)

    def count_hit(self, key: str, first: int) -> int:
        """Count one visit and return the hits after it."""
        with self._lock:
            self._hits[key] = self._hits.get(key, first) + 1
            self._save()
            return self._hits[key]

    def edition(self, key: str) -> int:
        """Return the number of the text that a changing article shows, from 0; note that it was read."""
        with self._lock:
            edition = self._editions.get(key, 0)
            if self._seen.get(key) != edition:
                self._seen[key] = edition
                self._save()
            return edition

    def begin_visit(self, key: str, last_edition: int) -> None:
        """A new visit to the site begins: an edition that was read makes room for the next."""
        with self._lock:
            edition = self._editions.get(key, 0)
            if self._seen.get(key) == edition and edition < last_edition:
                self._editions[key] = edition + 1
                self._save()

    def _save(self) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"hits": self._hits, "editions": self._editions, "seen": self._seen}, indent=1)
        beside = self._file.with_name(self._file.name + ".new")
        beside.write_text(text, encoding="utf-8")
        os.replace(beside, self._file)  # noqa: PTH105 - atomic on every system


def _read(file: Path) -> dict[str, dict[str, int]]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unreadable(file) from error
    if not isinstance(stored, dict) or not all(_is_table(part) for part in stored.values()):
        raise _unreadable(file)
    return stored


def _is_table(part: object) -> bool:
    return isinstance(part, dict) and all(type(number) is int for number in part.values())


def _unreadable(file: Path) -> UnioncrawlError:
    return UnioncrawlError(
        f"the practice sites' memory {file} is not what this command writes.",
        next_step="Remove it to start afresh, or give another file with --state.",
    )
