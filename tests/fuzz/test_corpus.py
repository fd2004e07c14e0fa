"""Every input of the fuzz corpus, and every one that once failed, holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.engine import HERE, seeds
from tests.fuzz.harnesses import HARNESSES, harness
from tests.fuzz.judge import is_known, judge

CORPUS = sorted((HERE / "corpus").glob("*/*"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_inputs_of_the_corpus_hold(path: Path) -> None:
    """The input raises nothing but the project's own errors, keeps every promise and is quick."""
    _assert_holds(path.parent.name, path.read_bytes())


@pytest.mark.parametrize("name", HARNESSES)
def test_inputs_of_chance_hold(name: str) -> None:
    """What the harnesses make of random bytes holds too."""
    for data in seeds(name):
        _assert_holds(name, data)


def _assert_holds(name: str, data: bytes) -> None:
    failure = judge(harness(name).check, data)
    assert failure is None or is_known(failure.kind), f"{failure.kind}\n{failure.detail}"


def test_corpus_is_small_and_belongs_to_harnesses() -> None:
    """Each folder is that of a harness, and no input is larger than a harness takes."""
    for path in CORPUS:
        assert path.stat().st_size <= HARNESSES[path.parent.name].max_bytes, path
