"""A spider of another project under our pipelines, and ours without the archive."""

from __future__ import annotations

import json
from pathlib import Path

from tests.spiders.canned import environment
from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import PracticeServer

SPIDER = '''
from scrapy import Spider
from unioncrawl.model import Article, Rejection
from unioncrawl.outcomes import TIMEOUT


class Other(Spider):
    """Knows nothing of an archive; its attributes are its own."""

    name = "other"
    memory = archive = missed = "its own"

    async def start(self):
        text = "市总工会向一线职工送去清凉饮料，要求做好防暑降温工作。"
        yield Article(url="http://other.example/1", site="other", title="市总工会送清凉", body_text=text)
        yield Rejection(url="http://other.example/2", site="other", stage="fetch", reason=TIMEOUT)
'''


def test_a_spider_that_remembers_nothing_is_stored(tmp_path: Path) -> None:
    """The archive takes the items of a spider without a site file, and gives it nothing to remember."""
    (tmp_path / "other.py").write_text(SPIDER, encoding="utf-8")
    place = Workplace(tmp_path, PracticeServer(0), environment(tmp_path))
    place.environment["SCRAPY_SETTINGS_MODULE"] = "unioncrawl.settings"
    done = place.run("scrapy", "runspider", "other.py")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert place.rows("select title from revision") == [("市总工会送清凉",)]
    assert place.rows("select stage, reason from rejection") == [("fetch", "timeout")]
    assert place.rows("select spider, reason from run") == [("other", "finished")]


def test_a_site_is_crawled_without_an_archive(workplace: Workplace) -> None:
    """Where the archive pipeline is off, the spider remembers nothing and its feed has every article."""
    off = '{"pipelines.archive.ArchivePipeline": null}'
    done = workplace.run(
        "scrapy", "crawl", "practice-phpcms", "-s", f"ITEM_PIPELINES={off}", "-O", "all.json"
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    # The command itself sees whether the archive can be opened.
    assert workplace.rows("select count(*) from run") == [(0,)]
    rows = json.loads((workplace.folder / "all.json").read_text(encoding="utf-8"))
    assert len(rows) > 5
    # A rejection is not an article, and no archive is there to take it.
    assert not [row for row in rows if "reason" in row]
    assert "Dropped: " in done.stderr
