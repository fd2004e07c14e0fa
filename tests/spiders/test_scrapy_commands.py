"""Scrapy's own commands on a site: shell, fetch, parse, check and settings of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.spiders.conftest import Workplace

SITE = "practice-empire"
PIPELINE = """
from pathlib import Path


class Note:
    def process_item(self, item):
        with Path("noted.txt").open("a", encoding="utf-8") as file:
            file.write(type(item).__name__ + "\\n")
        return item
"""


def base(workplace: Workplace) -> str:
    """Where the practice site is served."""
    return workplace.server.base_urls[SITE].rstrip("/")


def output(workplace: Workplace, *command: str, code: int = 0) -> str:
    """What a command of Scrapy prints."""
    done = workplace.run("scrapy", *command)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def article_url(workplace: Workplace) -> str:
    """An article that the site's first list shows."""
    printed = output(workplace, "parse", "--nolog", f"--spider={SITE}", f"{base(workplace)}/xwdt/")
    return next(part.rstrip(">,]") for part in printed.split() if part.rstrip(">,]").endswith(".html"))


def test_parse_reads_a_list_and_an_article_and_stores_nothing(workplace: Workplace) -> None:
    """`scrapy parse` shows the requests of a list and the fields of an article, and no run is recorded."""
    url = article_url(workplace)
    printed = output(workplace, "parse", "--nolog", "-d", "2", f"--spider={SITE}", url)
    assert f"'url': '{url}'" in printed
    assert "'hits_status': <HitsStatus.COUNTER" in printed
    assert not (workplace.folder / "data").exists()


@pytest.mark.parametrize("command", ["shell", "fetch"])
def test_shell_and_fetch_see_the_decoded_page_and_store_nothing(workplace: Workplace, command: str) -> None:
    """`scrapy shell` has the page as the spider sees it, `fetch` prints it; neither touches the archive."""
    options = ("-c", "(spider.name, type(response).__name__)") if command == "shell" else ()
    printed = output(workplace, command, "--nolog", f"{base(workplace)}/xwdt/", *options)
    assert (f"('{SITE}', 'PageResponse')" if command == "shell" else "新闻动态") in printed
    assert not (workplace.folder / "data").exists()


def test_check_passes_for_a_site_that_is_as_it_was(workplace: Workplace) -> None:
    """`scrapy check` asks for the first list and for a named article, and both are read."""
    printed = output(workplace, "check", SITE, "-s", f"UNIONCRAWL_CHECK_ARTICLE={article_url(workplace)}")
    assert "Ran 2 contracts" in printed
    assert not (workplace.folder / "data").exists()


def test_check_fails_for_a_list_without_articles(workplace: Workplace) -> None:
    """A list that shows no article any more fails the contract, with the reason."""
    path = workplace.site_file(SITE)
    path.write_text(path.read_text(encoding="utf-8").replace("/xwdt/", "/moved/"), encoding="utf-8")
    printed = output(workplace, "check", SITE, code=1)
    assert "parse_list (@asks_for_articles post-hook)" in printed
    assert "404" in printed


def test_check_fails_for_an_article_that_is_none(workplace: Workplace) -> None:
    """A named article that is a list fails the contract."""
    printed = output(
        workplace, "check", SITE, "-s", f"UNIONCRAWL_CHECK_ARTICLE={base(workplace)}/xwdt/", code=1
    )
    assert "parse_article (@reads_an_article post-hook)" in printed


def test_a_pipeline_of_the_command_line_is_added_to_ours(workplace: Workplace) -> None:
    """`-s ITEM_PIPELINES={…}` adds a pipeline; articles are repaired and stored as before."""
    (workplace.folder / "noting.py").write_text(PIPELINE, encoding="utf-8")
    workplace.environment["PYTHONPATH"] = f"{workplace.environment.get('PYTHONPATH', '')}:{workplace.folder}"
    stats = workplace.crawl(SITE, "-s", 'ITEM_PIPELINES={"noting.Note": 250}')
    assert stats["unioncrawl/archive/new"] == 20
    noted = Path(workplace.folder / "noted.txt").read_text(encoding="utf-8").split()
    assert noted.count("Article") == 20
