"""Tests for ``unioncrawl sites``."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from typer.testing import CliRunner

from unioncrawl.commands.sites import app
from unioncrawl.errors import DecodeError, FetchFailed, SiteFileError, UnioncrawlError
from unioncrawl.practice.server import PracticeServer
from unioncrawl.sites.catalogue import load_catalogue, read_site_file

HOME = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>首页-临溪市总工会</title></head><body>
<ul class="nav"><li><a href="/xwdt/">工会动态</a></li><li><a href="/wqbz/">维权帮扶</a></li>
<li><a href="http://www.gov.cn/zhengce/">政策</a></li><li><a href="/about.html">联系我们</a></li></ul>
<li><a href="/xwdt/2025-03-14/1023.html">临溪市总工会举办职工技能竞赛</a></li>
<script src="/e/public/ViewClick/?classid=3&id=1023&addclick=1"></script></body></html>"""


def run(*arguments: str) -> str:
    """Run the command; what it prints."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_has_every_site_as_json() -> None:
    """sites list --json gives each site with its family and what a reader must know."""  # noqa: D403 - a command
    record = json.loads(run("list", "--json"))
    assert {site["id"] for site in record["sites"]} == set(load_catalogue().profiles)
    closed = {site["id"]: site["closed"] for site in record["sites"]}
    assert closed["acftu"].startswith("waf")
    assert closed["gsgh"].startswith("shell")


def test_an_unknown_site_is_refused() -> None:
    """Showing a site that is not there says how to list them."""
    with pytest.raises(SiteFileError, match="unioncrawl sites list"):
        run("show", "nowhere")


def test_check_shows_the_fields_of_a_saved_page(tmp_path: Path) -> None:
    """With a saved page, check shows each field that the site file would take."""
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><meta charset='utf-8'><title>送清凉_临溪市总工会</title></head><body>"
        "<h1>市总工会送清凉到一线</h1>"
        "<div>发布日期：2024/4/8 9:32:34 来源：市总工会</div><div class='content'>"
        + "<p>市总工会领导来到建筑工地，把矿泉水和防暑药品送到一线职工手中，并叮嘱大家注意防暑降温。</p>" * 4
        + "</div></body></html>",
        encoding="utf-8",
    )
    site = tmp_path / "linxi.toml"
    site.write_text(
        'id = "linxi"\nname = "临溪市总工会"\nlevel = "city"\nfamily = "generic"\n'
        'hosts = ["linxi.example"]\n',
        encoding="utf-8",
    )
    record = json.loads(run("check", str(site), "--page", str(page), "--json"))
    assert record["kind"] == "article"
    assert record["title"] == "市总工会送清凉到一线"
    assert record["published_at"] == "2024-04-08T09:32:34+08:00"


def test_check_names_a_pager_that_is_not_followed(tmp_path: Path) -> None:
    """Of a saved list page, check shows entries, pages and the next page, and a pager without one."""
    items = "".join(
        f"<li><a href='/xw/2024-03-0{n}/102{n}.html'>东河县总工会第{n}次走访慰问职工</a> 2024-03-0{n}</li>"
        for n in range(1, 9)
    )
    page = tmp_path / "list.html"
    page.write_text(f"<meta charset='utf-8'><ul>{items}</ul><div>共12页</div>", encoding="utf-8")
    site = tmp_path / "donghe.toml"
    start = 'id = "donghe"\nname = "东河"\nlevel = "county"\nfamily = "generic"\n'
    site.write_text(f'{start}hosts = ["donghe.example"]\n', encoding="utf-8")
    record = json.loads(run("check", str(site), "--page", str(page), "--json"))
    assert (record["kind"], record["entries"], record["pages"], record["next_page"]) == ("list", 8, 12, "")
    assert record["finding"] == "the list says 12 pages, and no next page is found"


def test_new_proposes_a_file_that_loads(tmp_path: Path) -> None:
    """From a saved home page the family is recognised, columns are proposed, and the file is sound."""
    page = tmp_path / "home.html"
    page.write_text(HOME, encoding="utf-8")
    proposed = tmp_path / "sites" / "linxi.toml"
    said = run("new", str(page), "--url", "http://www.linxi-gh.example/", "-o", str(proposed))
    profile = read_site_file(proposed)
    assert profile.family == "empirecms"
    assert profile.name == "临溪市总工会"
    assert [(column.name, column.url) for column in profile.columns] == [
        ("工会动态", "http://www.linxi-gh.example/xwdt/"),
        ("维权帮扶", "http://www.linxi-gh.example/wqbz/"),
    ]
    assert not profile.verified
    assert "/e/public/ViewClick/?" in said
    with pytest.raises(SiteFileError, match="already"):
        run("new", str(page), "--url", "http://www.linxi-gh.example/", "-o", str(proposed))


def test_new_fetches_a_page() -> None:
    """From an address the page is fetched, and the system recognised from it."""
    with PracticeServer(port=0) as server:
        record = json.loads(
            run("new", server.base_urls["practice-xunrui"] + "index.php?c=show&id=1", "--json")
        )
    assert record["family"] == "xunrui"


def test_new_asks_for_the_page_and_no_counter() -> None:
    """To propose a file, robots.txt and the page are asked for: no script, picture or counter."""
    asked: list[str] = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404 if self.path == "/robots.txt" else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"" if self.path == "/robots.txt" else HOME.encode())

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        record = json.loads(run("new", f"http://127.0.0.1:{server.server_port}/", "--json"))
        server.shutdown()
    assert asked == ["/robots.txt", "/"]
    assert record["site_id"] == "lxszgh"
    assert record["page"]["kind"] == "list"


def test_new_calls_a_feed_a_list(tmp_path: Path) -> None:
    """A feed is a list of articles and no article itself."""
    feed = tmp_path / "feed.xml"
    item = "<item><title>市总工会送清凉到一线</title><link>http://gh.example/a</link></item>"
    feed.write_text(f"<rss><channel><title>临溪市总工会</title>{item}</channel></rss>", encoding="utf-8")
    record = json.loads(run("new", str(feed), "--url", "http://gh.example/feed", "--json"))
    assert record["page"] == {"kind": "list", "reason": ""}
    assert "article_url = '^https?://'" in record["text"]


def test_a_page_that_does_not_answer_is_reported() -> None:
    """When nothing listens at the address, the error names it."""
    with PracticeServer(port=0) as server:
        address = server.base_urls["practice-asp"]
    with pytest.raises(FetchFailed, match="no answer"):
        run("new", address)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer\n%%EOF", DecodeError),
        (bytes(range(256)) * 8, DecodeError),
        (b"", FetchFailed),
        (b"<html><script>$_ts=window['$_ts'];</script></html>", FetchFailed),
        ("<html><body><h1>404 Not Found</h1><p>页面不存在</p></body></html>".encode(), FetchFailed),
    ],
)
def test_what_shows_no_site_is_refused(tmp_path: Path, body: bytes, error: type[UnioncrawlError]) -> None:
    """A file that is not a page, an empty one, a wall and a missing page are refused with the next step."""
    page = tmp_path / "page.html"
    page.write_bytes(body)
    with pytest.raises(error) as raised:
        run("new", str(page), "--url", "http://www.linxi-gh.example/")
    assert raised.value.next_step


def test_an_invalid_address_is_refused() -> None:
    """An address that no browser would take is reported, without a traceback."""
    with pytest.raises(FetchFailed, match="not a web address"):
        run("new", "http://[工会/")


def test_a_saved_page_shows_where_it_came_from(tmp_path: Path) -> None:
    """The comment that browsers write into a saved page stands for --url."""
    page = tmp_path / "home.html"
    page.write_text(f"<!-- saved from url=(0028)http://www.linxi-gh.example/ -->{HOME}", encoding="utf-8")
    assert 'url = "http://www.linxi-gh.example/xwdt/"' in run("new", str(page))


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            'columns = [{ name = "要闻", url = "http://news.other.example/" }]',
            "'columns.0.url': news.other.example",
        ),
        ('private_hosts = ["gh.corp"]', "'private_hosts': gh.corp"),
        ('counter_hosts = ["http://a.cn/"]', "'counter_hosts.0' is not a host"),
        ("part_hosts = [4]", "'part_hosts.0' is not text"),
    ],
)
def test_check_finds_addresses_that_no_crawl_could_ask(tmp_path: Path, more: str, expected: str) -> None:
    """A column on a host that the file does not name, and hosts of no use, are reported with their key."""
    file = tmp_path / "linxi.toml"
    start = 'id = "linxi"\nname = "临溪"\nlevel = "city"\nfamily = "generic"\nhosts = ["www.linxi.example"]\n'
    file.write_text(start + more, encoding="utf-8")
    with pytest.raises(SiteFileError) as raised:
        run("check", str(file))
    assert expected in str(raised.value)
