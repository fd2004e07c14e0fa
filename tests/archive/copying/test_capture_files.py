from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.small_archive import Kept
from unioncrawl.archive.copying.capture_files import CopiedFiles, copy_captures
from unioncrawl.errors import ArchiveError


def _copied(kept: Kept, folder: Path) -> CopiedFiles:
    with kept.archive.engine.connect() as connection:
        return copy_captures(connection, (kept.captures, folder), lambda _: None)


@pytest.mark.parametrize("stored_in", ["sqlite"], indirect=True)
def test_captures_are_copied_once_and_compared(kept: Kept, tmp_path: Path) -> None:
    """The files that the archive names arrive with the same bytes; one that has grown is copied again."""
    folder = tmp_path / "copied"
    (kept.captures / "not-of-the-archive.txt").write_text("x")
    done = _copied(kept, folder)
    names = sorted(path.name for path in folder.iterdir())
    assert (done.copied, done.present, len(names)) == (2, 0, 2)
    assert done.file_bytes == sum(path.stat().st_size for path in folder.iterdir())
    with (kept.captures / names[1]).open("ab") as file:
        file.write(b"more")
    done = _copied(kept, folder)
    assert (done.copied, done.present) == (1, 1)
    assert all((folder / name).read_bytes() == (kept.captures / name).read_bytes() for name in names)


@pytest.mark.parametrize("stored_in", ["sqlite"], indirect=True)
def test_another_file_of_the_name_is_left_and_a_missing_one_named(kept: Kept, tmp_path: Path) -> None:
    """No file that differs is overwritten, and no file that is missing passes unnoticed."""
    folder = tmp_path / "copied"
    _copied(kept, folder)
    first = min(folder.iterdir())
    first.write_bytes(b"other")
    with pytest.raises(ArchiveError, match="is another file"):
        _copied(kept, folder)
    assert first.read_bytes() == b"other"
    (kept.captures / first.name).unlink()
    with pytest.raises(ArchiveError, match="missing"):
        _copied(kept, folder)
