"""What tests start ends with their session."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.guard.place import memory, processor
from tests.processes import ROOT, is_alive, start, wait_until
from tests.warm import start_module

# A session that starts a crawl and PostgreSQL, says which processes these are, and hangs.
SESSION = """
import signal
import subprocess
from pathlib import Path

from tests.postgres import running_postgres
from tests.processes import is_alive
from tests.spiders.conftest import Workplace, workplace


def test_hangs(workplace: Workplace) -> None:
    crawl = workplace.start("unioncrawl", "practice-site", "--port", "0")
    assert crawl.stdout is not None
    crawl.stdout.readline()
    with running_postgres() as server:
        postgres = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
        assert is_alive(crawl.pid) and is_alive(postgres)
        report = Path(__file__).with_name("report")
        report.with_suffix(".part").write_text(f"{crawl.pid} {postgres} {server.folder}")
        report.with_suffix(".part").rename(report)
        signal.pause()
"""

_ECHO = "print('ready', flush=True); print(input())"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes with their parent")
def test_servers_end_with_a_killed_session(tmp_path: Path) -> None:
    """After kill -9 of pytest neither the site nor PostgreSQL runs, and the database's folder is gone."""
    (tmp_path / "test_session.py").write_text(SESSION, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    session = start([*command, str(tmp_path / "test_session.py")], cwd=tmp_path, env=environment)
    report = tmp_path / "report"
    wait_until(report.exists, session)
    site, postgres, folder = report.read_text(encoding="utf-8").split()
    session.send_signal(signal.SIGKILL)
    session.wait()
    wait_until(lambda: not is_alive(int(site)) and not is_alive(int(postgres)))
    wait_until(lambda: not Path(folder).exists())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes with their parent")
def test_a_process_outlives_the_thread_that_asked_for_it() -> None:
    """What a test's own thread starts, as the server that all share, ends with the session alone."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> None:
        started.append(start([sys.executable, "-c", _ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        assert started[0].stdout is not None
        assert started[0].stdout.readline() == "ready\n"

    thread = threading.Thread(target=begin)
    thread.start()
    task = Path(f"/proc/self/task/{thread.native_id}")
    thread.join()
    wait_until(lambda: not task.exists())
    assert started[0].communicate("工会\n")[0] == "工会\n"


def test_waiting_ends_with_the_process() -> None:
    """Waiting for what a process should do fails when the process ends without doing it."""
    process = start([sys.executable, "-c", ""])
    with pytest.raises(AssertionError, match="the process ended first"):
        wait_until(lambda: False, process)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a fork to another parent")
def test_a_fork_is_a_process_like_one_started_afresh(tmp_path: Path) -> None:
    """A module runs in its own folder and environment, with its own outputs and exit code, either way."""
    (tmp_path / "said.py").write_text(
        "import os, resource, sys\n"
        "print(os.getcwd(), os.environ['CITY'], sys.argv[1:], __name__, os.getppid())\n"
        "print(resource.getrlimit(int(sys.argv[2])))\n"
        "sys.exit('临溪')\n",
        encoding="utf-8",
    )
    given = {**os.environ, "PYTHONPATH": str(ROOT), "CITY": "临溪市"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    limits = (processor(60), memory(1 << 40))
    forked, fresh = [
        start_module(("said", "工会", str(one.resource)), given, one, cwd=tmp_path, text=True, **pipes)
        for one in limits
    ]
    assert type(forked) is not type(fresh)
    for process, limit in zip((forked, fresh), limits, strict=True):
        where = f"{tmp_path} 临溪市 ['工会', '{limit.resource}'] __main__ {os.getpid()}\n"
        assert process.communicate() == (f"{where}({limit.soft}, {limit.hard})\n", "临溪\n")
        assert process.returncode == 1
