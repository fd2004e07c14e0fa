"""SIGTERM, which ends what runs in the background, ends a long command as Ctrl-C does."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.processes import HANG_SECONDS, ROOT, start, wait_until
from unioncrawl.archive.opening.open_to_read import archive_to_read

_ROWS = 3_000
# A worker's job, that is stopped when its run has begun.
_JOB = """
import asyncio, sys
from tests.commands.test_stopped_by_signal import _ends
from unioncrawl.service.jobs.heavy_command import HeavyCommand

async def run(address, *arguments):
    command = HeavyCommand("import", arguments, {})
    running = asyncio.create_task(command.run())
    while not _ends(address, "import"):
        await asyncio.sleep(0.05)
    await command.stop()
    print((await running).code)

asyncio.run(run(*sys.argv[1:]))
"""
_ENDS = "SELECT reason FROM run WHERE spider = :spider ORDER BY id"
# As a shell starts what runs beside it: Ctrl-C does nothing.
_IN_BACKGROUND = 'trap "" INT; exec "$@"'


def _write_table(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("url", "title", "body_text"))
        for number in range(_ROWS):
            body = f"第{number}号通知：" + "".join(
                f"{number * 7 + part}名职工参加第{part}场慰问。" for part in range(60)
            )
            writer.writerow((f"http://old.example/{number}.html", f"第{number}次送清凉", body))


def _ends(address: str, spider: str) -> list[str | None]:
    with archive_to_read(address) as connection:
        return list(connection.execute(text(_ENDS), {"spider": spider}).scalars())


def _articles(address: str) -> int:
    with archive_to_read(address) as connection:
        return int(
            connection.execute(
                text("SELECT count(*) FROM article WHERE canonical_url LIKE '%old.example%'")
            ).scalar_one()
        )


def _run(*arguments: str) -> int:
    with start([sys.executable, "-m", "unioncrawl", *arguments]) as process:
        return process.wait(timeout=HANG_SECONDS)


def _stopped(address: str, spider: str, number: int, *arguments: str) -> int:
    """The exit code of a command that gets a signal when its run has begun."""
    before = len(_ends(address, spider))
    command = ["sh", "-c", _IN_BACKGROUND, "sh", sys.executable, "-m", "unioncrawl", *arguments]
    with start(command if number == signal.SIGTERM else command[4:]) as process:
        wait_until(lambda: len(_ends(address, spider)) > before, process)
        os.kill(process.pid, number)
        return process.wait(timeout=HANG_SECONDS)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stopped_import_says_so_and_goes_on(address: str, tmp_path: Path, number: int, code: int) -> None:
    """Its run ended as interrupted; what it took in stays, and the same command takes in the rest."""
    _write_table(tmp_path / "old.csv")
    command = ("import", str(tmp_path / "old.csv"), "--site", "old", "--archive", address)
    assert _stopped(address, "import", number, *command) == code
    assert _articles(address) < _ROWS
    assert _run(*command) == 0
    assert _articles(address) == _ROWS
    assert _ends(address, "import") == ["interrupted", "finished"]


def test_a_stopped_reprocess_says_so(address: str, tmp_path: Path) -> None:
    """Its run ended as interrupted, and so did its workers; before, it had no end."""
    _write_table(tmp_path / "old.csv")
    assert _run("import", str(tmp_path / "old.csv"), "--site", "old", "--archive", address) == 0
    command = ("reprocess", "--stage", "repair", "--apply", "--workers", "2", "--archive", address)
    for number, code in ((signal.SIGTERM, 143), (signal.SIGINT, 130)):
        assert _stopped(address, "reprocess", number, *command) == code
    assert _ends(address, "reprocess") == ["interrupted"] * 2


def test_a_worker_in_the_background_stops_its_commands(address: str, tmp_path: Path) -> None:
    """They hear of it though they ignore Ctrl-C as it does, and are not killed."""
    _write_table(tmp_path / "old.csv")
    command = ["sh", "-c", _IN_BACKGROUND, "sh", sys.executable, "-c", _JOB, address]
    command += [str(tmp_path / "old.csv"), "--site", "old", "--archive", address]
    with start(command, stdout=subprocess.PIPE, cwd=ROOT) as worker:
        said, _ = worker.communicate(timeout=HANG_SECONDS)
    assert said.split() == ["143"]
    assert _ends(address, "import") == ["interrupted"]
