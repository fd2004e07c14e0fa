"""Choose the paragraphs that are not counted, to measure on them later."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from unioncrawl.language.width import fold_width

SHARED_CHARACTERS = 16
"""Two paragraphs that share this many characters in a row are taken for the same text."""
TENTH = 26
"""The first byte of a paragraph's digest is below this for about a tenth of them."""


class HeldOut:
    """A tenth of some paragraphs, chosen by digest, so always the same ones."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = [line for line in lines if hashlib.sha256(line.encode()).digest()[0] < TENTH]
        self._shingles = {shingle for line in self.lines for shingle in _shingles(line)}

    def without(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield the lines that are not held out and quote no held-out line."""
        own = set(self.lines)
        for line in lines:
            if line not in own and self._shingles.isdisjoint(_shingles(line)):
                yield line


def _shingles(line: str) -> Iterator[str]:
    text = fold_width(line).strip()
    return (text[at : at + SHARED_CHARACTERS] for at in range(len(text) - SHARED_CHARACTERS + 1))
