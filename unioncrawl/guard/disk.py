"""Why a disk refuses a write: a full disk is recognised."""

from __future__ import annotations

import errno
import re
import shutil
from pathlib import Path

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What Linux calls the file systems that other machines, or the hosts of virtual ones, write too.
_REMOTE = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "virtiofs", "vboxsf", "fuse.sshfs"}
)
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


def is_remote(path: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether a path lies on another machine's file system, as far as the kernel says (proc(5)).

    >>> is_remote(Path("/proc"))
    False
    """
    place = _mount_point(_existing(path))
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    kinds = [_kind(line) for line in lines if _unescaped(line.split(" ")[4]) == str(place)]
    # The last mount at a place lies over the others.
    return bool(kinds) and kinds[-1] in _REMOTE


def _kind(line: str) -> str:
    return line.partition(" - ")[2].split(" ")[0]


def _unescaped(field: str) -> str:
    r"""Return a path of a mount, in which a space stands as ``\\040``."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), field)


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
