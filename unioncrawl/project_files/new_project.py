"""Write a Scrapy project of one's own, with a folder of site files."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from unioncrawl.errors import ProjectExists, StreamError

# Where each file goes -> the file of this package that is written there; empty ones have none.
FILES = {
    "scrapy.cfg": "scrapy.cfg",
    "setup.py": "setup.py.txt",
    "README.md": "README.md",
    "my_unions/__init__.py": "",
    "my_unions/settings.py": "settings.py.txt",
    "my_unions/sites/linxi-example.toml": "example.toml",
}


# Stands in the settings until the operator's contact takes its place.
_NO_CONTACT = '# UNIONCRAWL_CONTACT = "you@example.org"'


def write_project(folder: Path, contact: str = "") -> list[Path]:
    """Write the files of a project into a folder, which is made; the paths written.

    The settings name the operator's ``contact``, a mail or web address, where one is given.

    Nothing is overwritten: raises `ProjectExists`, before anything is written, when one
    of the files is there already, and `StreamError` when the folder takes no file.
    """
    there = [name for name in (*FILES, "data") if (folder / name).exists()]
    if there:
        raise ProjectExists(
            f"{folder} holds {', '.join(there)} already; nothing was written.",
            next_step="Name an empty folder, or one that is not there yet.",
        )
    try:
        return _written(folder, contact)
    except OSError as error:
        raise StreamError(
            f"{error.filename or folder}: {error.strerror}.", next_step="Name a folder that can be written."
        ) from error


def _written(folder: Path, contact: str) -> list[Path]:
    (folder / "data").mkdir(parents=True)
    for name, source in FILES.items():
        content = (files(__package__) / source).read_text("utf-8") if source else ""
        if contact:
            content = content.replace(_NO_CONTACT, f'UNIONCRAWL_CONTACT = "{contact}"')
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8", newline="")
    return [folder / name for name in FILES]
