"""What an article says so that the machine opens what is not the site's: parts, counters, redirects."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from tests.guard.attacks import STATUSES, Ground, Way, odd_hosts, other_schemes
from tests.guard.hostile import moved, page
from tests.guard.stories import article


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
# What is named in these is never asked for (a part on another host is none, a counter's form
# takes no such host), so there is nothing to refuse.
_NOT_ASKED = {
    *("image-file", "image-private", "frame", "canonical", "part", "part-file", "part-base"),
    *("counter-mapped", "counter-mapped-hex", "counter-six", "counter-six-any", "counter-six-zone"),
    *("counter-compatible", "counter-userinfo", "counter-password", "counter-full-width"),
    *("counter-ideographic-dot", "counter-circled", "counter-soft-hyphen", "counter-zero-width"),
    *("counter-data", "counter-jar", "counter-302-file", "counter-one-slash", "counter-base-file"),
}
_VSB = '<script>_showDynClicks("wbnews", 123, 456)</script>'


def _with_moved_counter(name: str, to: str, status: int = 302, *, post: bool = False) -> Way:
    own = f"/{name}/hits?id=1"
    script = f"<script>$.post('/{name}/hits',{{id:1}})</script>" if post else f'<script src="{own}"></script>'
    way = _one(name, after=f"点击：{script}")
    return Way(name, {**way.pages, own: moved(to, status), f"/{name}/hits": moved(to, status)})
