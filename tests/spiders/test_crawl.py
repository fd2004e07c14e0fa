"""Crawls of the practice sites over real HTTP, by Scrapy's own command line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import SITE_TYPES

pytestmark = pytest.mark.xdist_group("practice")
SITES = [kind.site_id for kind in SITE_TYPES]


def counter_requests(workplace: Workplace, site: str, mark: str) -> Counter[str]:
    """How often each counter of a site was asked."""
    found: Counter[str] = Counter()
    for (host, target), number in workplace.server.counts.items():
        if host == site and mark in target:
            found[target] += number
    return found


def test_a_crawl_brings_articles_hits_and_a_feed(workplace: Workplace) -> None:
    """A first crawl stores every listed article with its counter's hits, and feeds them in UTF-8."""
    stats = workplace.crawl("practice-xunrui")
    feed = workplace.feed("practice-xunrui")
    assert (
        stats["unioncrawl/archive/new"] == len(feed) == workplace.rows("select count(*) from article")[0][0]
    )
    assert len(feed) >= 15
    assert {row["hits_status"] for row in feed} <= {"counter", "no-counter"}
    assert all(row["hits"] > 0 for row in feed if row["hits_status"] == "counter")
    assert all(row["published_at"].endswith("+08:00") for row in feed)
    assert "工会" in (workplace.folder / "data/feeds/practice-xunrui.jsonl").read_text(encoding="utf-8")
    assert stats["finish_reason"] == "finished"


def test_each_counter_is_asked_once_a_run_with_its_article_as_referer(workplace: Workplace) -> None:
    """One request an article goes to the counter in a run."""
    workplace.crawl("practice-xunrui")
    asked = counter_requests(workplace, "practice-xunrui", "m=hits")
    assert asked
    assert set(asked.values()) == {1}


@pytest.mark.parametrize("site", SITES)
def test_a_second_crawl_adds_observations_and_no_duplicate(workplace: Workplace, site: str) -> None:
    """A second crawl stores no article twice and observes the hits of each again."""
    first = workplace.crawl(site)
    second = workplace.crawl(site)
    articles = workplace.rows("select count(*) from article")[0][0]
    assert first["unioncrawl/archive/new"] == articles
    assert second.get("unioncrawl/archive/new", 0) == 0
    assert workplace.rows("select count(*) from observation")[0][0] == 2 * articles


def test_all_sites_show_one_revision_on_the_second_visit(workplace: Workplace) -> None:
    """Of all practice articles one is changed between two crawls, and is kept as a revision."""
    revised = 0
    for site in SITES:
        workplace.crawl(site)
        revised += workplace.crawl(site).get("unioncrawl/archive/revised", 0)
    assert revised == 1


def test_a_counter_that_robots_forbids_is_not_asked(workplace: Workplace) -> None:
    """Where robots.txt forbids the counter, hits are unavailable for that reason and it is never asked."""
    workplace.crawl("practice-phpcms")
    statuses = {row["hits_status"] for row in workplace.feed("practice-phpcms")}
    assert "robots" in statuses
    assert "counter" not in statuses
    assert not counter_requests(workplace, "practice-phpcms", "api.php?op=count")


def test_what_is_no_article_becomes_a_rejection(workplace: Workplace) -> None:
    """The challenge page and the soft 404 are rejections with stage, reason and capture, and no articles."""
    for site in SITES:
        workplace.crawl(site)
    rejections = workplace.rows("select stage, reason, status, url from rejection")
    assert {stage for stage, *_ in rejections} == {"extract"}
    assert 412 in {status for _, _, status, _ in rejections}
    assert 200 in {status for _, _, status, _ in rejections}
    rejected = {url for *_, url in rejections}
    stored = {url for (url,) in workplace.rows("select url from article")}
    assert not rejected & stored
    captured = workplace.rows(
        "select count(distinct rejection_id) from capture where rejection_id is not null"
    )
    assert captured[0][0] == len(rejections)


def test_a_page_of_two_parts_is_one_article(workplace: Workplace) -> None:
    """An article in two parts is stored once, with both captures."""
    workplace.crawl("practice-empire")
    two = workplace.rows(
        "select article_id, count(*) from capture where article_id > 0 group by 1 having count(*) > 1"
    )
    assert len(two) == 1
    urls = {row["url"] for row in workplace.feed("practice-empire")}
    assert not [url for url in urls if url.endswith("_2.html")]


def test_every_response_is_captured(workplace: Workplace) -> None:
    """Lists, articles, counters and robots.txt all lie in the run's WARC file."""
    stats = workplace.crawl("practice-asp")
    files = list((workplace.folder / "data/captures").glob("practice-asp-*.warc.gz"))
    assert len(files) == 1
    assert stats["unioncrawl/capture/count"] == stats["downloader/response_count"]


def test_the_window_of_dates_is_kept(workplace: Workplace) -> None:
    """With since and until only articles of these days come out."""
    workplace.crawl("practice-xunrui")
    days = sorted(row["published_at"][:10] for row in workplace.feed("practice-xunrui"))
    since, until = days[len(days) // 3], days[2 * len(days) // 3]
    (workplace.folder / "data/archive.db").unlink()
    workplace.crawl("practice-xunrui", "-O", "out.json", "-a", f"since={since}", "-a", f"until={until}")
    rows = json.loads((workplace.folder / "out.json").read_text(encoding="utf-8"))
    assert sorted(row["published_at"][:10] for row in rows) == [day for day in days if since <= day <= until]


def test_max_pages_limits_the_lists(workplace: Workplace) -> None:
    """With max_pages=1 one list page a column is asked for."""
    stats = workplace.crawl("practice-xunrui", "-a", "max_pages=1")
    assert stats["unioncrawl/list/pages"] == 2


def test_a_bad_argument_fails_with_words(workplace: Workplace) -> None:
    """A since that is no date ends the command with an error that names it."""
    done = workplace.run("scrapy", "crawl", "practice-xunrui", "-a", "since=gestern")
    assert done.returncode != 0
    assert "since=gestern" in done.stderr
    told = workplace.run("unioncrawl", "crawl", "practice-xunrui", "--since", "gestern")
    assert told.returncode == 1
    assert told.stderr.count("since=gestern") == 1
    assert "Traceback" not in told.stderr


def test_interrupt_keeps_what_was_fetched(workplace: Workplace) -> None:
    """After Ctrl-C in mid-crawl the archive holds what was fetched, and the run says so."""
    slow_down(workplace, "practice-xunrui")
    process = workplace.start("scrapy", "crawl", "practice-xunrui")
    wait_for_articles(workplace)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    reason, stats = workplace.rows("select reason, stats from run")[0]
    scraped = json.loads(stats)["item_scraped_count"]
    assert reason == "shutdown"
    assert 0 < scraped == workplace.rows("select count(*) from article")[0][0] < 15


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


def test_a_site_file_with_an_error_leaves_the_others(workplace: Workplace) -> None:
    """Scrapy list shows every sound site, and the log names the file, the key and what is allowed."""
    bad = workplace.folder / "sites" / "bad.toml"
    bad.write_text(
        'id = "bad"\nname = "坏"\nlevel = "town"\nfamily = "asp"\nhosts = ["a.cn"]\n', encoding="utf-8"
    )
    done = workplace.run("scrapy", "list", "-s", "LOG_ENABLED=1")
    assert done.returncode == 0
    assert set(SITES) <= set(done.stdout.split())
    assert "bad" not in done.stdout.split()
    assert "bad.toml" in done.stderr
    assert "'level'" in done.stderr
    assert "'county'" in done.stderr


def test_contracts_run_cleanly(workplace: Workplace) -> None:
    """Scrapy check ends well."""
    done = workplace.run("scrapy", "check")
    assert done.returncode == 0, done.stderr


def test_an_unknown_site_is_told(workplace: Workplace) -> None:
    """Asking for a site that is not there exits 1 and says how to list them."""
    done = workplace.run("unioncrawl", "crawl", "nowhere")
    assert done.returncode == 1
    assert "'nowhere'" in done.stderr
    assert "unioncrawl sites list" in done.stderr


def test_no_network_ends_with_a_summary(workplace: Workplace) -> None:
    """When nothing answers, the crawl retries, sums up in a line and exits 1."""
    workplace.server.stop()
    done = workplace.run("unioncrawl", "crawl", "practice-asp", "--json")
    record = json.loads(done.stdout)[0]
    assert done.returncode == 1
    assert record["ok"] is False
    assert record["rejections"] == {"fetch/refused": 2}
    told = workplace.run("unioncrawl", "crawl", "practice-asp")
    assert "did not answer, after retries" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_crawl_that_found_nothing_says_so_in_its_stats(workplace: Workplace) -> None:
    """Lists without an article make unioncrawl crawl exit 1, and set a stat under plain scrapy."""
    path = workplace.site_file("practice-asp")
    text = path.read_text(encoding="utf-8")
    netloc = urlsplit(workplace.server.base_urls["practice-asp"]).netloc
    start = text.index("columns = [")
    text = (
        text[:start]
        + f'columns = [{{ name = "空", url = "http://{netloc}/robots.txt" }}]\n'
        + text[text.index("\n[politeness]") :]
    )
    path.write_text(text, encoding="utf-8")
    assert workplace.crawl("practice-asp")["unioncrawl/crawl/empty"] == 1
    assert workplace.run("unioncrawl", "crawl", "practice-asp").returncode == 1


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


def test_scrapy_runs_from_any_folder(workplace: Workplace, tmp_path: Path) -> None:
    """Everything a crawl writes lies below the working directory."""
    workplace.crawl("practice-asp")
    written = {path.name for path in (tmp_path / "data").iterdir()}
    assert written >= {"archive.db", "captures", "feeds"}
    assert os.environ.get("UNIONCRAWL_ARCHIVE") is None
