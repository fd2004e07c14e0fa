"""The ledger of a run: every entry of its lists is accounted for, and what is lost makes the run fail."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.guard.hostile import Answer, Hostile, moved, page
from tests.guard.place import Ended, Place
from tests.guard.stories import article, listing

SITE = "entries"
FATES = ("stored", "known", "outside", "rejected", "owed")
# What another project may have in its pipelines and middlewares.
STRANGERS = """
from scrapy import Request
from scrapy.exceptions import DropItem, IgnoreRequest


class DroppingPipeline:
    def process_item(self, item):
        if "/2.html" in getattr(item, "url", ""):
            raise DropItem("not wanted")
        return {"note": "换"} if "/3.html" in getattr(item, "url", "") else item


class SwallowingMiddleware:
    def process_spider_output(self, response, result):
        for one in result:
            if not (isinstance(one, Request) and "/4.html" in one.url):
                yield one

    async def process_spider_output_async(self, response, result):
        async for one in result:
            if not (isinstance(one, Request) and "/4.html" in one.url):
                yield one


class IgnoringMiddleware:
    def process_response(self, request, response):
        if "/5.html" in request.url:
            raise IgnoreRequest("not mine")
        if "/6.html" in request.url:
            raise KeyError("临溪")
        return response
"""
_STRANGE = (
    *("-s", 'ITEM_PIPELINES={"strangers.DroppingPipeline": 250}'),
    *("-s", 'SPIDER_MIDDLEWARES={"strangers.SwallowingMiddleware": 900}'),
    *("-s", 'DOWNLOADER_MIDDLEWARES={"strangers.IgnoringMiddleware": 551}'),
)


def own(name: object) -> str:
    """The path of an entry."""
    return f"/20250301/{name}.html"


def record(ended: Ended) -> dict[str, object]:
    """What ``unioncrawl crawl --json`` printed of the one site."""
    found: dict[str, object] = json.loads(ended.out)[0]
    return found


def fates(ended: Ended) -> dict[str, int]:
    """The numbers of the entries; they must add up."""
    numbers = record(ended)["entries"]
    assert isinstance(numbers, dict), ended.said
    assert numbers["total"] == sum(numbers[fate] for fate in (*FATES, "missing")), ended.said
    return {name: numbers[name] for name in ("total", *FATES, "missing")}


def counted(place: Place) -> dict[str, int]:
    """The numbers of the entries in the stats of the latest run."""
    stats = json.loads(place.rows("select stats from run order by id desc limit 1")[0][0])
    prefix = "unioncrawl/entries/"
    return {name.removeprefix(prefix): n for name, n in stats.items() if name.startswith(prefix)}


def test_every_kind_of_answer_has_its_fate(place: Place, hostile: Hostile) -> None:
    """Articles, aliases, gone and busy pages, old dates: the numbers add up, and stand in the archive."""
    answers: dict[str, Answer | list[Answer]] = {
        "1": page(article(1, "账")),
        "2": page(article(2, "账")),
        "alias": moved(own(1)),
        "gone": page("<p>您访问的页面不存在</p>", 404),
        "busy": page("<p>503</p>", 503),
        "cookie": [
            Answer(b"", 302, (("Location", own("cookie")), ("Set-Cookie", "seen=1; path=/"))),
            page(article(3, "账")),
        ],
        "outside": page(article(4, "账").replace("2025-03-05", "2019-03-05")),
    }
    hostile.pages.update({own(name): answer for name, answer in answers.items()})
    entries = [own(name) for name in answers]
    old = f"<ul><li><a href='{own('old')}'>旧闻</a><span>2018-01-01</span></li></ul>"
    hostile.pages["/one.html"] = page(listing(entries, after=old))
    hostile.pages["/two.html"] = page(listing(entries[:3]))
    place.site(SITE, hostile.host, [f"{hostile.url}/one.html", f"{hostile.url}/two.html"])
    place.variables["UNIONCRAWL_PATIENCE_SECONDS"] = "0"
    ended = place.unioncrawl("crawl", SITE, "--json", "--since", "2025-01-01")
    assert fates(ended) == {
        "total": 8,
        "stored": 3,
        "known": 1,
        "outside": 2,
        "rejected": 1,
        "owed": 1,
        "missing": 0,
    }
    assert ended.code == 0, ended.said
    assert counted(place)["stored"] == 3
    again = place.unioncrawl("crawl", SITE)
    # Without the window the undated list leads to the old article too.
    assert f"{SITE}: 8 entries: 1 stored, 4 known, 0 outside the window, 2 rejected, 1 owed" in again.out


def test_what_strangers_swallow_is_owed(place: Place, hostile: Hostile) -> None:
    """What other components drop has a row each; what vanishes without a word fails the run."""
    for number in range(1, 8):
        hostile.pages[own(number)] = page(article(number, "失"))
    hostile.pages["/list.html"] = page(listing([own(number) for number in range(1, 8)]))
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    (place.folder / "strangers.py").write_text(STRANGERS, encoding="utf-8")
    place.variables["PYTHONPATH"] = f"{Path(__file__).parents[2]}:{place.folder}"
    ended = place.run("scrapy", "crawl", SITE, *_STRANGE)
    assert ended.code == 1, ended.said
    assert {own(3), own(4)} == {path for path in map(own, range(8)) if path in ended.err.splitlines()[-1]}
    numbers = counted(place)
    assert (numbers["total"], numbers["stored"], numbers["owed"], numbers["missing"]) == (7, 2, 3, 2)
    reasons = {line.split()[2].rpartition("/")[2]: line.split()[1] for line in place.rejections(SITE)}
    assert reasons == {
        "2.html": "dropped",
        "3.html": "lost",
        "4.html": "lost",
        "5.html": "ignored",
        "6.html": "internal-error",
    }
    healed = place.unioncrawl("crawl", SITE, "--json")
    assert len(place.stored(SITE)) == 7, healed.said
    assert healed.code == 0, healed.said


@pytest.mark.parametrize("status", [404, 500])
def test_a_list_that_breaks_off_fails_the_run(place: Place, hostile: Hostile, status: int) -> None:
    """Where the second list page fails, the run failed whatever the first one brought; a 404 is the end."""
    hostile.pages[own(1)] = page(article(1, "断"))
    hostile.pages["/list.html"] = page(listing([own(1)], after="<a href='/2.html'>下一页</a>"))
    hostile.pages["/2.html"] = page("<p>列表</p>", status)
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    ended = place.unioncrawl("crawl", SITE)
    assert ended.code == (0 if status == 404 else 1), ended.said
    assert ("a list broke off" in ended.err) == (status != 404)


def test_an_owed_address_keeps_the_date_of_its_list(place: Place, hostile: Hostile) -> None:
    """An address that failed is asked again with what its list says of it: the only date that there is."""
    undated = article(1, "期", line="来源：市总工会")
    hostile.pages[own(1)] = [page("<p>503</p>", 503), page(undated)]
    hostile.pages["/list.html"] = page(listing([own(1)]))
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    first = place.run("scrapy", "crawl", SITE, "-s", "RETRY_TIMES=0")
    assert place.stored(SITE) == [], first.said
    again = place.unioncrawl("crawl", SITE)
    dates = place.rows("select published_raw from revision")
    assert dates == [("2025-03-01",)], again.said


def test_an_address_that_is_asked_in_another_form_is_one_entry(place: Place, hostile: Hostile) -> None:
    """An entry whose address is asked as browsers ask it (a backslash is a slash) is stored, then known."""
    hostile.pages["/20250301/x/1.html"] = page(article(1, "形"))
    hostile.pages["/list.html"] = page(listing(["/20250301/x\\1.html"]))
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"], more="article_url = '/20250301/'\n")
    for fate in ("stored", "known"):
        ended = place.unioncrawl("crawl", SITE, "--json")
        assert (fates(ended)[fate], ended.code) == (1, 0), ended.said
    assert hostile.asked["/20250301/x/1.html"] == 1


def test_six_scattered_busy_pages_are_no_wall(place: Place, hostile: Hostile) -> None:
    """Six busy pages among others that come do not end the crawl, though their retries come last."""
    names = range(1, 19)
    for number in names:
        busy = number % 3 == 0
        hostile.pages[own(number)] = page("<p>503</p>", 503) if busy else page(article(number, "忙"))
    hostile.pages["/list.html"] = page(listing([own(number) for number in names]))
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    ended = place.run("scrapy", "crawl", SITE, "-s", "RETRY_TIMES=1", "-s", "CONCURRENT_REQUESTS=1")
    assert place.rows("select reason from run") == [("finished",)], ended.said
    assert counted(place)["owed"] == 6


def test_a_wall_ends_the_run_as_failed_and_owes_the_rest(place: Place, hostile: Hostile) -> None:
    """A site that refuses every article ends the crawl, which says so, exits 1 and owes what is left."""
    names = range(1, 13)
    for number in names:
        hostile.pages[own(number)] = page("<p>403</p>", 403)
    hostile.pages["/list.html"] = page(listing([own(number) for number in names]))
    place.site(SITE, hostile.host, [f"{hostile.url}/list.html"])
    ended = place.unioncrawl("crawl", SITE, "--json")
    assert record(ended)["ended"] == "blocked", ended.said
    assert ended.code == 1
    assert fates(ended)["owed"] == 12
    rows = place.rows("select count(distinct url) from rejection")
    assert rows == [(12,)]
