"""Tests for ``unioncrawl demo``."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from unioncrawl.commands.demo import app, site_totals
from unioncrawl.errors import ArchiveNotFound, PortTaken
from unioncrawl.practice.server import DEFAULT_PORT


def test_a_taken_port_is_told_before_anything_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When something listens where the practice sites want to, the demo says which port and stops."""
    monkeypatch.chdir(tmp_path)
    with socket.socket() as other:
        with suppress(OSError):  # another practice site may run there; the port is taken all the same
            other.bind(("127.0.0.1", DEFAULT_PORT))
            other.listen()
        result = CliRunner().invoke(app, [])
    assert isinstance(result.exception, PortTaken)
    assert str(DEFAULT_PORT) in str(result.exception)
    assert "--port" not in str(result.exception), "the demo has no such option"
    assert not (tmp_path / "data" / "archive.db").exists()


def test_totals_of_no_archive_are_refused(tmp_path: Path) -> None:
    """Asking for totals before any crawl says that there is no archive."""
    with pytest.raises(ArchiveNotFound):
        site_totals(str(tmp_path / "none.db"))
