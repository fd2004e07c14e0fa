"""Where this user's crawls keep what they share, whichever archive they fill: hosts and robots.txt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

# The setting and the environment variable.
STATE_SETTING = "UNIONCRAWL_STATE"


def state_folder(given: str | None, environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder that was given, else the one of the XDG base directories; None for an empty text.

    XDG ignores a path that is not absolute (Base Directory Specification 0.8, "Environment variables").

    >>> state_folder("/srv/联合/state"), state_folder("")
    (PosixPath('/srv/联合/state'), None)
    >>> state_folder(None, {"XDG_STATE_HOME": "/srv/联合/.state"})
    PosixPath('/srv/联合/.state/unioncrawl')
    >>> state_folder(None, {"XDG_STATE_HOME": "state", "HOME": "/srv/联合"})
    PosixPath('/srv/联合/.local/state/unioncrawl')
    """
    if given is not None:
        return Path(given).expanduser() if given else None
    own = Path(environment.get("XDG_STATE_HOME", ""))
    if own.is_absolute():
        return own / "unioncrawl"
    home = environment.get("HOME", "")
    return (Path(home) if home else Path.home()) / ".local" / "state" / "unioncrawl"
