"""Write files that are either whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from unioncrawl.errors import FileRefused


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write that takes the place of ``path`` when all went well.

    Until then, and when an error is raised, ``path`` stays as it was; a killed
    process leaves a hidden ``.NAME.PID.part`` beside it. Raises `FileRefused`.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
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


def _refused(path: Path, error: OSError) -> FileRefused:
    return FileRefused(
        f"{path} can't be written: {error.strerror or error}.",
        next_step="Look at the name, the rights of its folder and the free space.",
    )
