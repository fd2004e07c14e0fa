"""Documents and docstrings name modules, functions and files that are there."""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (
    "unioncrawl",
    "spiders",
    "pipelines",
    "bench",
    "tools",
    "tests",
    "docs",
    "data",
)
PAGES = sorted([*ROOT.glob("[!C]*.md"), ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])
SOURCES = sorted(
    file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py") if "samples" not in file.parts
)
_FOLDER = "|".join(FOLDERS)
# A file or a folder: it has a suffix, or a slash at its end, or is named as a whole in backticks.
_PATH = re.compile(
    rf"(?<![\w./-])(?:{_FOLDER})/(?:[\w.-]+/)*(?:[\w-]+\.(?:py|toml|md|json|sh|txt|zst)\b)?(?![…*<{{])"
)
_BARE_PATH = re.compile(rf"`((?:{_FOLDER})(?:/[\w-]+)+)`")
_DOTTED = re.compile(r"(?<![\w./-])(?:unioncrawl|spiders|pipelines)(?:\.[A-Za-z_]\w*)+(?!\w)")
# Names beside the project's own: units of systemd, files of a user, error handlers of codecs, where a
# wheel has its spiders and pipelines, the family of an example, and a name that a test misspells.
_OTHERS = re.compile(
    r"unioncrawl\.(?:service|timer|db|exe|log|toml|md|mark|utf8|spiders|pipelines|read_pages)\b.*|.*\.jiahe"
)
# Made where the project is used or built, not kept in it; or an example's.
_MADE = re.compile(r"data/.*|unioncrawl/…|.*/jiahe\b.*")


@lru_cache(maxsize=1)
def _all_code() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in SOURCES)


def _is_stat(path: str) -> bool:
    """Whether a name like a path is one of Scrapy's stats, which start with ``unioncrawl/`` too."""
    if not path.startswith("unioncrawl/") or Path(path).suffix:
        return False
    return any(f'"{name}' in _all_code() for name in (path, path.removeprefix("unioncrawl/")))


def missing_paths(text: str) -> list[str]:
    """The files and folders of the project that a text names and that are not there."""
    named = {*_PATH.findall(text), *_BARE_PATH.findall(text)}
    missing = {path for path in named if not (ROOT / path).exists() and not _MADE.fullmatch(path)}
    return sorted(path for path in missing if not _is_stat(path))


def is_defined(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something in one."""
    module, _, rest = name, "", ""
    while (spec := _spec(module)) is None and "." in module:
        module, _, last = module.rpartition(".")
        rest = f"{last}.{rest}".rstrip(".")
    if spec is None:
        return False
    found: object = importlib.import_module(module) if rest else None
    for part in filter(None, rest.split(".")):
        fields = getattr(found, "__dataclass_fields__", {})
        if not hasattr(found, part) and part not in fields:
            return False
        found = getattr(found, part, None)
    return True


def _spec(module: str) -> object:
    try:
        return find_spec(module)
    except ModuleNotFoundError:
        return None


def undefined_names(text: str) -> list[str]:
    """The dotted names of the project in a text that lead nowhere."""
    named = {name for name in _DOTTED.findall(text) if not _OTHERS.fullmatch(name)}
    return sorted(name for name in named if not is_defined(name))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_in_a_document_exists(page: Path) -> None:
    """A document names no file or folder of the project that is not there."""
    assert missing_paths(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_dotted_name_in_a_document_is_defined(page: Path) -> None:
    """A document names no module, function or class of the project that is not there."""
    assert undefined_names(page.read_text(encoding="utf-8")) == []


def test_every_dotted_name_in_the_code_is_defined() -> None:
    """No docstring, comment or string of the code names a module or function that is not there."""
    wrong = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in SOURCES
        if file != Path(__file__)
        for name in undefined_names(file.read_text(encoding="utf-8"))
    }
    assert sorted(wrong) == []


def test_a_name_that_leads_nowhere_is_found() -> None:
    """The look-up finds what is there and reports what is not, so that it cannot pass by finding nothing."""
    text = "`unioncrawl.model.Article`, `unioncrawl.nowhere.Article`, unioncrawl/line.py, spiders/nowhere.py"
    assert undefined_names(text) == ["unioncrawl.nowhere.Article"]
    assert missing_paths(text) == ["spiders/nowhere.py"]
