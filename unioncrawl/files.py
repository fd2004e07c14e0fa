"""Write files that are either whole or not there; pipes and devices get the bytes as they come."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from unioncrawl.errors import StreamError


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of ``path`` when all went well.

    Until then, and when an error is raised, ``path`` stays as it was; a killed
    process leaves a hidden ``.NAME.PID.part`` beside it, which the next writing
    of the same file takes away. A link stays, and the file that it leads to is replaced; a
    FIFO or a device (`is_stream`) is written to and never replaced. Raises `StreamError`.
    """
    if is_stream(path):
        with _streaming(path) as file:
            yield file
        return
    path = _replaceable(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _drop_leftovers(path)
        file = part.open("wb")
    except OSError as error:
        raise _refused(path, error) from error
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_rights(path, part)
        part.replace(path)
    except OSError as error:
        # A full disk, or a folder under the name; what the caller reads has errors of its own.
        raise _refused(path, error) from error
    finally:
        part.unlink(missing_ok=True)


def is_stream(path: Path) -> bool:
    """Whether a path leads to what takes bytes and keeps no file: a FIFO, a pipe or a character device.

    >>> is_stream(Path("/dev/null")), is_stream(Path("工会.csv"))
    (True, False)
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


@contextmanager
def _streaming(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise _refused(path, error) from error


def _replaceable(path: Path) -> Path:
    """The regular file, there or not, that a path leads to; raises `StreamError` for anything else."""
    try:
        real = path.resolve() if path.is_symlink() else path
        mode = real.stat().st_mode if real.exists() else stat.S_IFREG
    except (OSError, RuntimeError, ValueError) as error:  # a circle of links, a name that no file can have
        raise _refused(path, error) from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise StreamError(f"{path} is not a file.", next_step="Name a file, or - for standard output.")
    return real


def _take_rights(path: Path, part: Path) -> None:
    """Give a file the rights of the one that it replaces: what was closed to others stays closed."""
    if path.is_file():
        part.chmod(stat.S_IMODE(path.stat().st_mode))


def _drop_leftovers(path: Path) -> None:
    """Take away what killed processes left of earlier writings of this file."""
    form = re.compile(rf"\.{re.escape(path.name)}\.(\d+)\.part(?:-journal)?")
    for leftover in path.parent.iterdir():
        match = form.fullmatch(leftover.name)
        if match and not _is_running(int(match[1])):
            leftover.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _refused(path: Path, error: Exception) -> StreamError:
    return StreamError(
        f"{path} can't be written: {getattr(error, 'strerror', None) or error}.",
        next_step="Check the name, the permissions of its folder and the free space.",
    )
