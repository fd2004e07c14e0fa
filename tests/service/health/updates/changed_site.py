"""An invented site of two columns, before and after its redesigns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from unioncrawl.errors import FetchFailed
from unioncrawl.model import RawPage
from unioncrawl.page.document import squash
from unioncrawl.service.health.updates.known_titles import KnownArticle, KnownTitles

COLUMNS = {"工会要闻": "yw", "基层动态": "jc"}
TITLES = {
    "工会要闻": [
        "临溪市总工会召开全委会议部署全年工作",
        "临溪市启动职工技能竞赛月系列活动",
        "市总工会慰问高温下的环卫职工",
    ],
    "基层动态": [
        "东河县总工会举办女职工普法讲座",
        "槐岭镇工会为货车司机建起驿站",
        "青岚街道工会开办暑期托管班",
    ],
}
TEXT = (
    "{title}。参加者约二百人，其中一线职工过半。活动由市总工会与当地企业共同组织，持续到本月底。"
    "主办者说，下半年还要再办两场。"
)
FILE = """id = "linxi" # 临溪
name = "临溪市总工会"
level = "city"
family = "generic"
hosts = ["www.linxi-gh.example"]
scheme = "http"
article_url = '/(?:yw|jc)/\\d+\\.html$'
columns = [
  { name = "工会要闻", url = "http://www.linxi-gh.example/yw/" },
  { name = "基层动态", url = "http://www.linxi-gh.example/jc/" },
]

[politeness]
delay_seconds = 3
"""


@dataclass(frozen=True, kw_only=True)
class ChangedSite:
    """The addresses of a site now: ``{c}`` is the folder of a column, ``{n}`` an article's number."""

    base: str = "http://www.linxi-gh.example"
    list_path: str = "/{c}/"
    article_path: str = "/{c}/{n}.html"
    folders: Mapping[str, str] = field(default_factory=lambda: COLUMNS)
    # What an address that the site does not have leads to: nothing, or the home page.
    lost: str = ""

    def fetch(self, url: str) -> RawPage:
        """Return a page, following redirects from the site's old address."""
        at = url.replace("http://www.linxi-gh.example", self.base) if "linxi" in self.base else url
        pages = dict(self._pages())
        if at not in pages and self.lost:
            at = f"{self.base}/"
        if at not in pages:
            raise FetchFailed("there is no such page.", url=url)
        return RawPage(url=at, body=pages[at].encode(), fetched_at=datetime(2026, 6, 1, tzinfo=UTC))

    def _pages(self) -> list[tuple[str, str]]:
        menu = "".join(f'<li><a href="{self._list(name)}">{name}</a></li>' for name in COLUMNS)
        nav = f'<ul><li><a href="/">首页</a></li>{menu}</ul>'
        newest = "".join(self._entries(name) for name in COLUMNS)
        pages = [(f"{self.base}/", f"<html><body>{nav}<ul>{newest}</ul></body></html>")]
        for name in COLUMNS:
            body = f"<html><body>{nav}<h2>{name}</h2><ul>{self._entries(name)}</ul></body></html>"
            pages.append((f"{self.base}{self._list(name)}", body))
            pages += [self._article(name, number, title) for number, title in enumerate(TITLES[name])]
        return pages

    def _list(self, name: str) -> str:
        return self.list_path.format(c=self.folders[name])

    def _path(self, name: str, number: int) -> str:
        return self.article_path.format(c=self.folders[name], n=100 + number)

    def _entries(self, name: str) -> str:
        return "".join(
            f'<li><a href="{self._path(name, number)}">{title}</a><span>2026-05-1{number}</span></li>'
            for number, title in enumerate(TITLES[name])
        )

    def _article(self, name: str, number: int, title: str) -> tuple[str, str]:
        text = TEXT.format(title=title)
        shown = f"<h1>{title}</h1><p>发布时间：2026-05-1{number} 来源：临溪工运</p><div><p>{text}</p></div>"
        body = f"<html><head><title>{title}</title></head><body>{shown}</body></html>"
        return f"{self.base}{self._path(name, number)}", body


def known() -> KnownTitles:
    """The archived articles of the site."""
    return KnownTitles(
        KnownArticle(
            squash(title), name, "", datetime(2026, 5, 10 + number, tzinfo=UTC), TEXT.format(title=title)
        )
        for name, titles in TITLES.items()
        for number, title in enumerate(titles)
    )
