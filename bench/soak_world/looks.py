"""How a site looks between two redesigns: its addresses, its markup, its lists, its counter, its charset.

A look is a record of choices. Sites are drawn from the choices, and a redesign changes one or some of
them; `bench.soak_world.pages` writes the pages. The addresses are those of known systems
(`unioncrawl/sites/families.toml`) and of home-made ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random


@dataclass(frozen=True, slots=True)
class Scheme:
    """The addresses of a system: ``{c}`` is a column's number, ``{f}`` its folder, ``{n}`` a number."""

    family: str
    article: str
    first_list: str
    other_list: str
    counter_script: str = ""
    counter_path: str = ""
    counter_answer: str = "document.write('{hits}');"
    counter_key: str = "id"
    article_url: str = ""
    # Whether the second list page is called 1, and whether numbers fall from the number of pages.
    from_zero: bool = False
    falling: bool = False


SCHEMES: Mapping[str, Scheme] = {
    "empire": Scheme(
        "empirecms",
        "/{f}/{at:%Y-%m-%d}/{n}.html",
        "/{f}/",
        "/{f}/index_{n}.html",
        '<script src="/e/public/ViewClick/?classid={c}&id={n}&addclick=1"></script>',
        "/e/public/ViewClick/",
    ),
    "trs": Scheme(
        "trs", "/{f}/{at:%Y%m}/t{at:%Y%m%d}_{n}.html", "/{f}/", "/{f}/index_{n}.html", from_zero=True
    ),
    "vsb": Scheme(
        "vsb",
        "/info/{c}/{n}.htm",
        "/{f}.htm",
        "/{f}/{n}.htm",
        '<script>_showDynClicks("wbnews", 1412614994, {n})</script>',
        "/system/resource/code/news/click/dynclicks.jsp",
        "{hits}",
        "clickid",
        falling=True,
    ),
    "phpcms": Scheme(
        "phpcms", "/html/{at:%Y}/{f}_{at:%m%d}/{n}.html", "/list-{c}-1.html", "/list-{c}-{n}.html"
    ),
    "dede": Scheme("dedecms", "/a/{f}/{at:%Y}/{at:%m%d}/{n}.html", "/a/{f}/", "/a/{f}/list_{c}_{n}.html"),
    "gdjyh": Scheme("gdjyh", "/{f}/content/post_{n}.html", "/{f}/", "/{f}/index_{n}.html"),
    "xunrui": Scheme(
        "xunrui",
        "/index.php?c=show&id={n}",
        "/index.php?c=category&id={c}",
        "/index.php?c=category&id={c}&page={n}",
        '<span class="dr_show_hits_{n}">0</span><script type="text/javascript"> $.ajax({{ type: "GET", '
        'url:"/index.php?s=api&c=module&siteid=1&app=news&m=hits&id={n}", dataType: "jsonp", '
        'success: function(data){{ $(".dr_show_hits_{n}").html(data.msg); }} }}); </script>',
        "/index.php",
        '{callback}({{"code":1,"msg":{hits},"data":[]}})',
    ),
    "asp": Scheme(
        "asp",
        "/NewsView.asp?ID={n}",
        "/NewsList.asp?SortID={c}",
        "/NewsList.asp?SortID={c}&page={n}",
        '<script language="javascript" src="GetHits.asp?Action=Count&ID={n}"></script>',
        "/GetHits.asp",
        counter_key="ID",
    ),
    "own": Scheme(
        "generic",
        "/newsshow.php?nid={n}",
        "/more.php?lm={c}",
        "/more.php?lm={c}&page={n}",
        article_url=r"newsshow\.php\?nid=\d+",
    ),
    "wordpress": Scheme("wordpress", "/archives/{n}", "/category/{f}/", "/category/{f}/page/{n}/"),
    "jeecms": Scheme("jeecms", "/{f}/{n}.jhtml", "/{f}/", "/{f}/index_{n}.jhtml"),
    "own-html": Scheme(
        "generic",
        "/{f}/show_{n}.html",
        "/{f}/list.html",
        "/{f}/list_{n}.html",
        article_url=r"/show_\d+\.html",
    ),
}
FOLDERS = (("xwdt", "jcdt"), ("ghyw", "tzgg"), ("news", "jiceng"), ("gzdt", "wqfw"), ("yaowen", "xqgh"))
COLUMN_NAMES = (("新闻动态", "基层动态"), ("工会要闻", "通知公告"), ("工作动态", "维权服务"))
SKINS = ("plain", "cms", "pinyin", "short", "blocks")
MARKUPS = ("div", "table", "article")
HEADLINES = ("h1", "h2", "h3", "div", "strong")
INFOS = 6
DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y年%m月%d日", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d", "%Y-%m-%d %H:%M:%S")
LIST_DATES = ("%Y-%m-%d", "[%Y-%m-%d]", "%m-%d", "%Y/%m/%d", "")
PAGERS = ("next", "numbers", "both", "choice")
PARAGRAPHS = ("p", "styled", "breaks", "div")
GONE = ("404", "message", "home", "410")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """All that a redesign may change of a site."""

    scheme: str
    host: str
    protocol: str = "http"
    charset: str = "utf-8"
    skin: str = "plain"
    markup: str = "div"
    headline: str = "h1"
    info: int = 0
    date: str = DATES[0]
    list_date: str = LIST_DATES[0]
    pager: str = "both"
    paragraph: str = "p"
    # own: the system's; page: printed by the server; nothing.
    counter: str = "page"
    gone: str = "404"
    # Whether pages are files with ETag and Last-Modified.
    is_static: bool = False
    column_numbers: tuple[int, int] = (2, 5)
    folders: tuple[str, str] = FOLDERS[0]
    # Those of the lists, where they differ from those in the addresses of articles.
    list_numbers: tuple[int, int] | None = None
    list_folders: tuple[str, str] | None = None
    # Articles are numbered from here: another system counts anew.
    first_number: int = 1000
    # What an address of an earlier look gives: gone, or redirect.
    old_addresses: str = "gone"

    @property
    def addresses(self) -> Scheme:
        """The addresses of its system."""
        return SCHEMES[self.scheme]

    def article_path(self, column: int, index: int, at: datetime) -> str:
        """Return the address of an article of one of the two columns, below the host."""
        number = self.first_number + index
        return self.addresses.article.format(
            f=self.folders[column], c=self.column_numbers[column], n=number, at=at
        )

    def list_path(self, column: int, page: int, pages: int) -> str:
        """Return the address of a list page, the first being 1."""
        known = self.addresses
        number = pages - page + 1 if known.falling else page - known.from_zero
        path = known.first_list if page == 1 else known.other_list
        numbers, folders = self.list_numbers or self.column_numbers, self.list_folders or self.folders
        return path.format(f=folders[column], c=numbers[column], n=number)

    @property
    def base(self) -> str:
        """Its address without a path."""
        return f"{self.protocol}://{self.host}"


def draw_look(chance: Random, site_id: str, scheme: str) -> Look:
    """Return the look with which a site of a system begins."""
    has_own_counter = bool(SCHEMES[scheme].counter_script)
    return Look(
        scheme=scheme,
        host=f"www.{site_id}.example",
        protocol=chance.choice(("http", "http", "https")),
        charset=chance.choice(("utf-8", "utf-8", "gb2312")),
        skin=chance.choice(SKINS),
        markup=chance.choice(MARKUPS),
        headline=chance.choice(HEADLINES[:4]),
        info=chance.randrange(INFOS),
        date=chance.choice(DATES),
        list_date=chance.choice(LIST_DATES),
        pager="script" if scheme == "trs" else chance.choice(PAGERS),
        paragraph=chance.choice(PARAGRAPHS),
        counter=chance.choice(("own", "page"))
        if has_own_counter
        else chance.choice(("page", "page", "none")),
        gone=chance.choice(GONE),
        is_static=scheme in ("empire", "trs", "dede", "own-html") and chance.random() < 0.7,
        column_numbers=(chance.randint(2, 9), chance.randint(10, 40)),
        folders=chance.choice(FOLDERS),
        first_number=chance.choice((100, 1000, 20_000, 700_000)),
    )


def _other(chance: Random, choices: tuple[str, ...], present: str) -> str:
    return chance.choice([one for one in choices if one != present])


def _new_system(look: Look, chance: Random) -> Look:
    scheme = _other(chance, tuple(SCHEMES), look.scheme)
    drawn = draw_look(chance, "any", scheme)
    has_own_counter = bool(SCHEMES[scheme].counter_script)
    return replace(
        drawn,
        host=look.host,
        protocol=look.protocol,
        charset="utf-8",
        counter="own" if has_own_counter else "page",
        is_static=False,
        first_number=look.first_number + 3000,
    )


def _other_markup(look: Look, chance: Random) -> Look:
    return replace(look, markup=_other(chance, MARKUPS, look.markup), skin=_other(chance, SKINS, look.skin))


def _other_counter(look: Look, chance: Random) -> Look:
    choices = ("own", "page") if look.addresses.counter_script else ("page", "none")
    return replace(look, counter=_other(chance, choices, look.counter))


def _other_host(look: Look, _: Random) -> Look:
    bare = look.host.removeprefix("www.").removesuffix(".example")
    return replace(look, host=f"www.{bare}-gh.example", old_addresses="redirect")


def _other_lists(look: Look, numbers: tuple[int, int], folders: tuple[str, ...]) -> Look:
    return replace(look, list_numbers=numbers, list_folders=(folders[0], folders[1]), old_addresses="gone")


# The kinds of redesigns, and what each does to a look.
REDESIGNS: Mapping[str, Callable[[Look, Random], Look]] = {
    "classes": lambda look, chance: replace(look, skin=_other(chance, SKINS, look.skin)),
    "markup": _other_markup,
    "new-cms-gone": lambda look, chance: replace(_new_system(look, chance), old_addresses="gone"),
    "new-cms-redirect": lambda look, chance: replace(_new_system(look, chance), old_addresses="redirect"),
    "charset": lambda look, _: replace(look, charset="utf-8" if look.charset != "utf-8" else "gb2312"),
    "https": lambda look, _: replace(look, protocol="https", old_addresses="redirect"),
    "lists-moved": lambda look, _: _other_lists(look, (53, 57), tuple(f"{one}2" for one in look.folders)),
    # The old number of one column is the other's now.
    "columns-renumbered": lambda look, _: _other_lists(
        look, (look.column_numbers[1], 61), (look.folders[1], f"{look.folders[0]}3")
    ),
    "columns-swapped": lambda look, _: _other_lists(
        look, (look.column_numbers[1], look.column_numbers[0]), (look.folders[1], look.folders[0])
    ),
    "date": lambda look, chance: replace(
        look, date=_other(chance, DATES, look.date), info=(look.info + 1) % INFOS
    ),
    "headline": lambda look, chance: replace(look, headline=_other(chance, HEADLINES, look.headline)),
    "pager": lambda look, chance: replace(
        look, pager="script" if look.scheme == "trs" else _other(chance, PAGERS, look.pager)
    ),
    "counter": _other_counter,
    "host": _other_host,
}
