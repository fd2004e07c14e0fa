"""Tests for `unioncrawl.guard.pace.host_pace`: several processes, killed ones, torn files, no folder."""

from __future__ import annotations

import fcntl
import itertools
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.processes import ROOT, start
from unioncrawl.guard.pace.host_pace import HostPace, crawl_name, record_name
from unioncrawl.guard.pace.host_record import HostRecord

HOST = "www.linxi-gh.example"
PAUSE_SECONDS = 0.05
# Asks a number of times, printing the moments; the clock is one for all processes.
ASKS = """
import sys, time
from pathlib import Path
from unioncrawl.guard.pace.host_pace import HostPace
pace = HostPace(Path(sys.argv[1]))
for _ in range(int(sys.argv[3])):
    while wait := pace.claim(sys.argv[2], float(sys.argv[4])):
        time.sleep(wait)
    print(time.monotonic(), flush=True)
"""


def _asking(folder: Path, times: int, pause_seconds: float = PAUSE_SECONDS) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ASKS, str(folder), HOST, str(times), str(pause_seconds)]
    return start(command, stdout=subprocess.PIPE, cwd=ROOT)


def _record(folder: Path) -> HostRecord | None:
    return HostRecord.read((folder / record_name(HOST)).read_text())


def test_the_pause_holds_over_processes(tmp_path: Path) -> None:
    """Three processes that ask one host as often as they may keep the pause between all their requests."""
    asking = [_asking(tmp_path, 8) for _ in range(3)]
    moments = sorted(float(line) for one in asking for line in one.communicate()[0].split())
    assert len(moments) == 24
    # A claim is noted before its moment is printed, so that the sum shows a pause that was not kept.
    assert moments[-1] - moments[0] > 0.98 * PAUSE_SECONDS * 23


def test_a_killed_process_leaves_the_host_to_others(tmp_path: Path) -> None:
    """After kill -9 nothing is locked and no time is reserved: the next request waits for one pause."""
    killed = _asking(tmp_path, 10_000)
    assert killed.stdout is not None
    for _ in range(3):
        killed.stdout.readline()
    killed.kill()
    killed.communicate()
    pace = HostPace(tmp_path)
    assert pace.claim(HOST, PAUSE_SECONDS) <= PAUSE_SECONDS
    time.sleep(PAUSE_SECONDS)
    assert pace.claim(HOST, PAUSE_SECONDS) == 0


def test_the_longer_pause_counts(tmp_path: Path) -> None:
    """A crawl that may ask faster waits for the pause of the request before it too."""
    slow, fast = HostPace(tmp_path), HostPace(tmp_path)
    assert slow.claim(HOST, 60.0) == 0
    assert 59 < fast.claim(HOST, 0.0) <= 60
    assert fast.claim("other.example", 0.0) == 0


def _crawl(process: int) -> str:
    return f"{process}-1"


def test_no_crawl_asks_while_another_awaits_an_answer(tmp_path: Path) -> None:
    """However long ago a request went out: its host may see it only now. Its own crawl may ask beside it."""
    one, other = HostPace(tmp_path), HostPace(tmp_path)
    mine, yours = crawl_name(), crawl_name()
    assert one.claim(HOST, 0.01, mine) == 0
    time.sleep(0.02)
    assert other.claim(HOST, 0.01, yours) > 0
    assert other.wait_seconds(HOST, 0.01, yours) > 0
    assert other.claim(HOST, 0.01) > 0
    assert one.claim(HOST, 0.01, mine) == 0
    one.answered(HOST, 0.01)
    time.sleep(0.02)
    assert other.claim(HOST, 0.01, yours) == 0


def test_the_answer_of_a_killed_crawl_is_not_waited_for(tmp_path: Path) -> None:
    """A process that is gone awaits nothing; nor does a request of more than a minute ago."""
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    path, long_ago = tmp_path / record_name(HOST), time.monotonic() - 61.0
    for record in (
        HostRecord.now(0.0, _crawl(gone.pid)),
        replace(HostRecord.now(0.0, _crawl(os.getpid())), at_seconds=long_ago),
        HostRecord.now(0.0, "nobody"),
    ):
        path.write_text(record.line)
        assert HostPace(tmp_path).claim(HOST, 0.0, crawl_name()) == 0
    path.write_text(HostRecord.now(0.0, _crawl(os.getpid())).line)
    assert HostPace(tmp_path).claim(HOST, 0.0, crawl_name()) > 0


def test_the_pause_begins_anew_with_the_answer(tmp_path: Path) -> None:
    """An answer after most of a pause leaves a whole one to wait, for all, but takes no longer wait away."""
    one, other = HostPace(tmp_path), HostPace(tmp_path)
    assert one.claim(HOST, 0.2) == 0
    time.sleep(0.15)
    one.answered(HOST, 60.0)
    assert 59 < other.claim(HOST, 0.2) <= 60
    one.hold(HOST, 300.0)
    other.answered(HOST, 1.0)
    assert 299 < one.claim(HOST, 0.2) <= 300


def test_what_is_said_of_a_pause_is_counted_between_requests(tmp_path: Path) -> None:
    """The time since the last request holds the time of its answer too; without one before there is none."""
    pace = HostPace(tmp_path)
    assert pace.claim(HOST, 0.01) == 0
    assert pace.since_last(HOST) is None
    time.sleep(0.1)
    pace.answered(HOST, 0.01)
    time.sleep(0.02)
    assert pace.claim(HOST, 0.01) == 0
    assert (pace.since_last(HOST) or 0) >= 0.12


def test_a_host_that_asked_to_be_left_alone_is_left_alone_by_all(tmp_path: Path) -> None:
    """A wait that a site asked of one crawl holds another one back, and a shorter one does not end it."""
    told, other = HostPace(tmp_path), HostPace(tmp_path)
    told.hold(HOST, 60.0)
    told.hold(HOST, 1.0)
    assert 59 < other.claim(HOST, 0.0) <= 60


@pytest.mark.parametrize("content", ["", "b 12", "\0" * 128, "x" * 500, "b 1 1 inf ."])
def test_a_file_that_says_nothing_costs_one_pause(tmp_path: Path, content: str) -> None:
    """A torn or foreign record is replaced; where something was written the host may just have been asked."""
    (tmp_path / record_name(HOST)).write_text(content)
    pace = HostPace(tmp_path)
    assert (pace.claim(HOST, 0.02) > 0) == bool(content)
    time.sleep(0.03)
    assert (pace.claim(HOST, 0.02) > 0) == (not content and _record(tmp_path) is None)


def test_a_clock_that_was_set_back_costs_one_pause(tmp_path: Path) -> None:
    """A request of another boot that lies in the future counts as one of now: no crawl waits a year."""
    later = HostRecord("another-boot", 5.0, time.time() + 31_536_000, 0.02)
    (tmp_path / record_name(HOST)).write_text(later.line)
    pace = HostPace(tmp_path)
    assert pace.claim(HOST, 0.02) == 0.02
    time.sleep(0.02)
    assert pace.claim(HOST, 0.02) == 0


def test_after_a_restart_the_calendar_counts(tmp_path: Path) -> None:
    """What was asked before the machine was started anew is as long ago as the calendar says."""
    before = HostRecord("another-boot", 1e9, time.time() - 100, 300.0)
    (tmp_path / record_name(HOST)).write_text(before.line)
    assert 199 < HostPace(tmp_path).claim(HOST, 0.0) <= 200


def test_nobody_waits_for_a_process_that_holds_the_lock(tmp_path: Path) -> None:
    """While a process that was stopped holds a record, a try returns at once with a short wait."""
    pace = HostPace(tmp_path)
    assert pace.claim(HOST, 0.0) == 0
    holder = os.open(tmp_path / record_name(HOST), os.O_RDWR)
    fcntl.flock(holder, fcntl.LOCK_EX)
    assert 0 < pace.claim(HOST, 0.0) < 0.1
    pace.hold(HOST, 0.2)
    os.close(holder)
    assert pace.claim(HOST, 0.0) > 0.1
    assert HostPace(tmp_path).claim(HOST, 0.0) == 0


def test_without_a_writable_folder_the_pause_holds_in_the_process_and_says_so(tmp_path: Path) -> None:
    """A folder that can't be made leaves the pause of this process, and `unshared` has the reason."""
    (tmp_path / "file").write_text("")
    pace = HostPace(tmp_path / "file" / "hosts")
    assert not pace.unshared
    assert pace.claim(HOST, 60.0) == 0
    assert "Not a directory" in pace.unshared
    assert 59 < pace.claim(HOST, 0.0) <= 60
    assert HostPace(None).unshared


def test_a_claim_costs_little(tmp_path: Path) -> None:
    """A claim takes less than a hundredth of the 10 ms of CPU that the reading of a page takes."""
    pace, best = HostPace(tmp_path), 1.0
    for _ in range(5):
        begun = time.process_time()
        for _ in itertools.repeat(None, 200):
            pace.claim(HOST, 0.0)
        best = min(best, (time.process_time() - begun) / 200)
    assert best < 0.01 / 100
