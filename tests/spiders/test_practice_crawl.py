"""Crawls of the practice sites over real HTTP, by Scrapy's own command line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.databases import archive_at, remove_archive
from tests.spiders.conftest import Workplace, practice
from unioncrawl.archive.store import Archive
from unioncrawl.archive.verify.check_archive import verify
from unioncrawl.practice.server import SITE_TYPES

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


def test_an_unchanged_page_is_kept_once(crawled: TwoCrawls) -> None:
    """The second visit of a page that is the same is a revisit record; the archive verifies."""
    folder = crawled.workplace.folder / "data/captures"
    kinds: Counter[str] = Counter()
    for path in folder.glob("practice-mirror-*.warc.gz"):
        with path.open("rb") as file:
            kinds.update(record.rec_type for record in ArchiveIterator(file, check_digests="raise"))
    assert kinds["revisit"] > 10
    with Archive.open(archive_at(crawled.workplace.folder / "data/archive.db"), create=False) as archive:
        assert list(verify(archive.engine, folder)) == []


def test_the_window_of_dates_is_kept(workplace: Workplace) -> None:
    """With since and until only articles of these days come out."""
    workplace.crawl("practice-xunrui")
    days = sorted(row["published_at"][:10] for row in workplace.feed("practice-xunrui"))
    since, until = days[len(days) // 3], days[2 * len(days) // 3]
    remove_archive(workplace.folder / "data" / "archive.db")
    workplace.crawl("practice-xunrui", "-O", "out.json", "-a", f"since={since}", "-a", f"until={until}")
    rows = json.loads((workplace.folder / "out.json").read_text(encoding="utf-8"))
    assert sorted(row["published_at"][:10] for row in rows) == [day for day in days if since <= day <= until]


def test_max_pages_limits_the_lists(workplace: Workplace) -> None:
    """With max_pages=1 one list page a column is asked for."""
    stats = workplace.crawl("practice-xunrui", "-a", "max_pages=1")
    assert stats["unioncrawl/list/pages"] == 2
