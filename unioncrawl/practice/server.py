"""The practice sites together: an index page and five sites, each on its port."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import Path
from typing import Self

from unioncrawl.practice.asp_site import AspSite
from unioncrawl.practice.empire_site import EmpireSite
from unioncrawl.practice.listener import Listener, Request, Response, Site
from unioncrawl.practice.mirror_site import MirrorSite
from unioncrawl.practice.page_html import html_response
from unioncrawl.practice.phpcms_site import PhpcmsSite
from unioncrawl.practice.state import State
from unioncrawl.practice.xunrui_site import XunRuiSite

DEFAULT_PORT = 8800
# In the order of their ports: the first is one above the index page's.
SITE_TYPES = (XunRuiSite, EmpireSite, PhpcmsSite, AspSite, MirrorSite)
# The first page of each column's list, below the site's address.
LIST_PATHS: dict[str, tuple[tuple[str, str], ...]] = {
    "practice-xunrui": (
        ("工会要闻", "index.php?c=category&id=1"),
        ("基层动态", "index.php?c=category&id=2"),
    ),
    "practice-empire": (("新闻动态", "xwdt/"), ("维权帮扶", "wqbz/")),
    "practice-phpcms": (
        ("工会新闻", "index.php?m=content&c=index&a=lists&catid=9"),
        ("职工服务", "index.php?m=content&c=index&a=lists&catid=12"),
    ),
    "practice-asp": (("工会动态", "NewsList.asp?SortID=2"), ("职工之家", "NewsList.asp?SortID=5")),
    "practice-mirror": (("資訊", "news/"),),
}


class PracticeServer:
    """The practice sites on 127.0.0.1, for people, ``demo`` and tests.

    The index page is on ``port``, the sites on the five ports above it; with
    ``port=0`` each takes a free one (see ``base_urls``). ``state_file`` keeps
    hits and editions between runs. ``counts`` has the requests by site and
    target. Raises `PortTaken` and then listens nowhere.
    """

    def __init__(self, port: int = DEFAULT_PORT, state_file: Path | str | None = None) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.base_urls: dict[str, str] = {}
        self._port = port
        self._state_file = Path(state_file) if state_file else None
        self._listeners: list[Listener] = []

    @property
    def index_url(self) -> str:
        """The address of the page that lists the sites."""
        return self.base_urls[IndexSite.site_id]

    def start(self) -> None:
        """Take the ports and begin to answer."""
        state = State(self._state_file)
        sites: list[Site] = [IndexSite(self.base_urls), *(kind(state) for kind in SITE_TYPES)]
        try:
            for place, site in enumerate(sites):
                listener = Listener(site, self._port + place if self._port else 0, self.counts)
                self._listeners.append(listener)
                self.base_urls[site.site_id] = listener.url
        except Exception:
            self._close()
            raise
        for listener in self._listeners:
            listener.start()

    def stop(self) -> None:
        """Stop answering and give the ports back."""
        self._close()

    def _close(self) -> None:
        for listener in self._listeners:
            listener.stop()
        self._listeners.clear()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class IndexSite:
    """The page that lists the practice sites with their columns."""

    site_id = "index"
    name = "练习站点"

    def __init__(self, base_urls: dict[str, str]) -> None:
        self._base_urls = base_urls

    def answer(self, request: Request) -> Response:
        """The response to one request."""
        if request.path != "/":
            return html_response("<h1>404</h1>", content_type="text/html; charset=utf-8", status=404)
        sites = "".join(_site_html(kind.site_id, kind.name, self._base_urls) for kind in SITE_TYPES)
        html = (
            '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
            "<title>unioncrawl 练习站点</title></head>\n<body>\n<h1>unioncrawl 练习站点</h1>\n"
            "<p>五个虚构的工会网站，内容、人名、地名、单位均为虚构，仅供练习采集。"
            f"Five invented union sites to practise crawling on.</p>\n<ul>\n{sites}</ul>\n</body></html>\n"
        )
        return html_response(html, content_type="text/html; charset=utf-8")


def _site_html(site_id: str, name: str, base_urls: dict[str, str]) -> str:
    base = base_urls[site_id]
    columns = "，".join(
        f'<a href="{base}{escape(path)}">{column}</a>' for column, path in LIST_PATHS[site_id]
    )
    return f'<li><b>{site_id}</b> <a href="{base}">{name}</a>：{columns}</li>\n'
