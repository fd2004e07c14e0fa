"""What is installed: the version, native or pure code, and where ``spiders`` and ``pipelines`` are.

In a checkout (and an editable install) they are the folders beside
``unioncrawl``; in an installed wheel they are inside it. A foreign top-level
``spiders``, which many Scrapy projects have, must never be imported instead.
"""

from __future__ import annotations

import importlib.util
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from unioncrawl.errors import LayoutError

# Here and not in the package itself, which stands above all rooms (docs/library.md).
__version__ = "0.2.0.dev0"
PACKAGE_DIR = Path(__file__).resolve().parent


def is_native() -> bool:
    """Whether Python imports the compiled modules of reading and repair, or their source.

    A native wheel has all of them or is not built, so that one stands for all. Python takes a
    compiled module that its version can load before the source beside it.
    """
    witness = PACKAGE_DIR / "language" / "ngram_table"
    return any(witness.with_suffix(suffix).is_file() for suffix in EXTENSION_SUFFIXES)


def package_name(name: str) -> str:
    """The importable name of ``spiders`` or ``pipelines``.

    Raises `LayoutError` when neither our own copy inside the package nor the
    folder beside it would be what Python imports.
    """
    if (PACKAGE_DIR / name / "__init__.py").is_file():
        return f"unioncrawl.{name}"
    beside = PACKAGE_DIR.parent / name
    found = _location(name)
    if (beside / "__init__.py").is_file() and found == beside:
        return name
    msg = f"the package '{name}' of unioncrawl is not importable (found: {found or 'nothing'})."
    raise LayoutError(
        msg,
        next_step=f"Run from a folder without another '{name}', or reinstall unioncrawl.",
    )


def _location(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).resolve().parent
