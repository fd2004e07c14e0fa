"""Tests for ``unioncrawl demo``."""

from __future__ import annotations

import socket
import sqlite3
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from unioncrawl.commands.demo import crawl_site, practice_sites, site_totals
from unioncrawl.errors import ArchiveNotFound
from unioncrawl.practice.server import DEFAULT_PORT


def test_a_taken_port_is_reported_and_free_ones_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When something listens where the practice sites want to, they are crawled elsewhere all the same.

    Their articles keep the addresses that they have on the ports of the bundled site files.
    """
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    archive = str(tmp_path / "data" / "archive.db")
    with socket.socket() as other:
        with suppress(OSError):  # another practice site may run there; the port is taken all the same
            other.bind(("127.0.0.1", DEFAULT_PORT))
            other.listen()
        with practice_sites() as folders:
            brought = crawl_site("practice-empire", archive, folders)
    assert brought["archive/new"] == 20
    assert str(DEFAULT_PORT) in capsys.readouterr().err
    with sqlite3.connect(archive) as connection:
        hosts = {urlsplit(url).netloc for (url,) in connection.execute("select canonical_url from article")}
    assert hosts == {f"127.0.0.1:{DEFAULT_PORT + 2}"}


def test_totals_of_no_archive_are_refused(tmp_path: Path) -> None:
    """Asking for totals before any crawl says that there is no archive."""
    with pytest.raises(ArchiveNotFound):
        site_totals(str(tmp_path / "none.db"))
