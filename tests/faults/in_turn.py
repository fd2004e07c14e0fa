"""Run commands one after another as a user who owns nothing, and print how each ended.

``python -m tests.faults.in_turn USER KEEPS_READING FILE`` reads a JSON list of commands. Where
the tests are root, USER may write nothing. Python itself may lie where root alone reads, so the
right to read any file is kept if KEEPS_READING is 1. Elsewhere the rights of the files decide.
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import importlib
import io
import json
import os
import pwd
import runpy
import sys
from pathlib import Path

from unioncrawl.cli import COMMANDS

# From linux/prctl.h and linux/capability.h.
_PR_SET_KEEPCAPS = 8
_VERSION_3 = 0x20080522
_DAC_READ_SEARCH = 1 << 2


def become(user: str, *, keeps_reading: bool) -> None:
    """Give up root for a user; nothing where this is not root."""
    if os.geteuid():
        return
    entry, libc = pwd.getpwnam(user), ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_KEEPCAPS, int(keeps_reading))
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    kept = _DAC_READ_SEARCH if keeps_reading else 0
    head, sets = (ctypes.c_uint32 * 2)(_VERSION_3, 0), (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0)
    if libc.capset(head, sets):
        raise OSError(ctypes.get_errno(), "capset")


def run(command: list[str]) -> dict[str, object]:
    """Run ``unioncrawl …``, and return its exit code and what it said."""
    sys.argv, said = ["unioncrawl", *command], io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    code: object = 0
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            runpy.run_module("unioncrawl", run_name="__main__")
        except SystemExit as end:
            code = end.code or 0
    said.seek(0)
    return {"command": command, "code": code, "said": said.read()}


if __name__ == "__main__":
    user, keeps, asked = sys.argv[1:]
    commands = json.loads(Path(asked).read_text(encoding="utf-8"))
    # Loaded when first used, which comes too late where Python lies in a folder of root's.
    codecs.lookup("utf-32-le")
    for command in commands:
        importlib.import_module(f"unioncrawl.commands.{COMMANDS[command[0]][0]}")
    become(user, keeps_reading=keeps == "1")
    os.environ["HOME"] = "/nonexistent"
    print(json.dumps([run(command) for command in commands]))  # noqa: T201 - its answer
