"""Crawls that are stopped in the middle lose nothing, and the next run completes them."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests.databases import NO_TABLE_YET, archive_at, writing_lock
from tests.processes import HANG_SECONDS, wait_until
from tests.spiders.conftest import Workplace
from unioncrawl.practice.listener import Request, Response
from unioncrawl.practice.xunrui_site import XunRuiSite

# So many articles are answered before a crawl is held: several, so that there is something to lose.
PASSING = 6


class Gate:
    """Lets the first articles of practice-xunrui through and holds the others until it is opened."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._opened, self._lock, self._left = threading.Event(), threading.Lock(), PASSING
        answer = XunRuiSite.answer

        def held(site: XunRuiSite, request: Request) -> Response:
            self._pass(request.target)
            return answer(site, request)

        patch.setattr(XunRuiSite, "answer", held)

    @property
    def is_holding(self) -> bool:
        """Whether an article is waited for."""
        return self._left < 0 and not self._opened.is_set()

    def _pass(self, target: str) -> None:
        if "c=show" in target:
            with self._lock:
                self._left -= 1
                held = self._left < 0
            if held:
                self._opened.wait(HANG_SECONDS)

    def open(self) -> None:
        """Let everything through from now on."""
        self._opened.set()


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    """A gate before the articles of practice-xunrui."""
    gate = Gate(monkeypatch)
    yield gate
    gate.open()


def test_interrupt_keeps_what_was_fetched(workplace: Workplace, gate: Gate) -> None:
    """After Ctrl-C in mid-crawl the archive holds what was fetched, and the run says so."""
    one_at_a_time(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace, process)
    process.send_signal(signal.SIGINT)
    gate.open()
    _, said = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 128 + signal.SIGINT, said
    assert "scrapy: interrupted; what was fetched is stored." in said
    assert "Traceback" not in said
    reason, stats = workplace.rows("select reason, stats from run")[0]
    counted = json.loads(stats)
    assert reason == "shutdown"
    assert 0 < counted["item_scraped_count"] == workplace.rows("select count(*) from article")[0][0]


def test_interrupt_keeps_articles_whose_counter_was_not_asked_yet(workplace: Workplace, gate: Gate) -> None:
    """After SIGTERM every fetched article is stored and fed; the next run asks for the hits left open."""
    one_at_a_time(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    shown = "index.php?c=show"
    wait_until(lambda: any(shown in target for _, target in list(workplace.server.counts)), process)
    process.send_signal(signal.SIGTERM)
    gate.open()
    process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 128 + signal.SIGTERM
    fetched = {target for _, target in workplace.server.counts if shown in target}
    stored = {row[0] for row in workplace.rows("select url from article")}
    assert stored
    assert {"/" + url.partition("/index")[2] for url in stored} <= {
        "/" + target.partition("/index")[2] for target in fetched
    }
    counted = json.loads(workplace.rows("select stats from run")[0][0])
    assert counted["item_scraped_count"] == len(stored)
    assert {row["url"] for row in workplace.feed("practice-xunrui")} == stored
    workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    assert workplace.rows("select count(*) from article where hits is null and hits_status = 'pending'") == [
        (0,)
    ]


def test_kill_leaves_a_sound_archive_and_the_next_run_completes_it(workplace: Workplace, gate: Gate) -> None:
    """After kill -9 the database is sound, and the next crawl fetches what is missing."""
    one_at_a_time(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace, process)
    process.kill()
    gate.open()
    process.communicate(timeout=HANG_SECONDS)
    sound = workplace.run("unioncrawl", "verify")
    assert sound.returncode == 0, sound.stdout
    before = workplace.rows("select count(*) from article")[0][0]
    workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    whole = workplace.rows("select count(*) from article")[0][0]
    third = workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    assert before < whole
    assert third["unioncrawl/list/pages"] == 2
    assert third.get("unioncrawl/archive/new", 0) == 0


def test_kill_before_anything_is_written_loses_nothing(workplace: Workplace, gate: Gate) -> None:
    """What waits half a minute for its batch is lost to kill -9; the next crawl fetches and stores it."""
    one_at_a_time(workplace, "practice-xunrui")
    del workplace.environment["UNIONCRAWL_FLUSH_SECONDS"]
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    shown = "index.php?c=show"
    wait_until(lambda: any(shown in target for _, target in list(workplace.server.counts)), process)
    process.kill()
    gate.open()
    process.communicate(timeout=HANG_SECONDS)
    assert workplace.rows("select count(*) from article") == [(0,)]
    workplace.environment["UNIONCRAWL_FLUSH_SECONDS"] = "1"
    workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    assert workplace.rows("select count(*) from article") == [(21,)]


def test_a_locked_archive_loses_nothing(workplace: Workplace, gate: Gate) -> None:
    """While another process writes, the crawl waits; afterwards everything is stored."""
    one_at_a_time(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace, process)
    with writing_lock(archive_at(workplace.folder / "data" / "archive.db")):
        gate.open()
        # No limit: long enough, as a rule, for the crawl to meet the lock.
        time.sleep(4)
    _, err = process.communicate(timeout=HANG_SECONDS)
    assert process.returncode == 0, err
    stats = json.loads(workplace.rows("select stats from run")[0][0])
    assert stats["item_scraped_count"] == workplace.rows("select count(*) from article")[0][0]


def one_at_a_time(workplace: Workplace, site: str) -> None:
    """Make a site file ask for one page after the other, so that a crawl can be held in the middle."""
    path = workplace.site_file(site)
    text = path.read_text(encoding="utf-8").replace("delay_seconds = 0", "delay_seconds = 0.05")
    path.write_text(text.replace("concurrent_requests = 4", "concurrent_requests = 1"), encoding="utf-8")


def wait_for_articles(workplace: Workplace, process: subprocess.Popen[str]) -> None:
    """Wait until the first articles are in the archive."""

    def some_are_stored() -> bool:
        try:
            return bool(workplace.rows("select count(*) from article")[0][0])
        except NO_TABLE_YET:
            return False

    wait_until(some_are_stored, process)
