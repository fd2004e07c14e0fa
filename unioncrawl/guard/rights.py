"""Why a file may not be read or written: missing rights are named, with the owner of what is refused."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable
from pathlib import Path


def no_right_to_read(path: Path) -> str | None:
    """Say which folder or file this user may not read; ``None`` when rights forbid nothing.

    A file that is not there is not forbidden.

    >>> no_right_to_read(Path("/没有的文件夹/工会.db"))
    """
    whole = path.absolute()
    for folder in reversed(whole.parents):
        # A file in the place of a folder is no matter of rights.
        if folder.is_dir() and not os.access(folder, os.X_OK):
            return f"no right to enter {folder}, which {owner_of(folder)} owns{_asked_by()}"
    wanted = os.R_OK | os.X_OK if whole.is_dir() else os.R_OK
    if os.path.lexists(whole) and not os.access(whole, wanted) and whole.exists():
        return f"no right to read {path}, which {owner_of(path)} owns{_asked_by()}"
    return None


def no_right_to_write(files: Iterable[Path]) -> str | None:
    """Say what forbids to write files: one of them, a folder or the mount; ``None`` when rights do not.

    >>> no_right_to_write([Path("/没有的文件夹/工会.db")])
    """
    for path in files:
        for one in (path.parent, path):
            if one.exists() and not os.access(one, os.W_OK):
                return f"no right to write here: {one} can't be written, {_why(one)}{_asked_by()}"
    return None


def owner_of(path: Path) -> str:
    """Return the name of a file's owner, or the number where it has no name."""
    try:
        return path.owner()
    except KeyError:
        return f"user {path.stat().st_uid}"


def _why(path: Path) -> str:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return "the file system is mounted read-only"
    return f"{owner_of(path)} owns it"


def _asked_by() -> str:
    """Name the user by whose rights this process is judged, by the number where it has no name."""
    number = os.geteuid()
    try:
        return f" (this is {pwd.getpwuid(number).pw_name})"
    except KeyError:
        return f" (this is user {number})"
