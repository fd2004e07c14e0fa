"""A file of lines that never keeps half a line: what the disk takes in part is taken back."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_BLOCK_BYTES = 1 << 16
_NEWLINE = b"\n"


class WholeLines:
    """Appends whole lines to a file; each is on its way to the disk when `write` returns.

    Lines that the disk refuses wait, up to ``max_waiting``, and go out before the
    next one; `lost` counts those beyond. `torn` is the end of a line that was found
    and cut when the file was opened.
    """

    def __init__(self, path: Path, max_waiting: int) -> None:
        self.path = path
        self.waiting: list[bytes] = []
        self.lost = 0
        self.torn = b""
        self.error: OSError | None = None
        self._max_waiting = max_waiting
        self._descriptor = -1

    def write(self, line: bytes) -> int:
        """Take a line; it waits when the disk refuses it."""
        if len(self.waiting) < self._max_waiting:
            self.waiting.append(line)
        else:
            self.lost += 1
        self.flush()
        return len(line)

    def flush(self) -> None:
        """Write the lines that wait; `error` says why some still do."""
        self.error = None
        try:
            if self.waiting and self._descriptor < 0:
                self._open()
            while self.waiting:
                append_line(self._descriptor, self.waiting[0])
                del self.waiting[0]
        except OSError as error:
            self.error = error

    def close(self) -> None:
        """Write the waiting lines, sync the file to the disk, and close it."""
        self.flush()
        if self._descriptor < 0:
            return
        try:
            os.fsync(self._descriptor)
        except OSError as error:
            self.error = error
        os.close(self._descriptor)
        self._descriptor = -1

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self.torn = self.torn or cut_torn_end(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        self._descriptor = descriptor


def append_line(descriptor: int, line: bytes) -> None:
    """Append a whole line to an open file, or leave the file as it was and raise `OSError`."""
    with _alone(descriptor):
        end = os.lseek(descriptor, 0, os.SEEK_END)
        left = memoryview(line)
        try:
            while left:
                left = left[os.write(descriptor, left) :]
        except OSError:
            os.ftruncate(descriptor, end)
            raise


def cut_torn_end(descriptor: int) -> bytes:
    """Cut the text after the last newline of an open file of JSON lines, and return it.

    A last line that is whole but for its newline gets the newline.
    """
    with _alone(descriptor):
        torn = _last_line(descriptor)
        if not torn:
            return b""
        if _is_whole(torn):
            os.write(descriptor, _NEWLINE)
            return b""
        os.ftruncate(descriptor, os.lseek(descriptor, 0, os.SEEK_END) - len(torn))
        return torn


def _last_line(descriptor: int) -> bytes:
    """The text after the last newline."""
    position, found = os.lseek(descriptor, 0, os.SEEK_END), b""
    while position > 0:
        start = max(0, position - _BLOCK_BYTES)
        block = os.pread(descriptor, position - start, start)
        _, newline, after = block.rpartition(_NEWLINE)
        found = after + found
        if newline:
            break
        position = start
    return found


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


@contextmanager
def _alone(descriptor: int) -> Iterator[None]:
    """Keep other processes that append whole lines to the same file waiting."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
