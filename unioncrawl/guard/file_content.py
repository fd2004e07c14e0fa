"""Read a file whole, within the bound of a body: a user's file may be a stranger's."""

from __future__ import annotations

from pathlib import Path
from typing import IO

from unioncrawl.errors import StreamError
from unioncrawl.guard.bounds import BODY_BYTES


def read_file(path: Path) -> bytes:
    """The bytes of a file, as they are.

    Raises `StreamError` for a file that can't be read, and for one of more than
    `BODY_BYTES`, which is not read further.
    """
    try:
        with path.open("rb") as file:
            return read_within(file, str(path))
    except OSError as error:
        raise StreamError(
            f"{path} can't be read: {error.strerror or error}.",
            next_step="Check its name and its permissions.",
        ) from error


def read_within(file: IO[bytes], name: str) -> bytes:
    """Read all that an open file still holds. Raises `StreamError` for more than `BODY_BYTES`.

    >>> from io import BytesIO
    >>> read_within(BytesIO("工会".encode()), "page.html").decode()
    '工会'
    """
    most = BODY_BYTES.now()
    content = file.read(most + 1)
    if len(content) > most:
        raise StreamError(
            f"{name} has more than {most:,} bytes, packed or unpacked.",
            next_step=f"If it is one text, raise {BODY_BYTES.name}.",
        )
    return content
