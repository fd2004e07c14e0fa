"""The archive that tests of exports share, once a session and kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.archive.conftest import Templates
from tests.archive.exports.shared_archive import Shared, fill
from unioncrawl.archive.store import Archive


def _made(kind: str, templates: Templates, factory: pytest.TempPathFactory) -> Iterator[Shared]:
    folder = factory.mktemp("shared")
    address = templates.copy(kind, folder / "archive.db")
    with Archive.open(address) as archive:
        fill(archive, folder / "captures")
        yield Shared(archive, address, folder / "captures")


@pytest.fixture(scope="session")
def shared(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    """Four articles of two sites with captures, one withdrawn, in a SQLite file."""
    yield from _made("sqlite", templates, tmp_path_factory)


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def in_both(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shared]:
    """The same in each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("shared")
    else:
        yield from _made("postgresql", templates, tmp_path_factory)
