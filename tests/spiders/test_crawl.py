"""Crawls of the practice sites over real HTTP, by Scrapy's own command line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.spiders.conftest import Workplace, practice
from unioncrawl.practice.server import SITE_TYPES

pytestmark = pytest.mark.xdist_group("practice")
SITES = [kind.site_id for kind in SITE_TYPES]


@dataclass(frozen=True)
class TwoCrawls:
    """All practice sites crawled twice: the place, each crawl's stats by site, and what the first left."""

    workplace: Workplace
    first: dict[str, dict[str, Any]]
    second: dict[str, dict[str, Any]]
    first_requests: Counter[tuple[str, str]]
    first_observations: int


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoCrawls]:
    """Crawl every practice site twice, once for all tests that only look at the result."""
    with practice(tmp_path_factory.mktemp("crawled")) as workplace:
        first = crawl_all(workplace)
        requests = Counter(workplace.server.counts)
        observations = workplace.rows("select count(*) from observation")[0][0]
        yield TwoCrawls(workplace, first, crawl_all(workplace), requests, observations)


def crawl_all(workplace: Workplace) -> dict[str, dict[str, Any]]:
    """Crawl every practice site in one process; the stats by site."""
    done = workplace.run("unioncrawl", "crawl", *SITES)
    assert done.returncode == 0, done.stderr
    runs = workplace.rows("select spider, stats from run order by id desc limit 5")
    return {spider: json.loads(stats) for spider, stats in runs}


@pytest.mark.parametrize("site", SITES)
def test_every_listed_story_is_stored_and_fed(crawled: TwoCrawls, site: str) -> None:
    """A first crawl stores and feeds every article that a list shows, except the rejected ones."""
    stats = crawled.first[site]
    stored = stats["unioncrawl/archive/new"]
    assert stored == stats["item_scraped_count"]
    assert stored + stats.get("unioncrawl/archive/rejection", 0) >= stats["unioncrawl/list/new"]
    fed = [row["url"] for row in crawled.workplace.feed(site)]
    assert len(set(fed)) == stored
    assert stats["finish_reason"] == "finished"


def test_the_feed_is_utf8_with_normal_fields(crawled: TwoCrawls) -> None:
    """Feed rows have dates with +08:00 and hits as numbers, in readable UTF-8."""
    feed = crawled.workplace.feed("practice-xunrui")
    assert all(row["published_at"].endswith("+08:00") for row in feed)
    assert all(row["hits"] > 0 for row in feed if row["hits_status"] == "counter")
    text = (crawled.workplace.folder / "data/feeds/practice-xunrui.jsonl").read_text(encoding="utf-8")
    assert "工会" in text


@pytest.mark.parametrize("mark", ["m=hits", "/e/public/ViewClick", "ASP"])
def test_each_counter_is_asked_once_a_run(crawled: TwoCrawls, mark: str) -> None:
    """No counter is asked twice in one run."""
    asked = {target: number for (_, target), number in crawled.first_requests.items() if mark in target}
    assert set(asked.values()) <= {1}


@pytest.mark.parametrize("site", SITES)
def test_a_second_crawl_stores_no_duplicate(crawled: TwoCrawls, site: str) -> None:
    """A second crawl stores no article twice and writes no second line to the feed's articles."""
    assert crawled.second[site].get("unioncrawl/archive/new", 0) == 0
    assert crawled.second[site]["unioncrawl/walk/complete"] == 1


def test_a_second_crawl_observes_the_hits_of_every_article_again(crawled: TwoCrawls) -> None:
    """Each crawl adds one observation an article."""
    articles = crawled.workplace.rows("select count(*) from article")[0][0]
    assert crawled.first_observations == articles
    assert crawled.workplace.rows("select count(*) from observation")[0][0] == 2 * articles


def test_an_unchanged_page_is_not_sent_again(crawled: TwoCrawls) -> None:
    """Where a site knows validators, the second crawl asks whether pages changed, and still observes hits."""
    unchanged = crawled.second["practice-empire"]["unioncrawl/revisit/not_modified"]
    assert unchanged > 10
    assert crawled.second["practice-empire"]["unioncrawl/hits/counter"] > 10


def test_the_changed_article_has_two_revisions(crawled: TwoCrawls) -> None:
    """Of all practice articles one is changed between two crawls, and both texts are kept."""
    assert sum(stats.get("unioncrawl/archive/revised", 0) for stats in crawled.second.values()) == 1
    edited = crawled.workplace.rows("select article_id from revision where kind = 'edit'")
    assert len(edited) == 1
    texts = crawled.workplace.rows(
        "select count(distinct body_text) from revision where article_id = ?", *edited[0]
    )
    assert texts == [(2,)]


def test_a_counter_that_robots_forbids_is_not_asked(crawled: TwoCrawls) -> None:
    """Where robots.txt forbids the counter, hits are unavailable for that reason and it is never asked."""
    statuses = {row["hits_status"] for row in crawled.workplace.feed("practice-phpcms")}
    assert "robots" in statuses
    assert "counter" not in statuses
    assert not [target for _, target in crawled.first_requests if "api.php?op=count" in target]


def test_what_is_no_article_becomes_a_rejection(crawled: TwoCrawls) -> None:
    """The challenge page and the soft 404 are rejections with stage, reason and capture, and no articles."""
    rejections = crawled.workplace.rows("select stage, reason, status, url from rejection")
    assert {stage for stage, *_ in rejections} == {"extract"}
    assert {412, 200} <= {status for _, _, status, _ in rejections}
    rejected = {url for *_, url in rejections}
    stored = {url for (url,) in crawled.workplace.rows("select url from article")}
    assert not rejected & stored
    captured = crawled.workplace.rows(
        "select count(distinct rejection_id) from capture where rejection_id is not null"
    )
    assert captured[0][0] == len(rejections)


def test_an_article_of_two_parts_is_one(crawled: TwoCrawls) -> None:
    """An article in two parts is stored once, with the text and the captures of both."""
    two = crawled.workplace.rows(
        "select count(distinct url) from capture where article_id > 0 "
        "group by article_id having count(distinct url) > 1"
    )
    assert two == [(2,)]
    assert not [row for row in crawled.workplace.feed("practice-empire") if row["url"].endswith("_2.html")]


def test_damaged_text_is_repaired_and_what_it_was_is_kept(crawled: TwoCrawls) -> None:
    """The mirror's articles are stored repaired, each with its steps and its raw strings."""
    assert crawled.first["practice-mirror"]["unioncrawl/repair/articles"] > 10
    raw, body = crawled.workplace.rows(
        "select r.raw, r.body_text from revision r join article a on a.id = r.article_id "
        "join site s on s.id = a.site_id where s.key = 'practice-mirror' order by r.id limit 1"
    )[0]
    assert "(huì)" in raw
    assert "(huì)" not in body


def test_every_response_is_captured(crawled: TwoCrawls) -> None:
    """Lists, articles, counters and robots.txt all lie in the run's WARC file."""
    files = list((crawled.workplace.folder / "data/captures").glob("practice-asp-*.warc.gz"))
    stats = crawled.first["practice-asp"]
    redirects = sum(number for name, number in stats.items() if "response_status_count/30" in name)
    assert len(files) == 2
    assert stats["unioncrawl/capture/count"] == stats["downloader/response_count"] - redirects


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
    counted = json.loads(stats)
    finished = counted["item_scraped_count"] + counted.get("unioncrawl/archive/unfinished", 0)
    assert reason == "shutdown"
    assert 0 < finished == workplace.rows("select count(*) from article")[0][0]


def test_interrupt_keeps_articles_whose_counter_was_not_asked_yet(workplace: Workplace) -> None:
    """After Ctrl-C every article page that was fetched is stored; hits not yet asked for are pending."""
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
    finished = counted.get("item_scraped_count", 0) + counted.get("unioncrawl/archive/unfinished", 0)
    assert finished == len(stored)


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


def test_an_archive_of_a_newer_version_is_refused(workplace: Workplace) -> None:
    """A crawl into an archive of a newer schema says so, changes nothing, and exits 1."""
    workplace.crawl("practice-asp", "-a", "max_pages=1")
    connection = sqlite3.connect(workplace.folder / "data" / "archive.db")
    with connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    done = workplace.run("unioncrawl", "crawl", "practice-asp")
    assert done.returncode == 1
    assert "Upgrade unioncrawl" in done.stderr
    assert "Traceback" not in done.stderr
    assert workplace.rows("select count(*) from run") == [(1,)]


def test_scrapy_runs_from_any_folder(workplace: Workplace, tmp_path: Path) -> None:
    """Everything a crawl writes lies below the working directory."""
    workplace.crawl("practice-asp")
    written = {path.name for path in (tmp_path / "data").iterdir()}
    assert written >= {"archive.db", "captures", "feeds"}
    assert os.environ.get("UNIONCRAWL_ARCHIVE") is None
