"""The extension by which a crawl outlives a clock that is set.

Twisted reckons by the calendar when a call is due: a clock that is set back by a day in the
middle of a crawl would let all that waits wait for a day more.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from scrapy.crawler import Crawler

if TYPE_CHECKING:
    from typing import Self


class SteadyClockExtension:
    """Lets the reactor reckon by a clock that is never set, what waits already included."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Change the reactor of this process, once."""
        from twisted.internet import reactor  # noqa: PLC0415 - installed by now, by whoever runs the crawl

        del crawler
        clock: Any = reactor
        if clock.seconds is not time.monotonic:
            ahead = time.monotonic() - clock.seconds()
            for call in clock.getDelayedCalls():
                call.time += ahead
                call.seconds = time.monotonic
            clock.seconds = time.monotonic
        return cls()
