"""Crawls whose disk or archive takes nothing for a while, or for good: nothing is lost in silence."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.databases import archive_at, in_files
from tests.processes import HANG_SECONDS
from tests.spiders.conftest import Workplace
from tests.spiders.test_stopped_crawl import Gate, one_at_a_time, wait_for_articles
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify

SITE = "practice-xunrui"
ARTICLES = 21


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """Holds the site after its first articles, so that a crawl is surely in the middle."""
    held = Gate(monkeypatch)
    yield held
    held.open()


def fill_disk_of(process: subprocess.Popen[str]) -> None:
    """Let no file of a process grow any more: archive, captures and feed are refused, some in mid-write."""
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (1, hard))


def free_disk_of(process: subprocess.Popen[str]) -> None:
    """Let the files of a process grow again."""
    _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))


def wait_for_failures(process: subprocess.Popen[str], *marks: str) -> str:
    """Read a crawl's log until each of these words stood in it."""
    assert process.stderr is not None
    read: list[str] = []
    left = set(marks)
    while left:
        line = process.stderr.readline()
        assert line, "".join(read)
        read.append(line)
        left = {mark for mark in left if mark not in line}
    return "".join(read)


def harms(workplace: Workplace) -> list[Any]:
    """What verify finds."""
    with Archive.open(archive_at(workplace.folder / "data" / "archive.db"), create=False) as archive:
        return [
            found for found in verify(archive.engine, workplace.folder / "data" / "captures") if found.is_harm
        ]


def test_a_full_disk_is_waited_for(workplace: Workplace, gate: Gate) -> None:
    """A crawl whose disk is full for a while goes on when it is not, and everything is stored once."""
    one_at_a_time(workplace, SITE)
    workplace.environment["UNIONCRAWL_UNWRITABLE_SECONDS"] = "60"
    process = workplace.start("unioncrawl", "crawl", SITE, "--json")
    wait_for_articles(workplace, process)
    fill_disk_of(process)
    gate.open()
    wait_for_failures(process, "Responses are held")
    free_disk_of(process)
    out, err = process.communicate(timeout=HANG_SECONDS)
    record = json.loads(out)[0]
    assert process.returncode == 0, err
    assert (record["new"], record["unsaved"], record["error"], record["ok"]) == (ARTICLES, 0, "", True)
    assert "Captures are written again" in err
    assert workplace.rows("select count(*) from article") == [(ARTICLES,)]
    assert workplace.rows("select count(*) from observation") == [(ARTICLES,)]
    assert len({row["url"] for row in workplace.feed(SITE)}) == len(workplace.feed(SITE)) == ARTICLES
    assert harms(workplace) == []


@pytest.mark.parametrize("command", ["unioncrawl", "scrapy"])
def test_a_disk_that_stays_full_ends_with_code_3(workplace: Workplace, gate: Gate, command: str) -> None:
    """The crawl stops, says what is missing, exits 3 and leaves no torn line; the next run completes it."""
    one_at_a_time(workplace, SITE)
    workplace.environment["UNIONCRAWL_UNWRITABLE_SECONDS"] = "2"
    process = workplace.start(command, "crawl", SITE, *(("--json",) if command == "unioncrawl" else ()))
    wait_for_articles(workplace, process)
    fill_disk_of(process)
    gate.open()
    out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 3, err
    # A server has a disk of its own, and takes what came before the captures were refused.
    assert ("Articles and rejections not written" in err) == in_files()
    assert "crawl again" in err
    assert "Traceback" not in err
    if command == "unioncrawl":
        record = json.loads(out)[0]
        assert (record["unsaved"] > 0) == in_files()
        assert record["ok"] is False
        assert "data/captures" in record["error"]
        assert record["new"] == workplace.rows("select count(*) from article")[0][0] < ARTICLES
    ((finished_at, stats),) = workplace.rows("select finished_at, stats from run")
    if in_files():
        assert finished_at is None
    else:
        assert json.loads(stats)["finish_reason"] == "archive-unwritable"
    in_feed = {row["url"] for row in workplace.feed(SITE)}
    workplace.crawl(SITE, "-s", "DOWNLOAD_DELAY=0")
    assert workplace.rows("select count(*) from article") == [(ARTICLES,)]
    assert in_feed < {row["url"] for row in workplace.feed(SITE)}
    assert harms(workplace) == []


def test_an_archive_that_refuses_at_the_start_is_reported(workplace: Workplace) -> None:
    """A crawl that can't even begin its run exits 3 with a sentence, under both commands."""
    Archive.open(archive_at(workplace.folder / "data" / "archive.db")).close()
    for command in ("unioncrawl", "scrapy"):
        limited = subprocess.run(
            ["prlimit", "--fsize=1:unlimited", sys.executable, "-m", command, "crawl", SITE],
            cwd=workplace.folder,
            env=workplace.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert limited.returncode == 3, limited.stderr
        assert "Traceback" not in limited.stderr
        assert "archive" in limited.stderr


def test_a_torn_feed_line_is_cut_at_the_next_start(workplace: Workplace) -> None:
    """What a killed run left of a line is cut and reported, and the feed can be read whole."""
    path = workplace.folder / "data" / "feeds" / f"{SITE}.jsonl"
    path.parent.mkdir(parents=True)
    whole = '{"url": "http://example.cn/1"}\n'
    path.write_text(whole + '{"title": "市总工会送', encoding="utf-8")
    done = workplace.run("unioncrawl", "crawl", SITE)
    assert done.returncode == 0, done.stderr
    assert "ended within a line" in done.stderr
    assert "市总工会送" in done.stderr
    assert len(workplace.feed(SITE)) == ARTICLES + 1
    assert path.read_text(encoding="utf-8").startswith(whole)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_in_the_summary(workplace: Workplace, gate: Gate, number: int, code: int) -> None:
    """Ctrl-C and SIGTERM end with what was fetched stored, the summary, and the signal's exit code."""
    one_at_a_time(workplace, SITE)
    process = workplace.start("unioncrawl", "crawl", SITE, "practice-asp", "--json")
    wait_for_articles(workplace, process)
    process.send_signal(number)
    gate.open()
    out, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == code, err
    records = {record["site"]: record for record in json.loads(out)}
    assert records[SITE]["ended"] == "shutdown"
    assert (
        sum(record["new"] for record in records.values())
        == workplace.rows("select count(*) from article")[0][0]
    )
    assert "what was fetched is stored" in err
    assert "Traceback" not in err


def test_a_second_signal_forces_the_end(workplace: Workplace, gate: Gate) -> None:
    """While a first signal waits for a full disk, a second one ends the crawl, which says so and exits 3."""
    one_at_a_time(workplace, SITE)
    process = workplace.start("unioncrawl", "crawl", SITE)
    wait_for_articles(workplace, process)
    fill_disk_of(process)
    gate.open()
    wait_for_failures(process, "Responses are held")
    process.send_signal(signal.SIGTERM)
    wait_for_failures(process, "Stopping (SIGTERM)", "records wait to be written")
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 3, err
    assert "ended by a second signal" in err
    assert "Traceback" not in err


def test_the_summary_counts_what_the_archive_has(workplace: Workplace) -> None:
    """A second crawl's numbers are those of its own rows, by outcome."""
    workplace.crawl(SITE)
    done = workplace.run("unioncrawl", "crawl", SITE, "--full", "--json")
    record = json.loads(done.stdout)[0]
    query = "select count(*), count(distinct article_id) from observation where run_id = 2"
    visits, articles = workplace.rows(query)[0]
    assert record["hits"] == visits
    assert record["new"] + record["revised"] + record["unchanged"] == articles == ARTICLES
