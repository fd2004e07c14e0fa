"""What is installed: the version, and where the ``spiders`` and ``pipelines`` packages are.

In a checkout (and an editable install) they are the folders beside
``unioncrawl``; in an installed wheel they are inside it. A foreign top-level
``spiders``, which many Scrapy projects have, must never be imported instead.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from unioncrawl.errors import LayoutError

# Here and not in the package itself, which stands above all rooms (docs/library.md).
__version__ = "0.2.0.dev0"
PACKAGE_DIR = Path(__file__).resolve().parent


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
