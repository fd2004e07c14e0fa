from __future__ import annotations

from collections.abc import Iterator

import pytest

from unioncrawl.archive.store import Archive


@pytest.fixture
def archive(any_archive: str) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(any_archive) as opened:
        yield opened
