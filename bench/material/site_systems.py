"""The addresses of the seven sites that are measured: how each system writes them, and its counter.

Spiders that know nothing else of the sites import this alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

PER_LIST_PAGE = 20


@dataclass(frozen=True, slots=True)
class System:
    """How a site's addresses are made, and what its server says.

    ``article`` is formatted with the date ``at`` and the ``number``; ``lists`` are the first list
    page and the others, the latter with their number ``n``; where ``falling``, it counts down.
    """

    name: str
    family: str
    union: str
    article: str
    lists: tuple[str, str]
    encoding: str = "utf-8"
    extra: str = ""
    falling: bool = False
    counter: str = ""
    answer: str = ""

    def list_path(self, page: int, pages: int) -> str:
        """Return the address of a list page, the first being 1."""
        first, others = self.lists
        number = pages - page + 1 if self.falling else page - 1 if "createPageHTML" in self.extra else page
        return first if page == 1 else others.format(n=number)

    def article_path(self, at: datetime, number: int) -> str:
        """Return the address of an article."""
        return self.article.format(at=at, number=number)


SYSTEMS = (
    System(
        "empirecms",
        "empirecms",
        "临溪市总工会",
        "/xwdt/ghxw/{at:%Y-%m-%d}/{number}.html",
        ("/xwdt/ghxw/", "/xwdt/ghxw/index_{n}.html"),
        counter="/e/public/ViewClick/",
        answer="document.write('{hits}');",
    ),
    System(
        "trs",
        "trs",
        "雁川市总工会",
        "/xwzx/jcdt/{at:%Y%m}/t{at:%Y%m%d}_{number}.html",
        ("/xwzx/jcdt/", "/xwzx/jcdt/index_{n}.html"),
        extra='<script>createPageHTML({pages}, {current}, "index", "html");</script>',
    ),
    System(
        "vsb",
        "vsb",
        "云泊学院工会",
        "/info/1016/{number}.htm",
        ("/xwdt.htm", "/xwdt/{n}.htm"),
        falling=True,
        counter="/system/resource/code/news/click/dynclicks.jsp",
        answer="{hits}",
    ),
    System(
        "phpcms",
        "phpcms",
        "公原市总工会",
        "/html/{at:%Y}/xwdt_{at:%m%d}/{number}.html",
        ("/list-9-1.html", "/list-9-{n}.html"),
    ),
    System(
        "dedecms",
        "dedecms",
        "槐岭县总工会",
        "/a/xwdt/{at:%Y}/{at:%m%d}/{number}.html",
        ("/a/xwdt/", "/a/xwdt/list_3_{n}.html"),
        encoding="gb18030",
    ),
    System(
        "gdjyh",
        "gdjyh",
        "石埠市总工会",
        "/xwzx/content/post_{number}.html",
        ("/xwzx/", "/xwzx/index_{n}.html"),
    ),
    System(
        "own",
        "generic",
        "东河县总工会",
        "/newsshow.php?nid={number}",
        ("/more.php?lm=3", "/more.php?lm=3&amp;page={n}"),
    ),
)


def articles_of(count: int) -> list[int]:
    """Return how many of ``count`` articles each site has.

    >>> articles_of(9)
    [2, 2, 1, 1, 1, 1, 1]
    """
    each, left = divmod(count, len(SYSTEMS))
    return [each + (order < left) for order in range(len(SYSTEMS))]


def list_pages(count: int) -> int:
    """Return how many list pages a site of so many articles has."""
    return -(-count // PER_LIST_PAGE)
