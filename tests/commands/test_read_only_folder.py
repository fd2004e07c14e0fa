from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.archive.small_archive import fill
from tests.commands.run_command import run
from unioncrawl.archive.migrations.upgrade import open_engine
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveUnwritable


@pytest.fixture
def sealed(tmp_path: Path) -> Iterator[str]:
    """An archive with its captures in a folder that nobody may write, root neither where chattr works."""
    folder = tmp_path / "sealed"
    folder.mkdir()
    with Archive.open(str(folder / "archive.db")) as archive:
        fill(archive, folder / "captures")
        archive.finish_run(1, {}, "finished")
        archive.finish_run(2, {}, "finished")
    (folder / "archive.db").chmod(0o444)
    folder.chmod(0o555)
    is_root = os.geteuid() == 0
    if is_root:
        _seal(folder, "+i")
    yield str(folder / "archive.db")
    if is_root:
        _seal(folder, "-i")
    folder.chmod(0o755)


def _seal(folder: Path, flag: str) -> None:
    for path in (folder / "archive.db", folder):
        done = subprocess.run(["chattr", flag, path], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("root writes everywhere, and this file system knows no chattr")


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "清凉"),
        ("show", "1"),
        ("feed",),
        ("export",),
        ("hits",),
        ("reprints",),
        ("stats",),
        ("report", "coverage"),
        ("verify",),
        ("reprocess", "--stage", "normalize", "--workers", "1"),
    ],
)
def test_what_reads_needs_no_right_to_write(sealed: str, arguments: tuple[str, ...]) -> None:
    """Each command that reads works on an archive that may not be written, and leaves no file there."""
    before = sorted(Path(sealed).parent.iterdir())
    assert run(sealed, *arguments).output
    assert sorted(Path(sealed).parent.iterdir()) == before


def test_a_backup_of_a_sealed_archive_is_made(sealed: str, tmp_path: Path) -> None:
    """Copying it out needs no right to write there either."""
    run(sealed, "backup", str(tmp_path / "copy"))
    run(str(tmp_path / "copy" / "archive.db"), "verify")


def test_what_writes_is_refused_in_a_sentence(sealed: str) -> None:
    """A change is refused with the file's name; nothing of it is kept."""
    engine = open_engine(sealed, create=False)
    with (
        pytest.raises(ArchiveUnwritable, match="no right to write here") as caught,
        Archive(engine) as archive,
    ):
        archive.begin_run("x", {})
    assert str(Path(sealed).parent) in str(caught.value)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM run")).scalar_one() == 2
    engine.dispose()
