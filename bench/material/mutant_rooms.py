"""The rooms whose numbers are changed, the tests that hold them, and the constants that are data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_EXEMPT = Path(__file__).with_name("no_thresholds.toml")


@dataclass(frozen=True, order=True)
class Room:
    """A room of the library and the tests that hold its numbers, the fastest first."""

    name: str
    folder: str
    tests: tuple[str, ...]

    def tests_for(self, root: Path, path: str) -> list[str]:
        """Return the tests for a mutant: borders and those of its name, its doctests, then the rest."""
        stem, holder = Path(path).stem, Path(path).parent.name
        files = [file.relative_to(root).as_posix() for file in self._files(root)]
        borders = [file for file in files if file.endswith("test_borders.py")]
        near = [file for file in files if stem in file or f"{holder}/test_{stem}" in file]
        return list(dict.fromkeys((*borders, *near, path, *files)))

    def _files(self, root: Path) -> Iterator[Path]:
        for name in self.tests:
            path = root / name
            yield from sorted(path.rglob("test_*.py")) if path.is_dir() else [path]


# Pages of real sites: what is read from them holds the numbers of three rooms.
_RECORDED = ("tests/sites/test_recorded.py",)

ROOMS = {
    room.name: room
    for room in (
        Room("page", "unioncrawl/page", ("tests/page", "tests/extract", *_RECORDED)),
        Room("fields", "unioncrawl/fields", ("tests/fields", "tests/extract", *_RECORDED)),
        Room(
            "extract",
            "unioncrawl/extract",
            ("tests/extract", "tests/page/test_text_end.py", *_RECORDED),
        ),
        Room("decode", "unioncrawl/decode", ("tests/decode",)),
        Room(
            "repair",
            "unioncrawl/repair",
            ("tests/repair/test_cases.py", "tests/repair", "tests/archive/reprints/test_repair_from_twin.py"),
        ),
        Room("reprints", "unioncrawl/archive/reprints", ("tests/archive/reprints",)),
        Room(
            "write",
            "unioncrawl/archive/write",
            (
                "tests/archive/write/test_borders.py",
                "tests/archive/write/test_fitting.py",
                "tests/archive/write/test_trivial_edits.py",
                "tests/archive/write/test_write_queue.py",
                "tests/archive/write/test_redirects.py",
                "tests/archive/test_store.py",
            ),
        ),
    )
}


def load_exempt() -> dict[tuple[str, str, str], str]:
    """Return the constants that are data: path, holder and number as written, with the reason."""
    table = tomllib.loads(_EXEMPT.read_text(encoding="utf-8"))
    return {
        (entry["path"], entry["holder"], str(entry["number"])): reason["reason"]
        for reason in table["reasons"]
        for entry in reason["constants"]
    }
