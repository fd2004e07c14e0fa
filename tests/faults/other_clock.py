"""Run a command under another clock: ``python -m tests.faults.other_clock DAYS JUMP MODULE …``.

The clock is DAYS ahead at the start, and jumps by JUMP days at SIGUSR1, as a clock does that is
set: what measures durations (``time.monotonic``) goes on.
"""

from __future__ import annotations

import runpy
import signal
import sys
from datetime import UTC, datetime, timedelta

import time_machine

if __name__ == "__main__":
    days, jump, *command = sys.argv[1:]
    ahead = datetime.now(UTC) + timedelta(days=float(days))
    sys.argv = command
    with time_machine.travel(ahead, tick=True) as clock:
        signal.signal(signal.SIGUSR1, lambda *_: clock.shift(timedelta(days=float(jump))))
        runpy.run_module(command[0], run_name="__main__", alter_sys=True)
