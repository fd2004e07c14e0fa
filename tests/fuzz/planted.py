"""Harnesses that fail on purpose: they show that a failure of each kind is found and reported."""

from __future__ import annotations

import os
import signal


def breaks(data: bytes) -> int:
    """Raise for inputs that hold a sign which chance soon makes."""
    if len(data) > 40 and data[0] & 1:
        raise KeyError(data[0])
    return len(data)


def dies(data: bytes) -> int:
    """End the process as a fault in a C library does."""
    if len(data) > 40 and data[0] & 1:
        os.kill(os.getpid(), signal.SIGSEGV)
    return len(data)


def eats(data: bytes) -> int:
    """Take more memory than there may be."""
    if len(data) > 40 and data[0] & 1:
        return len(bytearray(1 << 40))
    return len(data)


def loops(data: bytes) -> int:
    """Take many times the processor time of a sound input."""
    if len(data) > 40 and data[0] & 1:
        for _ in range(1 << 62):
            pass
    return len(data)
