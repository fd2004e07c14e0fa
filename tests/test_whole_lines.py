from __future__ import annotations

import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from unioncrawl.guard.whole_lines import WholeLines, append_line, cut_torn_end

ROW = json.dumps({"title": "市总工会送清凉", "hits": 7}, ensure_ascii=False).encode() + b"\n"


@contextmanager
def files_end_at(number_of_bytes: int) -> Iterator[None]:
    """Let no file of this process grow beyond a size: what the system takes in part is really torn."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (number_of_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_line_that_the_disk_takes_in_part_is_taken_back(tmp_path: Path) -> None:
    """The file ends with its last whole line; the refused one waits, and comes when there is room."""
    path = tmp_path / "a.jsonl"
    lines = WholeLines(path, max_waiting=10)
    lines.write(ROW)
    with files_end_at(len(ROW) + 9):
        lines.write(ROW)
        lines.write(ROW)
        assert path.read_bytes() == ROW
        assert (len(lines.waiting), lines.lost) == (2, 0)
        assert isinstance(lines.error, OSError)
    lines.close()
    assert path.read_bytes() == 3 * ROW
    assert not lines.waiting
    assert lines.error is None


def test_lines_beyond_the_bound_are_counted_as_lost(tmp_path: Path) -> None:
    """No more lines wait than was allowed; the others are counted."""
    lines = WholeLines(tmp_path / "a.jsonl", max_waiting=2)
    with files_end_at(4):
        for _ in range(5):
            lines.write(ROW)
        lines.close()
    assert (len(lines.waiting), lines.lost) == (2, 3)


def test_a_folder_that_cannot_be_made_loses_no_line(tmp_path: Path) -> None:
    """A refused file is an error that is kept, and its lines wait."""
    (tmp_path / "feeds").write_text("")
    lines = WholeLines(tmp_path / "feeds" / "a.jsonl", max_waiting=2)
    lines.write(ROW)
    assert isinstance(lines.error, OSError)
    (tmp_path / "feeds").unlink()
    lines.close()
    assert (tmp_path / "feeds" / "a.jsonl").read_bytes() == ROW


@pytest.mark.parametrize("cut", [1, 2, 9, len(ROW) - 2])
@pytest.mark.parametrize("before", [0, 1, 3_000])
def test_a_torn_end_is_cut_at_the_next_opening(tmp_path: Path, cut: int, before: int) -> None:
    """Whatever part of a line a killed run left is cut and reported, and whole lines stay."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(before * ROW + ROW[:cut])
    lines = WholeLines(path, max_waiting=10)
    lines.write(ROW)
    lines.close()
    assert lines.torn == ROW[:cut]
    assert path.read_bytes() == before * ROW + ROW


def test_a_whole_line_without_its_newline_is_kept(tmp_path: Path) -> None:
    """A last row that lacks only its newline gets it: nothing is cut."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(ROW + ROW.rstrip(b"\n"))
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    assert cut_torn_end(descriptor) == b""
    append_line(descriptor, ROW)
    os.close(descriptor)
    assert path.read_bytes() == 3 * ROW


def test_a_torn_end_longer_than_a_block_is_cut_whole(tmp_path: Path) -> None:
    """A torn row of 200 kB is found from its beginning."""
    path, torn = tmp_path / "a.jsonl", b'{"body_text": "' + b"x" * 200_000
    path.write_bytes(ROW + torn)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
    assert cut_torn_end(descriptor) == torn
    os.close(descriptor)
    assert path.read_bytes() == ROW
