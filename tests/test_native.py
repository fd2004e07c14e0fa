"""Native or pure: one source, the same results. `tools/native_gate.sh` runs these tests on both."""

from __future__ import annotations

import ast
import doctest
import importlib
import tarfile
from contextlib import nullcontext
from hashlib import sha256
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from types import ModuleType

import pytest
from hatchling.builders.sdist import SdistBuilder
from typer.testing import CliRunner

from tools.build_native import sources
from unioncrawl import _layout
from unioncrawl.cli import app
from unioncrawl.errors import LayoutError

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for paths in sources().values() for path in paths)


def _imported(path: str) -> ModuleType:
    return importlib.import_module(path.removesuffix(".py").replace("/", "."))


def test_all_modules_are_native_or_none_is() -> None:
    """What `is_native` says holds for every module of the table."""
    compiled = {not str(_imported(path).__file__).endswith(".py") for path in MODULES}
    assert compiled == {_layout.is_native()}


def test_version_says_which_one_runs() -> None:
    """`unioncrawl --version` ends with native or pure Python."""
    printed = CliRunner().invoke(app, ["--version"]).output
    runs = "native" if _layout.is_native() else "pure Python"
    assert printed == f"unioncrawl {_layout.__version__} ({runs})\n"


@pytest.mark.parametrize("suffix", [".py", ".other-python.so"])
def test_what_this_python_cannot_load_is_not_native(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Source, or a module compiled for another Python, is not native: Python imports the source."""
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / f"ngram_table{suffix}").touch()
    monkeypatch.setattr(_layout, "PACKAGE_DIR", tmp_path)
    assert not _layout.is_native()


@pytest.mark.parametrize("path", MODULES)
def test_no_compiled_module_has_what_goes_wrong_compiled(path: str) -> None:
    """A compiled `cached_property` is computed at each access; a frozen dataclass cannot be copied."""
    tree = ast.parse((_layout.PACKAGE_DIR.parent / path).read_text(encoding="utf-8"))
    names = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert "cached_property" not in names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "frozen"]


@pytest.mark.parametrize("path", MODULES)
def test_sums_name_their_start(path: str) -> None:
    """Compiled, a float's sum from a bare 0 ends in a TypeError, and over a generator rounds otherwise."""
    tree = ast.parse((_layout.PACKAGE_DIR.parent / path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sum":
            summed, start = node.args
            assert isinstance(start, ast.Constant)
            assert type(start.value) is int or not isinstance(summed, ast.GeneratorExp)


@pytest.mark.parametrize(
    ("sums", "says"),
    [
        (f"{sha256(b'x = 1').hexdigest()}  language/ngram_table.py\n", None),
        (f"{sha256(b'x = 2').hexdigest()}  language/ngram_table.py\n", "ngram_table.py"),
        (f"{sha256(b'x = 1').hexdigest()}  page/body.py\n", "page/body.py"),
        (None, "no list"),
    ],
    ids=["of this source", "of other source", "source gone", "compiled by hand"],
)
def test_compiled_modules_of_other_source_are_refused(
    sums: str | None, says: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python would import them in silence; the error names the modules. Source alone is not looked at."""
    (tmp_path / "language").mkdir()
    (tmp_path / "language" / "ngram_table.py").write_text("x = 1")
    if sums is not None:
        (tmp_path / _layout.NATIVE_SUMS).write_text(sums)
    monkeypatch.setattr(_layout, "PACKAGE_DIR", tmp_path)
    _layout.refuse_stale_native()
    (tmp_path / "language" / f"ngram_table{EXTENSION_SUFFIXES[0]}").touch()
    with pytest.raises(LayoutError, match=says) if says else nullcontext():
        _layout.refuse_stale_native()


@pytest.mark.parametrize("path", MODULES)
def test_examples_hold_in_the_module_that_is_imported(path: str) -> None:
    """The examples of a module hold with what Python imports, compiled or not."""
    module = _imported(path)
    nodes = ast.walk(ast.parse((_layout.PACKAGE_DIR.parent / path).read_text(encoding="utf-8")))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = [ast.get_docstring(node) or "" for node in nodes if isinstance(node, documented)]
    runner, parser = doctest.DocTestRunner(), doctest.DocTestParser()
    for number, text in enumerate(docs):
        runner.run(parser.get_doctest(text, dict(vars(module)), f"{path} {number}", path, 0))
    assert runner.failures == 0


def test_sdist_holds_what_a_native_build_needs(tmp_path: Path) -> None:
    """The source distribution has the build hook, and each module that it compiles."""
    if not (ROOT / "README.md").is_file():
        pytest.skip("this is the copy that the native gate tests: it has no project to pack")
    (packed,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path))
    with tarfile.open(packed) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tools/build_native.py", *MODULES} <= names
