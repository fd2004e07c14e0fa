"""What was used lately, in two halves: cheaper than an order of use, and it never forgets all at once."""

from __future__ import annotations

from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Values by text, of which those are forgotten that were not used while as many others were.

    ``young`` is looked at directly where each microsecond counts; `older` is asked after it.
    """

    __slots__ = ("_most", "_old", "young")

    def __init__(self, most: int) -> None:
        self.young: dict[str, Value] = {}
        self._old: dict[str, Value] = {}
        self._most = most

    def __len__(self) -> int:
        return len(self.young) + len(self._old)

    def keep(self, key: str, value: Value) -> Value:
        """Keep a value, and forget the older half when the younger one is full.

        >>> recent: Recent[float] = Recent(2)
        >>> for key in "职工维权会":
        ...     nats = recent.keep(key, -1.0)
        >>> list(recent.young), len(recent), recent.older("职")
        (['会'], 3, None)
        """
        if len(self.young) >= self._most:
            self._old, self.young = self.young, {}
        self.young[key] = value
        return value

    def older(self, key: str) -> Value | None:
        """Return a value that was used before the younger half began, and count it as used; None without one.

        >>> recent: Recent[float] = Recent(1)
        >>> recent.keep("工会", -2.5), recent.keep("职工", -3.5), recent.older("工会"), recent.older("劳模")
        (-2.5, -3.5, -2.5, None)
        """
        value = self._old.pop(key, None)
        return None if value is None else self.keep(key, value)
