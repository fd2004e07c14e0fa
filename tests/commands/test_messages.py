from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.commands.run_command import run
from tests.databases import archive_at
from unioncrawl.archive.store import Archive
from unioncrawl.errors import ArchiveError, ArchiveUnwritable

_TOO_MANY = "99999999999999999999"


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "工会", "--limit", _TOO_MANY),
        ("search", "工会", "--offset", _TOO_MANY),
        ("feed", "--limit", _TOO_MANY),
        ("hits", "--limit", _TOO_MANY),
        ("reprints", "--limit", _TOO_MANY),
        ("export", "--sample", _TOO_MANY),
        ("reprocess", "--limit", _TOO_MANY),
        ("reprocess", "--workers", _TOO_MANY),
        ("report", "fields", "--days", _TOO_MANY),
        ("crawl", "practice-asp", "--max-pages", _TOO_MANY),
    ],
)
def test_a_number_that_nothing_can_count_is_a_wrong_call(reprinted: str, arguments: tuple[str, ...]) -> None:
    """Each option that counts refuses a number that databases, dates or pools don't take."""
    assert arguments[-2] in run(reprinted, *arguments, expected=2).output


@pytest.mark.parametrize(
    "address", ["foo+bar://x", "mysql://h/x", "sqlite+aiosqlite:///a.db", "postgresql://h:port/x", "", " "]
)
@pytest.mark.parametrize("create", [True, False])
def test_an_address_of_no_archive_is_named(address: str, create: bool) -> None:  # noqa: FBT001 - a parameter
    """An unknown driver, one that is not installed and an empty address are reported with what is right."""
    with pytest.raises(ArchiveError, match="an archive") as caught:
        Archive.open(address, create=create)
    assert "postgresql://" in caught.value.next_step


def test_a_folder_for_an_archive_is_named(tmp_path: Path) -> None:
    """A folder in the place of the file, and a file in the place of the folder, are reported."""
    with pytest.raises(ArchiveError, match="is a folder"):
        Archive.open(str(tmp_path))
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveUnwritable, match="can't be made"):
        Archive.open(archive_at(tmp_path / "file" / "deep" / "archive.db"))


@pytest.mark.parametrize(
    ("arguments", "target", "variables", "said"),
    [
        (("stats",), "/dev/full", {}, "No space left"),
        (("export",), "/dev/full", {}, "No space left"),
        (("search", "清凉"), os.devnull, {"PYTHONIOENCODING": "ascii"}, "PYTHONIOENCODING=utf-8"),
    ],
)
def test_what_can_not_be_printed_is_said_in_one_sentence(
    reprinted: str, arguments: tuple[str, ...], target: str, variables: dict[str, str], said: str
) -> None:
    """A full disk behind > and a narrow locale end with a sentence and exit code 1, not with a traceback."""
    if not Path(target).exists():
        pytest.skip(f"this system has no {target}")
    command = [sys.executable, "-m", "unioncrawl", *arguments, "--archive", reprinted]
    with Path(target).open("wb") as out:
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.PIPE, env={**os.environ, **variables}, check=False
        )
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize("command", ["export", "feed"])
def test_an_output_that_is_a_pipe_or_a_link_stays_one(reprinted: str, tmp_path: Path, command: str) -> None:
    """A FIFO gets the bytes, a link leads to the new file, - is standard output; no name changes its kind."""
    printed = run(reprinted, command).stdout_bytes
    pipe, link, file = tmp_path / "pipe.jsonl", tmp_path / "link.jsonl", tmp_path / "file.jsonl"
    os.mkfifo(pipe)
    link.symlink_to(file)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    run(reprinted, command, "-o", str(pipe))
    reader.join()
    run(reprinted, command, "-o", str(link))
    assert (pipe.is_fifo(), link.is_symlink()) == (True, True)
    assert read == [file.read_bytes()] == [printed]
    assert run(reprinted, command, "-o", "-").stdout_bytes == printed
    assert run(reprinted, command, "-o", os.devnull).exit_code == 0
    assert Path(os.devnull).is_char_device()


def test_a_table_that_needs_a_file_refuses_a_pipe(reprinted: str) -> None:
    """SQLite and Parquet are written back and forth: a device and standard output are wrong calls."""
    for output in ("-", os.devnull):
        run(reprinted, "export", "--format", "sqlite", "-o", output, expected=2)


def test_a_report_on_standard_output_is_the_table(reprinted: str) -> None:
    """-o - prints what the report prints without it, and makes no file of that name."""
    assert (
        run(reprinted, "report", "coverage", "-o", "-").stdout == run(reprinted, "report", "coverage").stdout
    )
