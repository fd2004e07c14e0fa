"""Runs a command of unioncrawl whose process ends with the worker that started it, also after ``kill -9``.

``python -m unioncrawl.service.jobs.tied PARENT COMMAND [ARGUMENT]...``
"""

from __future__ import annotations

import ctypes
import os
import runpy
import signal
import sys

# From linux/prctl.h: the kernel sends this process a signal when the thread that started it is gone.
_PR_SET_PDEATHSIG = 1


def tie(parent: int) -> None:
    """Let the kernel kill this process when its parent ends; exit when it has ended already (Linux alone)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit("the worker has ended already")


if __name__ == "__main__":
    tie(int(sys.argv[1]))
    sys.argv = ["unioncrawl", *sys.argv[2:]]
    # By name, as ``python -m`` does: a room of the library knows nothing of the command line.
    runpy.run_module("unioncrawl", run_name="__main__")
