"""Why a disk refuses a write: a full disk is recognised."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_MEGABYTE = 1_000_000
# Below this a file system takes no batch and no capture any more.
_NOTHING_FREE_BYTES = 65_536


def refusal(path: Path, error: OSError) -> str:
    """Return why writing at a path failed, in words; a full file system is named.

    >>> refusal(Path("data/a.db"), PermissionError(errno.EACCES, "Permission denied"))
    'data/a.db: Permission denied'
    """
    if error.errno in _FULL:
        return full(path)
    return f"{path}: {error.strerror or error}"


def full(path: Path) -> str:
    """The message that the file system of a path is full, with its mount point and free space."""
    place = _existing(path)
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return f"the disk of {path} is full"
    free, whole = (round(number / _MEGABYTE) for number in (usage.free, usage.total))
    if not is_full(path):
        # A quota, a limit of the file's own, or space that was given back in the meantime.
        return f"the disk of {path} took no more (quota or limit; {free} of {whole} MB are free)"
    return f"the file system {_mount_point(place)} is full, which holds {path} ({free} of {whole} MB free)"


def is_full(path: Path) -> bool:
    """Whether the file system of a path is full."""
    try:
        return shutil.disk_usage(_existing(path)).free < _NOTHING_FREE_BYTES
    except OSError:
        return False


def _existing(path: Path) -> Path:
    place = path.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return place


def _mount_point(place: Path) -> Path:
    place = place.resolve()
    while not place.is_mount() and place != place.parent:
        place = place.parent
    return place
