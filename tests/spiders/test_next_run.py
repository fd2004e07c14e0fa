"""What the next run asks a site for, after a first one: over real HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.spiders.canned import Canned, Pages, Prepared, article, environment, listing, write_site
from tests.spiders.conftest import Workplace
from unioncrawl.practice.server import PracticeServer

GONE = "<html><head><title>信息提示</title></head><body><p>此信息不存在</p></body></html>"


def path(number: int) -> str:
    """The address of an article on an EmpireCMS."""
    return f"/xwdt/2025-03-{number:02d}/{number}.html"


def next_page(number: int) -> str:
    """A pager that leads to a list page."""
    return f"<div class='epages'><a href='/xwdt/index_{number}.html'>下一页</a></div>"


class Site:
    """A site of two list pages with six articles, that can be crawled again and again."""

    def __init__(self, folder: Path) -> None:
        pages: Pages = {path(n): article(n) for n in range(1, 10)}
        pages["/xwdt/"] = listing([path(n) for n in (9, 8, 7)], next_page(2))
        pages["/xwdt/index_2.html"] = listing([path(n) for n in (6, 5, 4)])
        self.folder = folder
        self.server = write_site(folder, "gh", "empirecms", Prepared(pages, ["/xwdt/"], 6))
        self.workplace = Workplace(folder, PracticeServer(0), environment(folder))

    def crawl(self) -> tuple[dict[str, Any], dict[str, int]]:
        """Crawl; the stats, and how often each address was asked."""
        self.server.asked.clear()
        done = self.workplace.run("unioncrawl", "crawl", "gh")
        assert "Traceback" not in done.stderr
        stats = self.workplace.rows("select stats from run order by id desc limit 1")[0][0]
        return json.loads(stats), dict(self.server.asked)

    def stored(self) -> set[str]:
        """The paths of all articles that are stored."""
        rows = self.workplace.rows("select canonical_url from article")
        return {url.partition(self.server.host)[2] for (url,) in rows}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The site."""
    made = Site(tmp_path)
    yield made
    stop(made.server)


def stop(server: Canned) -> None:
    """Stop a server."""
    server.shutdown()
    server.server_close()


def test_what_is_no_article_is_not_asked_again_in_every_run(site: Site) -> None:
    """A dead entry at a list's end costs one request, and the next run one list page and nothing else."""
    dead = path(1)
    site.server.pages[dead] = GONE
    site.server.pages["/xwdt/"] = listing([path(9), path(8), path(7), dead], next_page(2))
    site.crawl()
    stats, asked = site.crawl()
    assert {address for address in asked if "robots" not in address} == {"/xwdt/"}
    assert stats["unioncrawl/walk/complete"] == 1
    assert dead not in site.stored()


@pytest.mark.parametrize("status", [412, 403, 500, 503])
def test_what_was_refused_is_fetched_by_the_next_run(site: Site, status: int) -> None:
    """An article that a wall or an overloaded server refused is asked for again, and stored."""
    site.server.statuses[path(5)] = status
    site.crawl()
    before = site.stored()
    site.server.statuses.clear()
    stats, _ = site.crawl()
    assert path(5) not in before
    assert path(5) in site.stored()
    assert stats["unioncrawl/list/pages"] == 1


def test_a_failing_column_leaves_the_others_as_they_are(site: Site) -> None:
    """Beside a column whose list is gone, a daily run still reads one page of the other."""
    file = site.folder / "sites" / "gh.toml"
    broken = f'{{ name = "旧闻", url = "http://{site.server.host}/old/" }}'
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("columns = [", f"columns = [{broken}, "), encoding="utf-8")
    site.crawl()
    stats, asked = site.crawl()
    assert stats["unioncrawl/walk/complete"] == 0
    assert "/xwdt/index_2.html" not in asked
    assert len(site.stored()) == 6


def test_a_box_of_known_articles_hides_no_new_ones(site: Site) -> None:
    """Where new articles fill the first list page, a box of known ones beside it does not end the walk."""
    box = "<div class='hot'><ul>" + "".join(f"<li><a href='{path(n)}'>热点</a></li>" for n in (4, 5, 6, 7, 8))
    site.server.pages["/xwdt/"] = listing([path(8), path(7)], box)
    site.server.pages["/xwdt/index_2.html"] = ""
    site.crawl()
    site.server.pages["/xwdt/"] = listing([path(3), path(2)], box + "</ul></div>" + next_page(2))
    site.server.pages["/xwdt/index_2.html"] = listing([path(1), path(8), path(7)])
    site.crawl()
    assert {path(1), path(2), path(3)} <= site.stored()


def test_a_rejection_names_the_address_that_was_asked(site: Site) -> None:
    """An entry that leads to an error page is recorded under its own address."""
    site.server.redirects[path(9)] = "/404.html"
    site.server.pages["/404.html"] = GONE
    site.crawl()
    (row,) = site.workplace.rows("select url, reason, detail from rejection")
    assert row[0].endswith(path(9))
    assert row[1] == "soft-404"
    assert row[2].endswith("/404.html")


@pytest.mark.parametrize("home", ["list", "teasers"])
def test_an_address_that_leads_to_the_home_page_is_no_article(site: Site, home: str) -> None:
    """Many sites send visitors of a deleted article to the home page, whatever stands there."""
    site.server.redirects[path(9)] = "/"
    site.server.pages["/"] = listing([path(n) for n in (8, 7, 6, 5, 4)]) if home == "list" else article(3)
    site.crawl()
    assert len(site.stored()) == 5
    ((url, reason),) = site.workplace.rows("select url, reason from rejection")
    assert (url.endswith(path(9)), reason) == (True, "sent-home")


def test_another_view_of_an_article_is_a_twin(site: Site) -> None:
    """A page with the title and the counter of a stored article that shows less is no second article."""
    counter = "<script src='/e/public/ViewClick/?classid=3&id=9&addclick=1'></script>"
    whole = article(9).replace("市总工会</div>", f"市总工会 浏览量：{counter}</div>")
    site.server.pages[path(9)] = whole
    site.server.pages[path(8)] = whole.replace("<p>第9号稿件。", "<p hidden>", 1)
    site.server.pages["/e/public/ViewClick/?classid=3&id=9&addclick=1"] = "document.write('57');"
    _, asked = site.crawl()
    assert asked["/e/public/ViewClick/?classid=3&id=9&addclick=1"] == 1
    assert len({path(8), path(9)} & site.stored()) == 1
    assert site.workplace.rows("select reason from rejection") == [("twin",)]


@pytest.mark.parametrize("answer", ["document.write('57');", "没有这篇文章"])
def test_an_article_that_is_read_at_two_addresses_has_one_count(site: Site, answer: str) -> None:
    """Each visit has what its counter answered, which is asked once; none says that nothing is counted."""
    counter = "<script src='/e/public/ViewClick/?classid=3&id=9&addclick=1'></script>"
    site.server.pages[path(9)] = article(9).replace("市总工会</div>", f"市总工会 浏览量：{counter}</div>")
    site.server.redirects.update({path(8): path(9), path(4): path(9)})
    site.server.pages["/e/public/ViewClick/?classid=3&id=9&addclick=1"] = answer
    _, asked = site.crawl()
    assert asked["/e/public/ViewClick/?classid=3&id=9&addclick=1"] == 1
    visits = "select o.hits, status from observation o join article a on a.id = article_id where url like ?"
    expected = (57, "counter") if "57" in answer else (None, "failed")
    assert site.workplace.rows(visits, f"%{path(9)}") == [expected] * 3
    assert site.workplace.rows("select count(*) from url_alias where reason = 'redirect'") == [(2,)]


def test_a_printed_count_stands_where_its_counter_does_not_answer(site: Site) -> None:
    """A page that prints its hits and asks them again keeps the printed number when that fails."""
    counter = "437<script src='/e/public/ViewClick/?classid=3&id=9&addclick=1'></script>"
    site.server.pages[path(9)] = article(9).replace("市总工会</div>", f"市总工会 浏览量：{counter}</div>")
    site.crawl()
    rows = site.workplace.rows("select hits, hits_status from article where hits is not null")
    assert rows == [(437, "page")]


def test_a_sites_own_module_is_found(site: Site) -> None:
    """A Python file beside the site file changes how its lists go on."""
    site.server.pages["/xwdt/"] = listing(
        [path(9)], "<div class='pager' data-next='/xwdt/index_2.html'></div>"
    )
    (site.folder / "sites" / "gh.py").write_text(
        "class Site:\n"
        "    def next_list_request(self, listing, response, column):\n"
        "        following = response.css('.pager::attr(data-next)').get()\n"
        "        if following is None:\n"
        "            return super().next_list_request(listing, response, column)\n"
        "        return self.list_request(response.urljoin(following), column)\n",
        encoding="utf-8",
    )
    site.crawl()
    assert site.stored() == {path(n) for n in (9, 6, 5, 4)}


def test_a_wall_is_left_alone_for_longer_and_longer(site: Site) -> None:
    """At each refusal the pause grows; six in a row end the run, and the next one goes on after them."""
    file = site.folder / "sites" / "gh.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("delay_seconds = 0", "delay_seconds = 0.1"), encoding="utf-8")
    articles = [path(n) for n in range(9, 0, -1)]
    site.server.pages["/xwdt/"] = listing(articles)
    site.server.statuses = dict.fromkeys(articles, 412)
    site.server.times.clear()
    stats, asked = site.crawl()
    moments = [moment for address, moment in site.server.times if address in articles]
    pauses = [later - earlier for earlier, later in pairwise(moments)]
    assert stats["finish_reason"] == "blocked"
    # A seventh may be on its way when the sixth is read.
    assert 6 <= sum(asked.get(address, 0) for address in articles) <= 7
    # Half of 0.2, 0.4, 0.8 … are 3.1 in sum and 1.6 at last. What a busy machine receives late is
    # followed by a shorter pause; five pauses that do not grow are 0.75 in sum.
    assert sum(pauses[:5]) >= 2.0
    assert pauses[4] >= 1.0
    site.server.statuses.clear()
    site.crawl()
    assert site.stored() == set(articles)


def test_a_part_that_failed_is_fetched_with_its_article_by_the_next_run(site: Site) -> None:
    """An article whose second part failed is visited again and made whole; the part is not an article."""
    second = path(9).replace("/9.html", "/9_2.html")
    pager = f"<div class='epages'><a href='{second}'>下一页</a></div>"
    site.server.pages[path(9)] = article(9).replace("</body>", f"{pager}</body>")
    site.server.pages[second] = article(9).replace("第9号稿件", "续第9号稿件")
    site.server.statuses[second] = 500
    site.crawl()
    (row,) = site.workplace.rows("select url, reason, detail from rejection")
    assert row[0].endswith(path(9))
    assert row[1] == "part-missing"
    assert f"{second}: 500" in row[2]
    time.sleep(1)  # the archive keeps seconds: within one, no visit is later than the failure
    site.server.statuses.clear()
    site.crawl()
    query = "select body_text from revision r join article a on a.revision_id = r.id where a.url like ?"
    ((text,),) = site.workplace.rows(query, f"%{path(9)}")
    assert "续第9号稿件" in text
    assert second not in site.stored()
    _, asked = site.crawl()
    assert path(9) not in asked
