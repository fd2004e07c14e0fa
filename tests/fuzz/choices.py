"""Choices made of bytes, so that a fuzzer that changes bytes changes decisions.

This is what atheris's FuzzedDataProvider does, in Python: the corpus is replayed
where atheris is not installed, and the same bytes give the same page everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Choices:
    """Reads decisions from bytes; when these are used up, each decision is the first one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_used_up(self) -> bool:
        """Whether no byte is left."""
        return self._at >= len(self._data)

    def raw(self, count: int) -> bytes:
        """The next so many bytes, fewer at the end."""
        self._at += count
        return self._data[self._at - count : self._at]

    def rest(self) -> bytes:
        """All bytes that are left."""
        return self.raw(max(0, len(self._data) - self._at))

    def integer(self, low: int, high: int) -> int:
        """A number from ``low`` to ``high``, both included."""
        span = high - low
        width = (span.bit_length() + 7) // 8
        return low + int.from_bytes(self.raw(width)) % (span + 1)

    def flag(self) -> bool:
        """Yes or no; no when the bytes are used up."""
        return self.integer(0, 1) == 1

    def one_in(self, many: int) -> bool:
        """Yes in one of so many cases; no when the bytes are used up."""
        return self.integer(0, many - 1) == many - 1

    def pick(self, options: Sequence[_T]) -> _T:
        """One of the options."""
        return options[self.integer(0, len(options) - 1)]

    def text(self, most_bytes: int = 24) -> str:
        """Any text, of up to so many bytes; what is not UTF-8 stands as it would in Latin-1."""
        data = self.raw(self.integer(0, most_bytes))
        try:
            return data.decode()
        except UnicodeDecodeError:
            return data.decode("latin-1")
