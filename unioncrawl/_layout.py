"""What is installed: the version, native or pure code, and where ``spiders`` and ``pipelines`` are.

In a checkout (and an editable install) they are the folders beside
``unioncrawl``; in an installed wheel they are inside it. A foreign top-level
``spiders``, which many Scrapy projects have, must never be imported instead.
"""

from __future__ import annotations

import hashlib
import importlib.util
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from unioncrawl.errors import LayoutError

# Here and not in the package itself, which stands above all rooms (docs/library.md).
__version__ = "0.2.0.dev0"
PACKAGE_DIR = Path(__file__).resolve().parent
# In a native wheel: the SHA-256 of each source that was compiled, as `sha256sum` writes them.
NATIVE_SUMS = "native.sums"


def is_native() -> bool:
    """Whether Python imports the compiled modules of reading and repair, or their source.

    A native wheel has all of them or is not built, so that one stands for all. Python takes a
    compiled module that its version can load before the source beside it.
    """
    witness = PACKAGE_DIR / "language" / "ngram_table"
    return any(witness.with_suffix(suffix).is_file() for suffix in EXTENSION_SUFFIXES)


def refuse_stale_native() -> None:
    """Raise `LayoutError` where compiled modules were made of other source than stands beside them.

    Python would import them in silence after one release was unpacked over another, after a source
    was edited in place, and after a module was compiled by hand. Pure code is not looked at.
    """
    if not is_native():
        return
    sums = PACKAGE_DIR / NATIVE_SUMS
    listed = [line.split("  ") for line in sums.read_text("utf-8").splitlines()] if sums.is_file() else []
    stale = [name for digest, name in listed if _digest(PACKAGE_DIR / name) != digest]
    if stale or not listed:
        message = f"compiled modules of {PACKAGE_DIR} have other source ({', '.join(stale) or 'no list'})."
        raise LayoutError(
            message, next_step="Delete its *.so files for pure Python, or reinstall unioncrawl."
        )


def _digest(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest() if source.is_file() else ""


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
