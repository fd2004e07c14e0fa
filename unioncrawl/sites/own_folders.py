"""Where the user's own site files are; who has none loads no reader of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

SITES_DIRS_VARIABLE = "UNIONCRAWL_SITES_DIRS"


def own_folders(configured: Iterable[str] = (), environment: Mapping[str, str] = os.environ) -> list[Path]:
    """The user's folders: first the setting's, then the environment variable's.

    The variable separates folders as PATH does.

    >>> own_folders(["sites"], {"UNIONCRAWL_SITES_DIRS": ""})
    [PosixPath('sites')]
    """
    named = environment.get(SITES_DIRS_VARIABLE, "").split(os.pathsep)
    return [Path(folder).expanduser() for folder in [*configured, *named] if folder.strip()]
