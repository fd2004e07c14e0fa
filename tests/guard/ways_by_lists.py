"""What a list, a feed or a sitemap says so that the machine opens what is not the site's."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from tests.guard.attacks import STATUSES, Ground, Way, list_way, odd_hosts, other_schemes, xml_answer
from tests.guard.hostile import moved, page
from tests.guard.stories import article, listing

# These are paths of the own host to every reader of addresses but a browser.
_OWN_PATHS = ("next-backslashes", "next-one-slash")


def _next(name: str, url: str) -> Way:
    return list_way(name, after=f'<a href="{escape(url)}">下一页</a>')


def _list_moved(name: str, to: str, status: int = 302) -> Way:
    return Way(name, {f"/{name}/list.html": moved(to, status)}, keeps=False)


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
            list_way("base", head=f"<base href='{to}/base/'>", after="<a href='list2.html'>下一页</a>"),
            keeps=False,
        ),
        list_way(
            "on-click", after=f"""<a href="#" onclick="location.href='{to}/on-click/2.html'">下一页</a>"""
        ),
        list_way(
            "button", after=f"""<input type=button value=下一页 onclick="location='{to}/button/2.html'">"""
        ),
        list_way(
            "kkpager",
            after=f"<script>kkpager.generPageHtml({{pno:'1',total:'5',hrefFormer:'{to}/kkpager/list',"
            "hrefLatter:'.html'})</script>",
        ),
        list_way("relation", after=f"<a rel='next' href='{to}/relation/2.html'>更早</a>"),
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
                "/sitemap/list.html": xml_answer(
                    f"<sitemapindex><sitemap><loc>{to}/sitemap/map.xml</loc></sitemap><sitemap>"
                    "<loc>/sitemap/own.xml</loc></sitemap></sitemapindex>"
                ),
                "/sitemap/own.xml": xml_answer(
                    "<urlset><url><loc>/sitemap/20250301/1.html</loc></url></urlset>"
                ),
                "/sitemap/20250301/1.html": page(article(1, "sitemap")),
            },
        ),
        Way(
            "sitemap-file",
            {
                "/sitemap-file/list.html": xml_answer(
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
                "/sitemap-entry/list.html": xml_answer(
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
                "/sitemap-entity/list.html": xml_answer(
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
                "/feed-entry/list.html": xml_answer(
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
