"""The CMS families: what a site of each is like unless its file says otherwise.

A table. ``article_url`` is a regular expression searched in an absolute URL;
``traces`` are regular expressions that give the family away in a page's HTML.
How lists are walked stands in the family's module of ``spiders``; everything
here is data that an offline page needs as well. Sources: each CMS's own default
URL rules and templates (docs/sites.md names them).
"""

from __future__ import annotations

from dataclasses import dataclass

from unioncrawl.sites.profile import SiteProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A content management system (or a home-made one) and its defaults."""

    id: str
    title: str
    article_url: str
    traces: tuple[str, ...] = ()


_TABLE = (
    Family(
        id="generic",
        title="any site: list page and article URL pattern",
        article_url=(
            r"/\d{4}[-/_]?\d{2}[-/_]?\d{0,2}/[^?#]*\d+[^/]*\.s?html?\b|content[_-]\d+|_\d{4,}\.s?html?\b"
            r"|/(?:detail|article|show|news|view|info)[-_/]?\d+|[?&](?:id|aid|newsid|articleid)=\d+"
        ),
    ),
    Family(
        id="xunrui",
        title="迅睿 XunRui CMS",
        article_url=r"[?&]c=show&(?:\w+=\w*&)*id=\d+|/(?:[\w-]+-)?show-\d+(?:-\d+)?\.html",
        traces=(r"dr_show_hits_\d+", r"[?&]c=show&(?:amp;)?id=\d+", r"s=api&(?:amp;)?c=module"),
    ),
    Family(
        id="empirecms",
        title="帝国 EmpireCMS",
        article_url=r"/\d{4}-\d{2}-\d{2}/\d+\.html|/e/action/ShowInfo\.php\?classid=\d+&id=\d+",
        traces=(r"/e/public/ViewClick/?\?", r"/e/(?:action|DoPrint|member|search)/", r"/skin/default/"),
    ),
    Family(
        id="phpcms",
        title="PHPCMS v9",
        article_url=(
            r"/html/\d{4}/\w+_\d{4}/\d+(?:_\d+)?\.html|(?:show|content)-\d+-\d+-\d+\.html"
            r"|[?&]c=index&a=show&catid=\d+&id=\d+|/\d{4}/\d{4}/\d+\.html"
        ),
        traces=(r"/api\.php\?op=count", r"/statics/js/", r"m=content&(?:amp;)?c=index"),
    ),
    Family(
        id="asp",
        title="classic ASP and ASP.NET, home-made",
        article_url=(
            # NewsList.asp?SortID=2 is a list, NewsView.asp?ID=2 an article.
            r"(?i)/(?:\w+/)*(?!\w*(?:list|more|class|column))\w*(?:show|view|detail|read|content|article|news|info)"
            r"\w*\.aspx?\?(?:\w+=[^&]*&)*\w*id=\d+"
        ),
        traces=(r"\.aspx?\?\w*id=\d+",),
    ),
    Family(
        id="mirror",
        title="a mirror that copies another site's pages, damaged",
        article_url=(
            # The first slash is the path's: a host or port has digits too.
            r"(?<![:/])/[^?#]*\d{3,}[^/?#]*(?:\.s?html?|/)?(?:$|[?#])|[?&]id=\d+"
        ),
    ),
)  # fmt: skip
FAMILIES: dict[str, Family] = {family.id: family for family in _TABLE}


def complete(profile: SiteProfile) -> SiteProfile:
    """Fill what a site file leaves open with its family's defaults.

    What the file says itself is never changed.
    """
    if profile.article_url:
        return profile
    return profile.model_copy(update={"article_url": FAMILIES[profile.family].article_url})
