"""A project's own site files, also where the project is packed into an egg (scrapyd)."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path


def site_folder(package: str, name: str = "sites") -> str:
    """The folder of site files inside a package, on the disk.

    Files of a package that is not unpacked (scrapyd imports eggs as they are) are copied
    into a folder that is removed when the process ends. Raises FileNotFoundError when
    the package has no such folder.

    >>> Path(site_folder("unioncrawl", "sites")).name
    'sites'
    """
    folder = files(package) / name
    if isinstance(folder, Path):
        return str(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"{package} holds no folder {name}; pack it with its site files.")
    copy = Path(tempfile.mkdtemp(prefix="unioncrawl-sites-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    for entry in folder.iterdir():
        if entry.is_file():
            (copy / entry.name).write_bytes(entry.read_bytes())
    return str(copy)
