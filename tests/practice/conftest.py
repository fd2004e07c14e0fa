"""A running practice server."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from unioncrawl.practice.server import PracticeServer

PORTS_IN_A_ROW = 6


@pytest.fixture(scope="session")
def server() -> Iterator[PracticeServer]:
    """The sites on free ports, without a memory between runs."""
    with PracticeServer(port=0) as running:
        yield running


@pytest.fixture
def fresh_server() -> Iterator[PracticeServer]:
    """A server of one's own, where nobody has been yet."""
    with PracticeServer(port=0) as running:
        yield running


@pytest.fixture
def free_port() -> int:
    """The first of six ports in a row that are free."""
    for first in range(28800, 60000, 10):
        if all(_is_free(first + place) for place in range(PORTS_IN_A_ROW)):
            return first
    pytest.fail("no six free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
