"""The locks of `requirements/` have what pyproject.toml asks for, each file with its hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
_LINE = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)", re.MULTILINE)
# Each lock with the groups of pyproject.toml that it holds, and whether the project's own dependencies too.
LOCKS = {
    "runtime": (("build",), True),
    "dev": (("build", "dev", "bench", "fuzz"), True),
    "replay": (("replay",), False),
    "supply": (("supply",), False),
}


def _asked(lock: str) -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups, with_project = LOCKS[lock]
    lines = list(project["project"]["dependencies"]) if with_project else []
    for group in groups:
        lines += project["dependency-groups"][group]
    return [Requirement(line) for line in lines]


def _locked(lock: str) -> dict[str, list[Version]]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    found: dict[str, list[Version]] = {}
    for line in _LINE.finditer(text):
        found.setdefault(canonicalize_name(line["name"]), []).append(Version(line["version"]))
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_asked_for(lock: str) -> None:
    """Each dependency has a version within its range; when this fails, `make lock` writes the locks anew."""
    locked = _locked(lock)
    lacking = [
        str(asked)
        for asked in _asked(lock)
        if not any(asked.specifier.contains(found) for found in locked.get(canonicalize_name(asked.name), []))
    ]
    assert lacking == [], "run: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_hashes(lock: str) -> None:
    """No package of a lock could be installed unchecked, and no lock names an index or a folder."""
    text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"^(?:-i|--index-url|--extra-index-url|-f|--find-links)|file:", text, re.MULTILINE)


def test_what_is_installed_together_has_one_version() -> None:
    """The demo and the gate run with the same versions of the project's own dependencies."""
    runtime, dev = _locked("runtime"), _locked("dev")
    assert {name: versions for name, versions in runtime.items() if dev.get(name) != versions} == {}
