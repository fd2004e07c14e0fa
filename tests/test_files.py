from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from unioncrawl.errors import StreamError
from unioncrawl.files import is_stream, replacing


def _fail_while_writing(path: Path) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise RuntimeError


def test_failed_writing_leaves_the_old_file(tmp_path: Path) -> None:
    """An error on the way leaves what was there, and nothing beside it."""
    path = tmp_path / "feed.json"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        _fail_while_writing(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_finished_writing_replaces_the_file(tmp_path: Path) -> None:
    """When all went well the new bytes stand under the name, folders made."""
    path = tmp_path / "deep" / "feed.json"
    with replacing(path) as file:
        file.write("工会".encode())
    assert path.read_text() == "工会"


@pytest.mark.parametrize("name", ["file/feed.json", "folder"])
def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path, name: str) -> None:
    """A file where a folder should be, and the reverse, are reported in one sentence and leave no file."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StreamError, match="can't be written"), replacing(tmp_path / name) as file:
        file.write(b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_what_a_killed_process_left_is_taken_away(tmp_path: Path) -> None:
    """The half file of a process that is gone goes with the next writing; that of a running one stays."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for name in (
        f".feed.json.{gone.pid}.part",
        f".feed.json.{os.getppid()}.part",
        f".other.json.{gone.pid}.part",
    ):
        (tmp_path / name).write_text("half")
    with replacing(tmp_path / "feed.json") as file:
        file.write(b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [f".feed.json.{os.getppid()}.part", f".other.json.{gone.pid}.part", "feed.json"]
    )


def test_a_link_stays_and_rights_stay(tmp_path: Path) -> None:
    """The file behind a link is replaced with the rights that it had; a circle of links is reported."""
    file, link, circle = tmp_path / "file", tmp_path / "link", tmp_path / "circle"
    file.write_text("old")
    file.chmod(0o600)
    link.symlink_to("file")
    with replacing(link) as out:
        out.write(b"new")
    assert link.is_symlink()
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)
    circle.symlink_to("circle")
    with pytest.raises(StreamError, match="can't be written"), replacing(circle) as out:
        out.write(b"new")


def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    """A FIFO is one afterwards too, and a device that takes nothing is reported."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as out:
        out.write(b"new")
    assert os.read(reader, 9) == b"new"
    os.close(reader)
    assert pipe.is_fifo()
    assert is_stream(pipe)
