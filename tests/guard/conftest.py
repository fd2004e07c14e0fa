"""Places and servers for attacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guard.hostile import Canary, Hostile
from tests.guard.place import Place

# A child process of the tests imports it; in the session itself it would cut the network off.
collect_ignore = ["internet/sitecustomize.py"]


@pytest.fixture
def hostile() -> Iterator[Hostile]:
    """A server whose answers are attacks."""
    with Hostile() as server:
        yield server


@pytest.fixture
def canary() -> Iterator[Canary]:
    """What no attack may reach."""
    with Canary() as listening:
        yield listening


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """An empty working directory."""
    return Place(tmp_path)
