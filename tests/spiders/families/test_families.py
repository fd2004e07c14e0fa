"""How each family's lists are walked, over HTTP against pages of its markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.spiders.canned import environment, write_site
from tests.spiders.conftest import Workplace
from tests.spiders.families.family_sites import WAYS
from unioncrawl.practice.server import PracticeServer


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, list[dict[str, Any]]]]:
    """Crawl a site of each way twice, in one process a time; the stats of both runs by way."""
    folder = tmp_path_factory.mktemp("families")
    servers = [
        write_site(folder, f"test-{way}", family, prepare()) for way, (family, prepare) in WAYS.items()
    ]
    workplace = Workplace(folder, PracticeServer(0), environment(folder))
    for _ in range(2):
        done = workplace.run("unioncrawl", "crawl", *(f"test-{way}" for way in WAYS))
        assert done.returncode == 0, done.stderr
    runs: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    for spider, stats in workplace.rows("select spider, stats from run order by id"):
        runs[spider.removeprefix("test-")].append(json.loads(stats))
    yield runs
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("way", WAYS)
def test_a_familys_lists_are_walked_to_their_end(crawled: dict[str, list[dict[str, Any]]], way: str) -> None:
    """Every article of every list page of the family's mechanism is found, and the walk is complete."""
    stats = crawled[way][0]
    assert stats.get("unioncrawl/archive/new") == WAYS[way][1]().articles
    assert stats["unioncrawl/walk/complete"] == 1


@pytest.mark.parametrize("way", WAYS)
def test_a_second_run_asks_for_one_list_page_a_column(
    crawled: dict[str, list[dict[str, Any]]], way: str
) -> None:
    """A daily run that finds nothing new reads one list page a column and stores no article again."""
    stats = crawled[way][1]
    lists = WAYS[way][1]().lists
    extra = 1 if way == "generic" else 0  # its index of sitemaps gives no times, so that each is read
    assert stats["unioncrawl/list/pages"] <= len(lists) + extra
    assert stats.get("unioncrawl/archive/new", 0) == 0
    assert stats["unioncrawl/walk/complete"] == 1
