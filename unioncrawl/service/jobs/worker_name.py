"""By which name a worker is known to the others, and its connections to the server."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass

# PostgreSQL cuts longer names of sessions.
_LONGEST_SESSION_BYTES = 63
_TOKEN_BYTES = 6


@dataclass(frozen=True, slots=True)
class WorkerName:
    """A process that works: what people call it, where it runs, its sessions' name in the server."""

    name: str
    machine: str
    process_id: int
    session: str

    @classmethod
    def of_this_process(cls, name: str = "") -> WorkerName:
        """Name this process, after its machine where nothing is said; the session's name is no other's.

        >>> WorkerName.of_this_process("甲").session.startswith("unioncrawl work ")
        True
        """
        machine = socket.gethostname()
        session = f"unioncrawl work {secrets.token_hex(_TOKEN_BYTES)}"[:_LONGEST_SESSION_BYTES]
        return cls(name or f"{machine}-{os.getpid()}", machine, os.getpid(), session)
