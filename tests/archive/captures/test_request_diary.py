"""Tests for the diary of requests: what is written survives kills and full disks, and reads back."""

from __future__ import annotations

import gzip
import itertools
import json
import resource
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from tests.processes import ROOT, start
from unioncrawl.archive.captures.read_diary import AskedRequest, DiaryReader, Wanted, host_days
from unioncrawl.archive.captures.request_diary import DIARY, RequestDiary
from unioncrawl.cli import app

# 2024-04-08 23:30 in China.
EVENING = datetime(2024, 4, 8, 15, 30, tzinfo=UTC).timestamp()
URL = "http://www.linxi-gh.example/xw/{}.html"


def _said(number: int, **more: Any) -> dict[str, object]:
    return {"site": "linxi", "for": "page", "url": URL.format(number), **more}


def _read(folder: Path, **wanted: Any) -> list[AskedRequest]:
    return list(DiaryReader(folder).requests(Wanted(**wanted)))


def test_a_request_and_its_answer_are_one_row(tmp_path: Path) -> None:
    """A row has the time, the site, what was asked and why, the pause, the status and the size."""
    diary = RequestDiary(tmp_path)
    number = diary.asked(EVENING, _said(1, pause=2.5, cause="retry", method="POST"))
    diary.answered(number, {"status": 503, "bytes": 12, "seconds": 0.25})
    assert _read(tmp_path) == [
        AskedRequest(
            at="2024-04-08T15:30:00.000Z",
            site="linxi",
            host="www.linxi-gh.example",
            method="POST",
            url=URL.format(1),
            purpose="page",
            cause="retry",
            pause_seconds=2.5,
            status=503,
            bytes=12,
            seconds=0.25,
            error="",
        )
    ]


def test_days_are_those_of_china_and_of_the_order_of_asking(tmp_path: Path) -> None:
    """Requests that were answered in another order, or after midnight, stand as they went out."""
    diary = RequestDiary(tmp_path)
    numbers = [diary.asked(EVENING + minutes * 60, _said(minutes)) for minutes in (0, 20, 40, 600)]
    for number in reversed(numbers):
        diary.answered(number, {"status": 200, "bytes": 1, "seconds": 1.0})
    assert [one.url for one in _read(tmp_path)] == [URL.format(n) for n in (0, 20, 40, 600)]
    first = date(2024, 4, 8)
    assert [one.url for one in _read(tmp_path, until=first)] == [URL.format(n) for n in (0, 20)]
    assert [one.url for one in _read(tmp_path, since=date(2024, 4, 9))] == [URL.format(n) for n in (40, 600)]
    assert _read(tmp_path, site="other") == _read(tmp_path, host="other.example") == []


def test_the_figures_of_a_host_and_day(tmp_path: Path) -> None:
    """A host's day has its requests, bytes, errors, requests without an answer and the shortest pause."""
    diary = RequestDiary(tmp_path)
    for second, status in enumerate((200, 404, None)):
        number = diary.asked(EVENING + second, _said(second, pause=3.0 - second))
        answer = {"error": "TimeoutError: "} if status is None else {"status": status, "bytes": 10}
        diary.answered(number, {**answer, "seconds": 1.0})
    (day,) = host_days(_read(tmp_path))
    assert (day.day, day.host, day.requests, day.bytes) == (date(2024, 4, 8), "www.linxi-gh.example", 3, 20)
    assert (day.refusals, day.unanswered, day.fastest_pause_seconds) == (1, 1, 1.0)


KILLED = """
import sys, time
from pathlib import Path
from unioncrawl.archive.captures.request_diary import RequestDiary
diary = RequestDiary(Path(sys.argv[1]))
for number in range(3):
    noted = diary.asked(time.time(), {"site": "linxi", "url": f"http://linxi.example/{number}"})
    if number < 2:
        diary.answered(noted, {"status": 200, "bytes": 1, "seconds": 0.1})
print("asked", flush=True)
time.sleep(3600)
"""


def test_a_killed_crawl_leaves_every_request(tmp_path: Path) -> None:
    """After kill -9 the request that waited for its answer is there, and says that none was noted."""
    killed = start([sys.executable, "-c", KILLED, str(tmp_path)], stdout=-1, cwd=ROOT)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "asked\n"
    killed.kill()
    killed.communicate()
    assert [(one.status, bool(one.error)) for one in _read(tmp_path)] == [(200, False)] * 2 + [(None, True)]


def test_lines_that_a_full_disk_refuses_wait(tmp_path: Path) -> None:
    """While nothing can be written the lines wait and `trouble` says so; afterwards they are there."""
    diary = RequestDiary(tmp_path)
    first = diary.asked(time.time(), _said(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    (path,) = (tmp_path / DIARY).iterdir()
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, hard))
    try:
        diary.answered(first, {"status": 200, "bytes": 1, "seconds": 0.1})
        assert "1 lines wait" in diary.trouble
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    diary.close()
    assert not diary.trouble
    assert [one.status for one in _read(tmp_path)] == [200]


def test_a_torn_line_is_counted_and_packed_days_are_read(tmp_path: Path) -> None:
    """A line that can't be read takes no other along, and a day's file may be packed with gzip."""
    diary = RequestDiary(tmp_path)
    diary.answered(diary.asked(EVENING, _said(1)), {"status": 200, "bytes": 1, "seconds": 0.1})
    diary.close()
    (asked,) = (path for path in (tmp_path / DIARY).iterdir() if path.name == "2024-04-08.jsonl")
    packed = gzip.compress(b'{"torn": \n' + asked.read_bytes())
    asked.with_name("2024-04-08.jsonl.gz").write_bytes(packed)
    asked.unlink()
    reader = DiaryReader(tmp_path)
    assert [one.status for one in reader.requests(Wanted())] == [200]
    assert reader.damaged == 1


def test_the_command_shows_days_and_exports_requests(tmp_path: Path) -> None:
    """Without a format each host and day is a line; csv and jsonl have every request, free of formulas."""
    diary = RequestDiary(tmp_path)
    diary.answered(
        diary.asked(EVENING, _said(1, site="=1+1", pause=2.0)), {"status": 200, "bytes": 9, "seconds": 0.1}
    )
    run = CliRunner()
    options = ["diary", "--captures", str(tmp_path)]
    table = run.invoke(app, options).stdout.splitlines()
    assert table[1].split() == ["2024-04-08", "www.linxi-gh.example", "1", "9", "0", "0", "2.00", "s"]
    (day,) = json.loads(run.invoke(app, [*options, "--json"]).stdout)
    assert day["fastest_pause_seconds"] == 2.0
    head, row = run.invoke(app, [*options, "--format", "csv"]).stdout.splitlines()
    assert head.startswith("at,site,host,method,url,purpose")
    assert "'=1+1" in row
    lines = run.invoke(app, [*options, "--format", "jsonl"]).stdout.splitlines()
    assert json.loads(lines[0])["url"] == URL.format(1)
    assert run.invoke(app, [*options, "--since", "yesterday"]).exit_code == 2


def test_a_request_costs_little(tmp_path: Path) -> None:
    """Both lines of a request take less than a fiftieth of the 10 ms of CPU that a page takes."""
    diary, best = RequestDiary(tmp_path), 1.0
    for _ in range(5):
        begun = time.process_time()
        for _ in itertools.repeat(None, 100):
            noted = diary.asked(time.time(), _said(1, pause=2.0))
            diary.answered(noted, {"status": 200, "bytes": 25_000, "seconds": 0.3})
        best = min(best, (time.process_time() - begun) / 100)
    assert best < 0.01 / 50
