"""Put the collection of cycles off while a batch makes many objects."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_later() -> Iterator[None]:
    """Collect no cycles within; around a function too, as a decorator.

    For work that makes tens of thousands of objects, hardly any in cycles: Python
    would walk over them and over all that lives beside them again and again.
    Where collection is off already, it stays off.

    >>> with collecting_later():
    ...     gc.isenabled()
    False
    >>> gc.isenabled()
    True
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
