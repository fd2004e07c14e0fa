"""Processor time that an input may take, on a machine of any speed."""

from __future__ import annotations

import re
import time
from functools import cache

# An input of up to 100 kB may take a second where the calibration loop takes `REFERENCE_SECONDS`.
ALLOWED_SECONDS = 1.0
ALLOWED_BYTES = 100_000
# The loop below on one core at 2.5 GHz, Python 3.11.
REFERENCE_SECONDS = 0.012
_WORDS = "工会要闻 职工之家 点击：1234 发布时间：2024-04-08 " * 400
_PATTERN = re.compile(r"(?:点击|浏览)：(?P<hits>\d+)|(?P<year>\d{4})-(?P<month>\d\d)")


def _loop() -> float:
    start = time.process_time()
    counted: dict[str, int] = {}
    for _ in range(8):
        for found in _PATTERN.finditer(_WORDS):
            counted[found[0]] = counted.get(found[0], 0) + len(found.groupdict())
        for word in _WORDS.split():
            counted[word[::-1]] = counted.get(word, 0) + sum(map(ord, word))
    return time.process_time() - start


@cache
def slowness() -> float:
    """How many times slower than the reference this machine is; never less than 1."""
    return max(1.0, min(_loop() for _ in range(3)) / REFERENCE_SECONDS)


def allowed_seconds(size_bytes: int) -> float:
    """The processor time that an input of so many bytes may take here."""
    return ALLOWED_SECONDS * slowness() * max(1.0, size_bytes / ALLOWED_BYTES)
