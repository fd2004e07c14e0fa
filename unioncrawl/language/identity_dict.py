"""Dictionaries that are made once: compared by identity, so that results about them can be cached."""

from __future__ import annotations

from typing import TypeVar

Value = TypeVar("Value")


class IdentityDict(dict[str, Value]):
    """A dictionary that never changes once it is made; equal and hashed as an object is.

    >>> IdentityDict(工=1) == IdentityDict(工=1)
    False
    """

    __slots__ = ()

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__
