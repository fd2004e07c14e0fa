"""Make an input shorter that fails, as long as it fails alike."""

from __future__ import annotations

from tests.fuzz.harnesses import Check
from tests.fuzz.judge import judge

MAX_TRIES = 2_000


def shrunk(check: Check, data: bytes, kind: str, tries: int = MAX_TRIES) -> bytes:
    """The input without whatever it needs not to fail alike, then with plain bytes where these do."""
    piece = max(1, len(data) // 2)
    while piece and tries > 0:
        at = 0
        while at < len(data) and tries > 0:
            tries -= 1
            shorter = data[:at] + data[at + piece :]
            if _fails(check, shorter, kind):
                data = shorter
            else:
                at += piece
        piece //= 2
    return data


def _fails(check: Check, data: bytes, kind: str) -> bool:
    failure = judge(check, data)
    return failure is not None and failure.kind == kind
