from __future__ import annotations

import csv
import json
import random
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import feedparser
import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS

from tests.databases import ask, copy_archive
from tests.reader.invented_news import PAGES, News
from unioncrawl.archive.exports.codebook import NAMES
from unioncrawl.archive.spreadsheet_cells import text_of_cell
from unioncrawl.reader import exporting
from unioncrawl.reader.beside import served
from unioncrawl.reader.exporting import MOST_AT_ONCE
from unioncrawl.reader.settings import ReaderSettings

API = "/api/v1"
PRESENT = len(PAGES) - 1
_ASKED = 15


def _get(browser: httpx.Client, path: str, **asked: Any) -> Any:
    answer = browser.get(f"{API}{path}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def test_a_search_goes_from_page_to_page(browser: httpx.Client) -> None:
    """All pages together have every article once; each page says the same total."""
    ids: list[int] = []
    page = _get(browser, "/search", limit=15)
    while True:
        assert page["total"] == PRESENT
        ids += [found["id"] for found in page["results"]]
        if page["next_url"] is None:
            break
        page = browser.get(page["next_url"]).json()
    assert len(ids) == len(set(ids)) == PRESENT


def test_a_search_counts_and_marks(browser: httpx.Client) -> None:
    """Facets and marks are those of the library's search."""
    page = _get(browser, "/search", q="职工书屋", facets=True)
    assert page["facets"]["site"] == [{"value": "quanguo", "count": page["total"]}]
    assert "⟦" in page["results"][0]["snippet"]


def test_an_article_has_the_fields_of_an_export(browser: httpx.Client, news: News) -> None:
    """One record: every field of docs/fields.md, its digest, and the same in a page of articles."""
    number = news.numbers["cooling"]
    article = _get(browser, f"/articles/{number}")
    assert list(article) == [*NAMES, "digest"]
    assert (article["title"], article["hits"], article["revision"]) == (
        "临溪市总工会为环卫职工送清凉",
        295,
        2,
    )
    assert article["attachments"][0]["url"] == "http://gh.linxi.example/files/notice.pdf"
    (listed,) = _get(browser, "/articles", q="site:linxi 清凉")["articles"]
    assert listed == article
    cited = browser.get(f"/articles/{number}/cite").text
    assert f"版本摘要{article['digest']}" in cited


def test_an_article_has_a_history_hits_and_reprints(browser: httpx.Client, news: News) -> None:
    """What `show`, `hits` and `reprints` print of an article."""
    number = news.numbers["cooling"]
    history = _get(browser, f"/articles/{number}/history")
    assert [one["number"] for one in history["revisions"]] == [1, 2]
    series = _get(browser, f"/articles/{number}/hits")["series"]
    assert [one["hits"] for one in series] == [120, 155, 190, 225, 260, 295]
    assert series[1]["change"] == 35
    (group,) = _get(browser, f"/articles/{number}/reprints")["groups"]
    assert {member["id"] for member in group["members"]} == {number, news.numbers["reprint"]}
    assert _get(browser, f"/articles/{news.numbers['skills']}/reprints")["groups"] == []
    assert _get(browser, "/reprints")["groups"] == [group]
    assert _get(browser, "/reprints", before=group["id"])["groups"] == []


def test_hits_are_ranked(browser: httpx.Client, news: News) -> None:
    """The article that gained most comes first; a window and a site narrow it."""
    ranked = _get(browser, "/hits")["articles"]
    assert ranked[0]["gained"] == max(one["gained"] for one in ranked)
    (own,) = _get(browser, "/hits", site="linxi", since="2024-04-09")["articles"]
    assert (own["id"], own["gained"]) == (news.numbers["cooling"], 175)


def test_sites_and_runs_are_listed(browser: httpx.Client) -> None:
    """Each site with its articles, whose number the search has too; each run with its times."""
    sites = _get(browser, "/sites")["sites"]
    assert [one["key"] for one in sites] == ["donghe", "linxi", "quanguo", "yunling"]
    for one in sites:
        assert one["articles"] == _get(browser, "/search", q=f"site:{one['key']}", limit=1)["total"]
        assert _get(browser, f"/sites/{one['key']}") == one
        assert one["first_day"] <= one["last_day"]
    (run,) = _get(browser, "/runs")["runs"]
    assert (run["spider"], run["reason"]) == ("linxi", "finished")
    assert _get(browser, f"/runs/{run['id']}") == run
    assert _get(browser, "/runs", before=run["id"]) == {"runs": [], "next": None}


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
@pytest.mark.parametrize("path", ["{api}/export?format={form}&", "/export.{form}?"])
def test_an_export_streams_the_same_rows(browser: httpx.Client, form: str, path: str) -> None:
    """Each format has every article of the query, at both addresses, with their number in a header."""
    answer = browser.get(path.format(api=API, form=form) + "q=书屋")
    assert answer.status_code == 200
    rows: list[dict[str, Any]]
    if form == "csv":
        rows = list(csv.DictReader(answer.content.decode("utf-8-sig").splitlines(keepends=True)))
    elif form == "json":
        rows = answer.json()
    else:
        rows = [json.loads(line) for line in answer.text.splitlines()]
    assert len(rows) == int(answer.headers["x-total-count"]) == 26
    assert text_of_cell(rows[0]["title"]).startswith("职工书屋")
    assert list(rows[0]) == list(NAMES)


@pytest.mark.parametrize("form", ["jsonl", "json", "csv"])
def test_an_export_of_nothing_is_whole(browser: httpx.Client, form: str) -> None:
    """Without a match there is an empty array, no line, or a table's head alone."""
    answer = browser.get(f"/export.{form}", params={"q": "没有这样的词"})
    assert answer.status_code == 200
    lines = answer.content.decode("utf-8-sig").split()
    assert lines == {"jsonl": [], "json": ["[", "]"], "csv": [",".join(NAMES)]}[form]


def test_an_export_that_is_not_whole_is_broken_off(news: News, tmp_path: Path) -> None:
    """An article that is not what was stored is left out, and whoever takes the rest learns of it."""
    changed = copy_archive(news.address, tmp_path / "archive.db")
    ask(changed, "update revision set title = '改过' where article_id = ?", news.numbers["skills"])
    with (
        served(ReaderSettings(archive=changed)) as address,
        httpx.Client(base_url=address) as client,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        client.get(f"{API}/export")


def test_exports_leave_room_for_pages(browser: httpx.Client) -> None:
    """So many exports at once, then 503; each gives its place back, also one that is broken off."""
    for _ in range(MOST_AT_ONCE + 1):
        with browser.stream("GET", f"{API}/export") as answer:
            assert answer.status_code == 200
            next(answer.iter_raw(chunk_size=10))
    with ExitStack() as taken:
        for _ in range(MOST_AT_ONCE):
            assert exporting._PLACES.acquire(timeout=30)
            taken.callback(exporting._PLACES.release)
        answer = browser.get(f"{API}/export")
        assert (answer.status_code, answer.json()["kind"]) == (503, "costly")
        assert browser.get("/").status_code == 200
    assert browser.get(f"{API}/export").status_code == 200


def test_a_withdrawn_article_is_gone(browser: httpx.Client, news: News) -> None:
    """Every address of it says since when, and no list, search or export has it."""
    number = news.numbers["withdrawn"]
    for part in ("", "/history", "/hits", "/reprints"):
        answer = browser.get(f"{API}/articles/{number}{part}")
        assert answer.status_code == 410
        assert answer.json()["withdrawn_at"]
        assert "后来撤下" not in answer.text
    for path in (f"{API}/search?q=撤下", f"{API}/articles?limit=100", f"{API}/export"):
        assert "后来撤下" not in browser.get(path).text


def test_who_has_an_answer_gets_304(browser: httpx.Client, news: News) -> None:
    """By ETag; every answer has one."""
    for path in (
        "/search",
        "/articles",
        f"/articles/{news.numbers['cooling']}",
        "/hits",
        "/reprints",
        "/sites",
        "/runs",
    ):
        tag = browser.get(API + path).headers["etag"]
        assert browser.get(API + path, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/articles/999999", 404, "article"), ("/articles/abc", 404, "page"), ("/nowhere", 404, "page"),
        ('/search?q="half', 400, "query"), ("/search?q=site:unknown", 404, "site"),
        ("/search?limit=0", 400, "parameter"), ("/search?after=x", 400, "parameter"),
        ("/sites/unknown", 404, "site"), ("/sites/LINXI", 404, "site"), ("/runs/99", 404, "run"),
        ("/hits?since=2024-99", 400, "query"), ("/hits?site=unknown", 404, "site"),
        ("/export?q=site:unknown", 404, "site"), ("/export?format=xls", 400, "parameter"),
    ],
)  # fmt: skip
def test_errors_are_problems(browser: httpx.Client, path: str, status: int, kind: str) -> None:
    """An error has the media type and the members of RFC 9457, and what to do next where that is known."""
    answer = browser.get(API + path)
    said = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, said["status"], said["kind"]) == (status, status, kind)
    assert said["title"]
    assert said["detail"]


def test_refusals_of_the_gate_are_problems_too(browser: httpx.Client, news: News) -> None:
    """A method, a host and a length that the gate refuses are said as the API says errors."""
    for answer in (
        browser.post(f"{API}/search"),
        browser.get(f"{API}/search", headers={"Host": "news.example"}),
        browser.get(f"{API}/search", params={"q": "工" * 3_000}),
    ):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == answer.status_code >= 400
    with served(ReaderSettings(archive=news.address, root_path="/archive")) as address:
        assert httpx.post(f"{address}{API}/search").json()["status"] == 405
    head = browser.head(f"{API}/articles/999999")
    assert (head.status_code, head.content) == (404, b"")


def test_no_other_page_may_read_the_api(browser: httpx.Client) -> None:
    """No answer allows another origin."""
    answer = browser.get(f"{API}/search", headers={"Origin": "https://news.example"})
    assert "access-control-allow-origin" not in answer.headers


def test_every_operation_keeps_to_its_description(reader_url: str) -> None:
    """What schemathesis makes of the description, right and wrong, is answered as described."""
    schema = schemathesis.openapi.from_url(f"{reader_url}{API}/openapi.json")
    operations = [cast("Any", result).ok() for result in schema.get_all_operations()]
    assert len(operations) >= 13
    made = [one.as_strategy(generation_mode=mode) for one in operations for mode in GenerationMode]
    names = (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    )
    checks: list[Any] = [CHECKS.get_one(name) for name in names]

    @given(st.one_of(made))
    @settings(max_examples=_ASKED, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=checks)

    ask()


_WORDS = ("职工", "工会", "书屋", "清凉", "劳模", "大会", "竞赛", "读者", "的", "工", "人", "县", "没有")
_FILTERS = ("site:quanguo", "site:linxi", "level:county", "since:2024-04-12", "until:2024-04-20", "hits:>100")


def _random_query(chance: random.Random) -> str:
    parts = chance.choices(_WORDS, k=chance.randint(0, 2)) + chance.sample(_FILTERS, k=chance.randint(0, 1))
    chance.shuffle(parts)
    joined = f" {chance.choice(('', 'OR', 'AND'))} ".join(parts)
    return f"-({joined})" if parts and chance.random() < 0.15 else joined


@pytest.mark.parametrize("seed", range(3))
def test_one_total_everywhere(browser: httpx.Client, seed: int) -> None:
    """Of random queries the page, the API, the feed and the exported rows have one number."""
    chance = random.Random(seed)  # noqa: S311 - a seed that repeats
    for query in [_random_query(chance) for _ in range(10)]:
        rows = len(browser.get(f"{API}/export", params={"q": query}).text.splitlines())
        asked: dict[str, str | int] = {"q": query, "limit": 1}
        atom = feedparser.parse(browser.get("/feed.atom", params=asked).content).feed
        totals = {
            "search": _get(browser, "/search", **asked)["total"],
            "feed": int(atom.opensearch_totalresults),
        }
        assert totals == dict.fromkeys(totals, rows), query
        page = browser.get("/", params={"q": query}).text
        assert (f"共 {rows} 篇" in page) == bool(rows), query
