"""Write files that are either whole or not there."""

from __future__ import annotations

import os
import re
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
    of the same file takes away. Raises `StreamError`.
    """
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
        part.replace(path)
    except OSError as error:
        # A full disk, or a folder under the name; what the caller reads has errors of its own.
        raise _refused(path, error) from error
    finally:
        part.unlink(missing_ok=True)


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


def _refused(path: Path, error: OSError) -> StreamError:
    return StreamError(
        f"{path} can't be written: {error.strerror or error}.",
        next_step="Check the name, the permissions of its folder and the free space.",
    )
