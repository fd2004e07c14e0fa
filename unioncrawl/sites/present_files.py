"""The site files as they are now, for a program that runs on while people edit them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from unioncrawl.sites.catalogue import Catalogue, bundled_folder, load_catalogue, own_folders

_Stamp = tuple[str, int, int, int]


def present_catalogue(folders: Sequence[Path] | None = None) -> Catalogue:
    """Return the bundled sites and those of the user's folders; read again when a file is another one.

    ``folders``: without them those that the environment names. Looking at the files takes a
    millisecond, reading them forty.
    """
    own = tuple(own_folders() if folders is None else folders)
    return _read(own, _stamps((bundled_folder(), *own)))


def problems_of(known: Catalogue) -> tuple[str, ...]:
    """Return what is wrong with the files that are not used; without the folders of this machine."""
    said = [f"{one.message} {one.next_step}" for one in known.problems]
    for folder in own_folders():
        said = [problem.replace(f"{folder}/", "") for problem in said]
    return tuple(said)


def _stamps(folders: Sequence[Path]) -> tuple[_Stamp, ...]:
    """Return what changes with a file: its name, its length, when it was written or put in its place."""
    found: list[_Stamp] = []
    for path in (path for folder in folders for path in folder.glob("*.toml")):
        try:
            state = path.stat()
        except OSError:
            # A link to nothing, or gone since: reading says what is wrong with it.
            found.append((str(path), 0, 0, 0))
        else:
            found.append((str(path), state.st_size, state.st_mtime_ns, state.st_ctime_ns))
    return tuple(sorted(found))


@lru_cache(1)
def _read(folders: tuple[Path, ...], _stamps_then: tuple[_Stamp, ...]) -> Catalogue:
    return load_catalogue(folders)
