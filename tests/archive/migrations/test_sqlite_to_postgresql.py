from __future__ import annotations

import signal
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import text

from bench.parity import fill
from tests.archive.conftest import Templates
from tests.archive.older_schemas import bring_back_to
from unioncrawl.archive.exports.export import ExportRequest, export_rows
from unioncrawl.archive.exports.row_files import write_jsonl
from unioncrawl.archive.read.stored_articles import count_all
from unioncrawl.archive.schema import SCHEMA_VERSIONS
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

ARTICLES = 60
# Dies by kill -9 within the transaction: when it has given the first revisions their digests, or, where
# they have them, with all done.
_KILLED = """
import os, signal, sys
from unioncrawl.archive.migrations import migrate, old_revision_digests
from unioncrawl.archive.store import Archive
write = old_revision_digests.write_digests
def write_and_die(connection, numbers):
    write(connection, numbers)
    os.kill(os.getpid(), signal.SIGKILL)
old_revision_digests.write_digests = write_and_die
fill = migrate._fill_what_is_new
def fill_and_die(connection, version):
    fill(connection, version)
    os.kill(os.getpid(), signal.SIGKILL)
migrate._fill_what_is_new = fill_and_die
Archive.open(sys.argv[1])
"""


def _exported(archive: Archive) -> tuple[bytes, dict[str, int]]:
    file = BytesIO()
    with archive.engine.connect() as connection:
        write_jsonl(export_rows(connection, ExportRequest(unmasked=True)), file)
        return file.getvalue(), count_all(connection)


def _fill_with_news(archive: Archive, captures: Path) -> None:
    fill(archive, captures, ARTICLES)


@pytest.mark.parametrize("version", SCHEMA_VERSIONS[:-1])
def test_an_archive_comes_forward_whole(
    stored_in: str, templates: Templates, tmp_path: Path, version: str
) -> None:
    """News with edits, visits, groups and captures exports the same from each older schema, and verifies.

    So it does when the upgrade was killed in the middle, which leaves the older schema.
    """
    address = templates.copy(stored_in, tmp_path / "archive.db", _fill_with_news)
    captures = templates.copy_captures(stored_in, tmp_path / "captures", _fill_with_news)
    with Archive.open(address) as archive:
        fresh = _exported(archive)
        with archive.engine.begin() as connection:
            bring_back_to(connection, version)
    died = subprocess.run([sys.executable, "-c", _KILLED, address], check=False)
    assert died.returncode == -signal.SIGKILL
    with Archive.open(address, create=False) as archive:
        assert _exported(archive) == fresh
        assert list(verify(archive.engine, captures)) == []


def test_a_text_changed_before_its_exact_digest_is_still_reported(tmp_path: Path) -> None:
    """The upgrade gives no digest to a text that its first digest contradicts."""
    address = str(tmp_path / "a.db")
    with Archive.open(address) as archive:
        fill(archive, tmp_path / "captures", 5)
        with archive.engine.begin() as connection:
            bring_back_to(connection, "0002")
            connection.execute(text("UPDATE revision SET title = '别的题目' WHERE id = 2"))
    with Archive.open(address) as archive:
        checks = {found.check for found in verify(archive.engine, tmp_path / "captures")}
    assert "hashes" in checks
