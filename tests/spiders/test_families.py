"""How each family's lists are walked, over HTTP against pages of its markup."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from tests.spiders.conftest import ROOT, Workplace
from unioncrawl.practice.server import PracticeServer

pytestmark = pytest.mark.xdist_group("practice")

SENTENCES = (
    "市总工会日前举办职工技能竞赛，来自各县区的一百二十名选手参加了比赛。",
    "比赛设钳工、焊工、养老护理三个项目，成绩前列的选手将获得技术能手称号。",
    "市总工会有关负责人表示，要让更多一线职工走上领奖台，带动班组学技术、比本领。",
)
# A site's answers: path with query (and the body of a POST after a space) -> page.
Pages = dict[str, str]


def article(number: int) -> str:
    """An article page."""
    body = "".join(f"<p>第{number}号稿件。{sentence}</p>" for sentence in SENTENCES)
    title = f"市总工会举办第{number}届职工技能竞赛"
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title></head><body>"
        f"<h1>{title}</h1><div>发布时间：2025-03-{number:02d} 09:30 来源：市总工会</div>"
        f"<div class='content'>{body}</div></body></html>"
    )


def listing(links: list[str], after: str = "") -> str:
    """A list page of links, followed by its pager."""
    rows = "".join(
        f"<li><a href='{escape(link)}'>市总工会举办职工技能竞赛</a><span>2025-03-01</span></li>"
        for link in links
    )
    return f"<!DOCTYPE html><html><body><ul>{rows}</ul>{after}</body></html>"


def trs() -> tuple[Pages, list[str], int]:
    """TRS: the pager is a script; page 2 is index_1.html."""
    pages = {f"/xwzx/202503/t202503{n:02d}_{n}.html": article(n) for n in range(1, 7)}
    links = [f".{path.removeprefix('/xwzx')}" for path in pages]
    script = '<script>createPageHTML(3, {}, "index", "html");</script>'
    pages["/xwzx/"] = listing(links[:2], script.format(0))
    pages["/xwzx/index_1.html"] = listing(links[2:4], script.format(1))
    pages["/xwzx/index_2.html"] = listing(links[4:], script.format(2))
    return pages, ["/xwzx/"], 6


def jcms() -> tuple[Pages, list[str], int]:
    """JCMS: records as XML in the first page, the rest from the data proxy."""
    pages = {f"/art/2025/3/{n}/art_77_{n}.html": article(n) for n in range(1, 7)}
    records = [
        f"<record><![CDATA[<li><a href='{path}'>市总工会举办技能竞赛</a></li>]]></record>" for path in pages
    ]
    start = "<datastore><totalrecord>6</totalrecord><recordset>"
    proxy = "/module/web/jpage/dataproxy.jsp?page=1&webid=1&path=/&columnid=77&unitid=9"
    group = f'<nextgroup><![CDATA[<a href="{proxy}"></a>]]></nextgroup>'
    script = f"<script type='text/xml'>{start}{''.join(records[:3])}</recordset>{group}</datastore></script>"
    pages["/col/col77/index.html"] = f"<!DOCTYPE html><html><body><div>{script}</div></body></html>"
    pages[proxy] = (
        f"<?xml version='1.0' encoding='utf-8'?>{start}{''.join(records[3:])}</recordset></datastore>"
    )
    return pages, ["/col/col77/index.html"], 6


def vsb() -> tuple[Pages, list[str], int]:
    """VSB: the file number of the lists falls; the second has no link to the third."""
    pages = {f"/info/1016/{n}.htm": article(n) for n in range(1, 7)}
    links = list(pages)
    pages["/xwdt.htm"] = listing(links[:2], "<a href='xwdt/2.htm'>下页</a>")
    pages["/xwdt/2.htm"] = listing(links[2:4])
    pages["/xwdt/1.htm"] = listing(links[4:])
    return pages, ["/xwdt.htm"], 6


def webforms() -> tuple[Pages, list[str], int]:
    """WebForms: the second page comes by a POST of the hidden fields."""
    pages = {f"/newshow.aspx?id={n}&mid=1": article(n) for n in range(1, 5)}
    links = list(pages)
    pager = (
        "<form method='post' action='list.aspx'><input type='hidden' name='__VIEWSTATE' value='/wEP+Dw='>"
        "<a href=\"javascript:__doPostBack('ctl00$AspNetPager1','2')\">下一页</a></form>"
    )
    pages["/list.aspx"] = listing(links[:2], pager)
    pressed = "__VIEWSTATE=%2FwEP%2BDw%3D&__EVENTTARGET=ctl00%24AspNetPager1&__EVENTARGUMENT=2"
    pages[f"/list.aspx {pressed}"] = listing(links[2:])
    return pages, ["/list.aspx"], 4


def founder() -> tuple[Pages, list[str], int]:
    """An e-paper: the home page jumps to today; two pages a day; one day without an issue."""
    pages: Pages = {"/": "<html><script>window.location.href='html/2025-03/12/node_1.htm'</script></html>"}
    for day, numbers in (("12", (1, 2)), ("10", (3, 4))):
        for node, number in zip((1, 2), numbers, strict=True):
            pages[f"/html/2025-03/{day}/content_{number}.htm"] = article(number)
            nodes = "<a href='node_1.htm'>第01版</a><a href='node_2.htm'>第02版</a>"
            pages[f"/html/2025-03/{day}/node_{node}.htm"] = listing([f"content_{number}.htm"], nodes)
    return pages, ["/"], 4


def workercn() -> tuple[Pages, list[str], int]:
    """Old lists of 中工网 go on at NAME_2.shtml without a link, until one is empty."""
    pages = {f"/10850/202503/0{n}/25030{n}092830870.shtml": article(n) for n in range(1, 5)}
    links = list(pages)
    pages["/10850/10850.shtml"] = listing(links[:2])
    pages["/10850/10850_2.shtml"] = listing(links[2:])
    return pages, ["/10850/10850.shtml"], 4


def generic() -> tuple[Pages, list[str], int]:
    """A feed, and an index of sitemaps."""
    pages = {f"/news/2025-03/{n:02d}/{n}.html": article(n) for n in range(1, 5)}
    links = list(pages)
    items = "".join(f"<item><title>竞赛</title><link>HOST{link}</link></item>" for link in links[:2])
    pages["/rss.xml"] = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    pages["/sitemap.xml"] = (
        f"<sitemapindex {space}><sitemap><loc>HOST/map1.xml</loc></sitemap></sitemapindex>"
    )
    urls = "".join(f"<url><loc>HOST{link}</loc></url>" for link in [*links, "/about.html"])
    pages["/map1.xml"] = f"<urlset {space}>{urls}</urlset>"
    return pages, ["/rss.xml", "/sitemap.xml"], 4


FAMILIES: dict[str, Callable[[], tuple[Pages, list[str], int]]] = {
    "trs": trs,
    "jcms": jcms,
    "vsb": vsb,
    "webforms": webforms,
    "founder": founder,
    "workercn": workercn,
    "generic": generic,
}


class Canned(ThreadingHTTPServer):
    """Serves prepared pages; anything else is a 404."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.pages = {key: page.replace("HOST", f"http://{self.host}") for key, page in pages.items()}
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    """Answers from the server's pages."""

    def do_GET(self) -> None:
        """Answer a GET."""
        self._send(self.path)

    def do_POST(self) -> None:
        """Answer a POST by its fields, in whatever order they came."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        given = parse_qs(body, keep_blank_values=True)
        for key in self.server.pages:  # type: ignore[attr-defined]
            path, _, wanted = key.partition(" ")
            if path == self.path and wanted and parse_qs(wanted) == given:
                self._send(key)
                return
        self._send("")

    def _send(self, key: str) -> None:
        page = self.server.pages.get(key)  # type: ignore[attr-defined]
        body = (page or "<html><body>404</body></html>").encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/xml" if (page or "").startswith("<?xml") else "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Crawl a site of each family in one process; the stats by family."""
    folder = tmp_path_factory.mktemp("families")
    servers = [write_site(folder, family, prepare()) for family, prepare in FAMILIES.items()]
    workplace = Workplace(folder, PracticeServer(0), environment(folder))
    done = workplace.run("unioncrawl", "crawl", *(f"test-{family}" for family in FAMILIES))
    assert done.returncode == 0, done.stderr
    runs = workplace.rows("select spider, stats from run")
    yield {spider.removeprefix("test-"): json.loads(stats) for spider, stats in runs}
    for server in servers:
        server.shutdown()
        server.server_close()


def environment(folder: Path) -> dict[str, str]:
    """The variables of a process that crawls with the site files below ``folder``."""
    import os  # noqa: PLC0415 - only here

    return {**os.environ, "PYTHONPATH": str(ROOT), "UNIONCRAWL_SITES_DIRS": str(folder / "sites")}


def write_site(folder: Path, family: str, prepared: tuple[Pages, list[str], int]) -> Canned:
    """Serve a family's pages, and write the site file that points at them."""
    pages, lists, _ = prepared
    server = Canned(pages)
    columns = ", ".join(
        f'{{ name = "栏目{n}", url = "http://{server.host}{url}" }}' for n, url in enumerate(lists)
    )
    (folder / "sites").mkdir(exist_ok=True)
    (folder / "sites" / f"test-{family}.toml").write_text(
        f'id = "test-{family}"\nname = "某市总工会"\nlevel = "practice"\nfamily = "{family}"\n'
        f'hosts = ["{server.host}"]\nscheme = "http"\ncolumns = [{columns}]\n'
        "[politeness]\ndelay_seconds = 0\nautothrottle = false\n",
        encoding="utf-8",
    )
    return server


@pytest.mark.parametrize("family", FAMILIES)
def test_a_familys_lists_are_walked_to_their_end(crawled: dict[str, dict[str, Any]], family: str) -> None:
    """Every article of every list page of the family's mechanism is found, and the walk is complete."""
    stats = crawled[family]
    assert stats.get("unioncrawl/archive/new") == FAMILIES[family]()[2]
    assert stats["unioncrawl/walk/complete"] == 1
