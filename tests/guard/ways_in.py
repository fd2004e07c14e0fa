"""The table of ways in: what a page says so that the machine opens what is not the site's.

Each way names the address that must stay untouched by a mark of its own, ``/NAME/``,
so that the canary and the archive can say which one got through.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape

from tests.guard.hostile import Answer, Hostile, moved, page
from tests.guard.stories import article, listing

STATUSES = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Ground:
    """Where an attack takes place: the hostile site, the canary's port, the folder of secret files."""

    site: str
    canary_port: int
    secrets: str

    @property
    def canary(self) -> str:
        """The canary's plainest address."""
        return f"http://127.0.0.1:{self.canary_port}"


@dataclass(frozen=True)
class Way:
    """One way in: the answers of its pages by path.

    ``is_rejected``: whether the refusal must stand among the rejections (an entry of a list
    that leads elsewhere is not a refusal). ``keeps``: whether its own article must be
    stored all the same.
    """

    name: str
    pages: dict[str, Answer | list[Answer]]
    is_rejected: bool = True
    keeps: bool = True


def _xml(body: str) -> Answer:
    return Answer(f'<?xml version="1.0" encoding="utf-8"?>{body}'.encode(), content_type="text/xml")


def _list(name: str, *, head: str = "", after: str = "") -> Way:
    """A list with one article of the site, and something that leads on."""
    return Way(
        name,
        {
            f"/{name}/list.html": page(listing([f"/{name}/20250301/1.html"], head=head, after=after)),
            f"/{name}/20250301/1.html": page(article(1, name)),
        },
    )


def _next(name: str, url: str) -> Way:
    return _list(name, after=f'<a href="{escape(url)}">下一页</a>')


def _list_moved(name: str, to: str, status: int = 302) -> Way:
    return Way(name, {f"/{name}/list.html": moved(to, status)}, keeps=False)


def odd_hosts(port: int, site: str) -> dict[str, str]:
    """Names of the canary in odd forms, each up to the path."""
    return {
        "decimal": f"http://2130706433:{port}",
        "decimal-second": f"http://2130706434:{port}",
        "octal": f"http://0177.0.0.1:{port}",
        "hexadecimal": f"http://0x7f000002:{port}",
        "short": f"http://127.2:{port}",
        "zero": f"http://0:{port}",
        "any": f"http://0.0.0.0:{port}",
        "mapped": f"http://[::ffff:127.0.0.1]:{port}",
        "mapped-hex": f"http://[::ffff:7f00:2]:{port}",
        "six": f"http://[::1]:{port}",
        "six-any": f"http://[::]:{port}",
        "six-zone": f"http://[::1%25lo]:{port}",
        "compatible": f"http://[::127.0.0.1]:{port}",
        "userinfo": f"http://{site}@127.0.0.2:{port}",
        "password": f"http://www.acftu.org:80@127.0.0.1:{port}",
        "backslash": f"http://127.0.0.2:{port}\\@{site}",
        "hash-at": f"http://127.0.0.2:{port}#@{site}",
        "trailing-dot": f"http://127.0.0.2.:{port}",
        "full-width": f"http://１２７．０．０．２:{port}",
        "ideographic-dot": f"http://127。0。0。2:{port}",
        "circled": f"http://①②⑦.⓪.⓪.②:{port}",
        "localhost": f"http://localhost:{port}",
        "localhost-dot": f"http://localhost.:{port}",
        "localhost-name": f"http://www.union.localhost:{port}",
        "capitals": f"HTTP://LOCALHOST:{port}",
        "no-scheme": f"//127.0.0.2:{port}",
        "backslashes": f"http:\\\\127.0.0.2:{port}",
        "one-slash": f"http:/127.0.0.2:{port}",
        "tab": f"http://127.0.0.2\t:{port}",
        "newline": f"ht\ntp://127.0.0.2:{port}",
        "soft-hyphen": f"http://127.0.0\u00ad.2:{port}",
        "zero-width": f"http://127.0.0.\u200b2:{port}",
        "percent": f"http://%31%32%37.0.0.2:{port}",
        "own-port-elsewhere": f"http://127.0.0.2:{site.rpartition(':')[2]}",
    }


def other_schemes(ground: Ground) -> dict[str, str]:
    """Addresses of other schemes, each up to the path."""
    return {
        "file": f"file://{ground.secrets}",
        "file-localhost": f"file://localhost{ground.secrets}",
        "file-capitals": f"FiLe://{ground.secrets}",
        "ftp": f"ftp://127.0.0.1:{ground.canary_port}",
        "gopher": f"gopher://127.0.0.1:{ground.canary_port}",
        "s3": "s3://bucket",
        "data": "data:text/html,",
        "view-source": f"view-source:{ground.canary}",
        "websocket": f"ws://127.0.0.1:{ground.canary_port}",
        "jar": f"jar:{ground.canary}/a!",
    }


def list_ways(ground: Ground) -> list[Way]:
    """What list pages, sitemaps and feeds of a plain site say."""
    to, port = ground.canary, ground.canary_port
    ways = [
        _next(f"next-{name}", f"{start}/next-{name}/list.html")
        for name, start in {
            "private": to,
            "second-address": f"http://127.0.0.2:{port}",
            **odd_hosts(port, ground.site),
            **other_schemes(ground),
        }.items()
    ]
    ways += [_list_moved(f"list-{code}", f"{to}/list-{code}/x.html", code) for code in STATUSES]
    ways += [
        _list_moved(f"list-to-{name}", f"{start}/list-to-{name}/20250301/1.html")
        for name, start in {**other_schemes(ground), "second": f"//127.0.0.2:{port}"}.items()
    ]
    ways += [
        replace(
            _list("base", head=f"<base href='{to}/base/'>", after="<a href='list2.html'>下一页</a>"),
            keeps=False,
        ),
        _list("on-click", after=f"""<a href="#" onclick="location.href='{to}/on-click/2.html'">下一页</a>"""),
        _list(
            "button", after=f"""<input type=button value=下一页 onclick="location='{to}/button/2.html'">"""
        ),
        _list(
            "kkpager",
            after=f"<script>kkpager.generPageHtml({{pno:'1',total:'5',hrefFormer:'{to}/kkpager/list',"
            "hrefLatter:'.html'})</script>",
        ),
        _list("relation", after=f"<a rel='next' href='{to}/relation/2.html'>更早</a>"),
        Way(
            "meta-refresh",
            {
                "/meta-refresh/list.html": page(
                    f"<meta http-equiv=refresh content='0;url={to}/meta-refresh/1.html'>"
                )
            },
            keeps=False,
        ),
        Way(
            "meta-refresh-file",
            {
                "/meta-refresh-file/list.html": page(
                    f"<meta http-equiv=refresh content='0;url=file://{ground.secrets}/meta-refresh-file/20250301/1.html'>"
                )
            },
            keeps=False,
        ),
        Way(
            "chain",
            {
                "/chain/list.html": moved("/chain/second.html"),
                "/chain/second.html": moved("/chain/third.html", 307),
                "/chain/third.html": moved(f"{to}/chain/last.html", 301),
            },
            keeps=False,
        ),
        Way(
            "retry",
            {"/retry/list.html": [page("later", 503), page("later", 503), moved(f"{to}/retry/1.html")]},
            keeps=False,
        ),
        Way(
            "sitemap",
            {
                "/sitemap/list.html": _xml(
                    f"<sitemapindex><sitemap><loc>{to}/sitemap/map.xml</loc></sitemap><sitemap>"
                    "<loc>/sitemap/own.xml</loc></sitemap></sitemapindex>"
                ),
                "/sitemap/own.xml": _xml("<urlset><url><loc>/sitemap/20250301/1.html</loc></url></urlset>"),
                "/sitemap/20250301/1.html": page(article(1, "sitemap")),
            },
        ),
        Way(
            "sitemap-file",
            {
                "/sitemap-file/list.html": _xml(
                    "<sitemapindex><sitemap>"
                    f"<loc>file://{ground.secrets}/sitemap-file/20250301/1.html</loc>"
                    "</sitemap></sitemapindex>"
                )
            },
            keeps=False,
        ),
        Way(
            "sitemap-entry",
            {
                "/sitemap-entry/list.html": _xml(
                    f"<urlset><url><loc>{to}/sitemap-entry/20250301/1.html</loc></url>"
                    f"<url><loc>file://{ground.secrets}/sitemap-entry/20250301/1.html</loc></url>"
                    "<url><loc>/sitemap-entry/20250301/1.html</loc></url></urlset>"
                ),
                "/sitemap-entry/20250301/1.html": page(article(1, "sitemap-entry")),
            },
            is_rejected=False,
        ),
        Way(
            "sitemap-entity",
            {
                "/sitemap-entity/list.html": _xml(
                    f"<!DOCTYPE a [<!ENTITY x SYSTEM 'file://{ground.secrets}/sitemap-entity/20250301/1.html'>"
                    f"<!ENTITY % y SYSTEM '{to}/sitemap-entity/y.dtd'> %y;]>"
                    "<urlset><url><loc>/sitemap-entity/20250301/1.html?&x;</loc></url></urlset>"
                ),
                "/sitemap-entity/20250301/1.html": page(article(1, "sitemap-entity")),
            },
            is_rejected=False,
            keeps=False,
        ),
        Way(
            "feed-entry",
            {
                "/feed-entry/list.html": _xml(
                    f"<rss><channel><item><link>{to}/feed-entry/20250301/1.html</link></item>"
                    "<item><link>/feed-entry/20250301/1.html</link></item></channel></rss>"
                ),
                "/feed-entry/20250301/1.html": page(article(1, "feed-entry")),
            },
            is_rejected=False,
        ),
        Way(
            "big5-gate",
            {
                "/big5-gate/list.html": page(
                    listing([f"/gate/big5/127.0.0.2:{port}/big5-gate/20250301/1.html"])
                ),
                f"/gate/big5/127.0.0.2:{port}/big5-gate/20250301/1.html": page(article(1, "big5-gate")),
            },
            is_rejected=False,
            keeps=False,
        ),
    ]
    return [replace(way, is_rejected=False) if way.name in _OWN_PATHS else way for way in ways]


def _one(name: str, *, head: str = "", after: str = "") -> Way:
    """An article that names something."""
    return Way(
        name, {f"/{name}/20250301/1.html": page(article(1, name, head=head, after=after, line=_NO_HITS))}
    )


_NO_HITS = "发布时间：2025-03-02 09:30 来源：市总工会"


def _counter(name: str, source: str, base: str = "") -> Way:
    head = f"<base href='{base}'>" if base else ""
    return _one(name, head=head, after=f'点击：<script src="{source}"></script>')


def article_ways(ground: Ground) -> list[Way]:
    """What articles say: counters, following parts, redirects."""
    to, port = ground.canary, ground.canary_port
    click = "hits?id=1"
    ways = [
        _counter(f"counter-{name}", f"{escape(start)}/counter-{name}/{click}")
        for name, start in {
            "private": to,
            "second": f"http://127.0.0.2:{port}",
            **{key: url for key, url in odd_hosts(port, ground.site).items() if key not in _NO_COUNTER},
        }.items()
    ]
    ways += [
        _counter(f"counter-{name}", f"{start}/counter-{name}/hits?id=1")
        for name, start in other_schemes(ground).items()
    ]
    ways += [
        _counter("counter-base", click, f"{to}/counter-base/"),
        _counter("counter-base-file", click, f"file://{ground.secrets}/counter-base-file/"),
        _one("counter-post", after=f"<script>$.post('{to}/counter-post/hits',{{id:1,cmd:'rm'}})</script>"),
        _one("counter-json", after=f"<script>$.getJSON('{to}/counter-json/hits',{{id:1}})</script>"),
        _one(
            "counter-sscms",
            after=f"<script>$.post('{to}/counter-sscms/api/stl/actions/hits',"
            "{siteId:1,channelId:2,contentId:3})</script>",
        ),
        _one("counter-jeecms", after=f"<script>Cms.viewCount('{to}/counter-jeecms','12')</script>"),
        _one("counter-vsb-base", head=f"<base href='{to}/counter-vsb-base/'>", after=_VSB),
        _one(
            "part",
            after=f"<div class='pages'><a href='{to}/part/20250301/1_2.html'>下一页</a></div>",
        ),
        _one(
            "part-numbers",
            after=f"<div class='pages'><b>1</b> <a href='{to}/part-numbers/20250301/1_2.html'>2</a></div>",
        ),
        _one(
            "part-file",
            after=f"<div class='pages'><a href='file://{ground.secrets}/part-file/20250301/1_2.html'>下一页</a></div>",
        ),
        _one(
            "part-base",
            head=f"<base href='{to}/part-base/20250301/'>",
            after="<div class='pages'><a href='1_2.html'>下一页</a></div>",
        ),
        _one(
            "image-file",
            after=f"<div class='content'><img src='file://{ground.secrets}/image-file/1.png'></div>",
        ),
        _one("image-private", after=f"<img src='{to}/image-private/1.png'>"),
        _one(
            "frame",
            after=f"<iframe src='{to}/frame/1.html'></iframe><link rel=stylesheet href='{to}/frame/1.css'>",
        ),
        _one("canonical", head=f"<link rel=canonical href='{to}/canonical/1.html'>"),
        _with_moved_counter("counter-302", f"{to}/counter-302/1.js"),
        _with_moved_counter("counter-302-file", f"file://{ground.secrets}/counter-302-file/20250301/1.html"),
        _with_moved_counter("counter-307", f"{to}/counter-307/1.js", 307, post=True),
        Way(
            "meta-refresh-article",
            {
                "/meta-refresh-article/20250301/1.html": page(
                    f"<html><meta http-equiv=refresh content='0;url={to}/meta-refresh-article/1.html'></html>"
                )
            },
            keeps=False,
        ),
        Way(
            "article-retry",
            {"/article-retry/20250301/1.html": [page("later", 503), moved(f"{to}/article-retry/1.html")]},
            keeps=False,
        ),
    ]
    ways += [
        Way(
            f"article-{code}",
            {f"/article-{code}/20250301/1.html": moved(f"{to}/article-{code}/1.html", code)},
            keeps=False,
        )
        for code in STATUSES
    ]
    return [replace(way, is_rejected=False) if way.name in _NOT_ASKED else way for way in ways]


# An address with white space in it, or none that a counter's form finds, is asked nowhere.
_NO_COUNTER = ("tab", "newline", "hash-at", "backslash", "backslashes")
# What is named in these is never asked for (a part on another host counts as no part, a counter's form
# takes no such host), so there is nothing to refuse.
_NOT_ASKED = {
    *("image-file", "image-private", "frame", "canonical", "part", "part-file", "part-base"),
    *("counter-mapped", "counter-mapped-hex", "counter-six", "counter-six-any", "counter-six-zone"),
    *("counter-compatible", "counter-userinfo", "counter-password", "counter-full-width"),
    *("counter-ideographic-dot", "counter-circled", "counter-soft-hyphen", "counter-zero-width"),
    *("counter-data", "counter-jar", "counter-302-file", "counter-one-slash", "counter-base-file"),
}
# These are paths of the own host to every reader of addresses but a browser.
_OWN_PATHS = ("next-backslashes", "next-one-slash")
_VSB = '<script>_showDynClicks("wbnews", 123, 456)</script>'


def _with_moved_counter(name: str, to: str, status: int = 302, *, post: bool = False) -> Way:
    own = f"/{name}/hits?id=1"
    script = f"<script>$.post('/{name}/hits',{{id:1}})</script>" if post else f'<script src="{own}"></script>'
    way = _one(name, after=f"点击：{script}")
    return Way(name, {**way.pages, own: moved(to, status), f"/{name}/hits": moved(to, status)})


def jcms_ways(ground: Ground) -> list[Way]:
    """What a JCMS site's proxy says of its next group."""
    return [
        _jcms("jcms-group", f"{ground.canary}/jcms-group/dataproxy.jsp?page=2"),
        _jcms("jcms-group-file", f"file://{ground.secrets}/jcms-group-file/20250301/1.html"),
        _jcms("jcms-group-slashes", f"//127.0.0.2:{ground.canary_port}/jcms-group-slashes/p.jsp"),
    ]


def _jcms(name: str, group: str) -> Way:
    own = f"/{name}/20250301/1.html"
    records = (
        f'<datastore><nextgroup><![CDATA[<a href="{group}"></a>]]></nextgroup><recordset>'
        f"<record><![CDATA[<li><a href='{own}'>市总工会举办职工技能竞赛</a><span>2025-03-01</span></li>]]>"
        "</record></recordset></datastore>"
    )
    return Way(name, {f"/{name}/list.html": _xml(records), own: page(article(1, name))})


def form_ways(ground: Ground) -> list[Way]:
    """What the forms of a WebForms site would have posted, and where to."""
    ways = []
    for name, action in {
        "form-action": f"{ground.canary}/form-action/list.aspx",
        "form-action-file": f"file://{ground.secrets}/form-action-file/20250301/1.html",
    }.items():
        form = (
            f"<form method='post' action='{action}'><input type='hidden' name='__VIEWSTATE' value='/wE='>"
            "<input type='hidden' name='cmd' value='FLUSHALL'>"
            "<a href=\"javascript:__doPostBack('pager','2')\">下一页</a></form>"
        )
        ways.append(_list(name, after=form))
    state = "<input type='hidden' name='__VIEWSTATE' value='/wE='>"
    moving = f"<form method='post' action='/form-307/post.aspx'>{state}"
    form = f"{moving}<a href=\"javascript:__doPostBack('pager','2')\">下一页</a></form>"
    way = _list("form-307", after=form)
    answer = moved(f"{ground.canary}/form-307/list.aspx", 307)
    return [*ways, Way("form-307", {**way.pages, "/form-307/post.aspx": answer})]


def paper_ways(ground: Ground) -> list[Way]:
    """Where an e-paper's home page jumps to, and where its issue before is said to lie."""
    to = ground.canary
    return [
        Way(
            "paper-jump",
            {
                "/paper-jump/list.html": page(
                    f"<script>window.location.href='{to}/paper-jump/html/2025-03/12/node_1.htm'</script>"
                )
            },
            keeps=False,
        ),
        Way(
            "paper-link",
            {"/paper-link/list.html": page(f"<a href='{to}/paper-link/html/2025-03/12/node_1.htm'>今日</a>")},
            keeps=False,
        ),
        Way(
            "paper-before",
            {
                "/paper-before/list.html": page(
                    "<script>location.href='/paper-before/html/2025-03/12/node_1.htm'</script>"
                ),
                "/paper-before/html/2025-03/12/node_1.htm": page(
                    listing(
                        ["/paper-before/20250301/1.html"],
                        after=f"<a href='{to}/paper-before/html/2025-03/11/node_1.htm'>上一期</a>",
                    )
                ),
                "/paper-before/20250301/1.html": page(article(1, "paper-before")),
            },
        ),
    ]


# Family of the site -> the ways that are tried on it.
TABLE: dict[str, Callable[[Ground], list[Way]]] = {
    "lists": list_ways,
    "articles": article_ways,
    "jcms": jcms_ways,
    "webforms": form_ways,
    "founder": paper_ways,
}
FAMILIES = {"lists": "generic", "articles": "empirecms"}


def serve(hostile: Hostile, ways: list[Way]) -> None:
    """Put the pages of these ways on the server."""
    for way in ways:
        hostile.pages.update(way.pages)
