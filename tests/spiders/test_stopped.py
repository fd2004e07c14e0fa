"""Crawls that are stopped in the middle lose nothing, and the next run completes them."""

from __future__ import annotations

import json
import signal
import sqlite3
import time

import pytest

from tests.spiders.conftest import Workplace

pytestmark = pytest.mark.xdist_group("practice")


def test_interrupt_keeps_what_was_fetched(workplace: Workplace) -> None:
    """After Ctrl-C in mid-crawl the archive holds what was fetched, and the run says so."""
    slow_down(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    reason, stats = workplace.rows("select reason, stats from run")[0]
    counted = json.loads(stats)
    assert reason == "shutdown"
    assert 0 < counted["item_scraped_count"] == workplace.rows("select count(*) from article")[0][0]


def test_interrupt_keeps_articles_whose_counter_was_not_asked_yet(workplace: Workplace) -> None:
    """After Ctrl-C every fetched article is stored and fed; the next run asks for the hits left open."""
    slow_down(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    shown = "index.php?c=show"
    while not any(shown in target for _, target in workplace.server.counts):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
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


def test_kill_leaves_a_sound_archive_and_the_next_run_completes_it(workplace: Workplace) -> None:
    """After kill -9 the database is sound, and the next crawl fetches what is missing."""
    slow_down(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace)
    process.kill()
    process.communicate(timeout=60)
    assert workplace.rows("pragma integrity_check") == [("ok",)]
    before = workplace.rows("select count(*) from article")[0][0]
    workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    whole = workplace.rows("select count(*) from article")[0][0]
    third = workplace.crawl("practice-xunrui", "-s", "DOWNLOAD_DELAY=0")
    assert before < whole
    assert third["unioncrawl/list/pages"] == 2
    assert third.get("unioncrawl/archive/new", 0) == 0


def test_a_locked_archive_loses_nothing(workplace: Workplace) -> None:
    """While another process writes, the crawl waits; afterwards everything is stored."""
    slow_down(workplace, "practice-asp")
    process = workplace.start("scrapy", "crawl", "practice-asp")
    wait_for_articles(workplace)
    blocker = sqlite3.connect(workplace.folder / "data" / "archive.db", isolation_level=None)
    blocker.execute("begin immediate")
    time.sleep(4)
    blocker.execute("commit")
    blocker.close()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    stats = json.loads(workplace.rows("select stats from run")[0][0])
    assert stats["item_scraped_count"] == workplace.rows("select count(*) from article")[0][0]


def slow_down(workplace: Workplace, site: str) -> None:
    """Make a site file ask five times a second, so that a crawl can be caught in the middle."""
    path = workplace.site_file(site)
    text = path.read_text(encoding="utf-8").replace("delay_seconds = 0", "delay_seconds = 0.2")
    path.write_text(text.replace("concurrent_requests = 4", "concurrent_requests = 1"), encoding="utf-8")


def wait_for_articles(workplace: Workplace) -> None:
    """Wait until the first articles are in the archive."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if workplace.rows("select count(*) from article")[0][0]:
                return
        except sqlite3.OperationalError:
            pass
        time.sleep(0.1)
    pytest.fail("no article within 30 seconds")
