"""unioncrawl: crawl, repair and archive the news of Chinese labour unions (工会).

What a notebook wants is here and is loaded when it is first used: ``read_page``,
``repair``, ``parse_published``, ``parse_hits``, ``open_archive``. See docs/library.md.
"""

from __future__ import annotations

from importlib import import_module
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unioncrawl._layout import __version__ as __version__
    from unioncrawl.archive.opening.read_only import ReadOnlyArchive as ReadOnlyArchive
    from unioncrawl.archive.opening.read_only import open_archive as open_archive
    from unioncrawl.errors import UnioncrawlError as UnioncrawlError
    from unioncrawl.fields.dates.clean import parse_published as parse_published
    from unioncrawl.fields.hits.clean import parse_hits as parse_hits
    from unioncrawl.library import read_page as read_page
    from unioncrawl.model import Article as Article
    from unioncrawl.model import Repaired as Repaired
    from unioncrawl.repair import repair as repair

# The same witness as in `_layout.is_native`, which pure code does not load for it.
if any(Path(__path__[0], "language", f"ngram_table{suffix}").is_file() for suffix in EXTENSION_SUFFIXES):
    import_module("unioncrawl._layout").refuse_stale_native()

# Name -> the module that has it. The package `unioncrawl.repair` answers calls itself.
_HOMES = {
    "Article": "unioncrawl.model",
    "ReadOnlyArchive": "unioncrawl.archive.opening.read_only",
    "Repaired": "unioncrawl.model",
    "UnioncrawlError": "unioncrawl.errors",
    "__version__": "unioncrawl._layout",
    "open_archive": "unioncrawl.archive.opening.read_only",
    "parse_hits": "unioncrawl.fields.hits.clean",
    "parse_published": "unioncrawl.fields.dates.clean",
    "read_page": "unioncrawl.library",
}
__all__ = [
    "Article",
    "ReadOnlyArchive",
    "Repaired",
    "UnioncrawlError",
    "__version__",
    "open_archive",
    "parse_hits",
    "parse_published",
    "read_page",
    "repair",
]


def __getattr__(name: str) -> object:
    if name == "repair":
        return import_module("unioncrawl.repair")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
