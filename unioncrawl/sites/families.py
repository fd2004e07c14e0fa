"""The CMS families: what a site of each is like unless its file says otherwise.

A table. ``article_url`` is a regular expression searched in an absolute URL;
``list_url`` is one for list pages, for proposing columns; ``traces`` are regular
expressions that give the family away in a page's HTML.
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
    list_url: str = ""
    traces: tuple[str, ...] = ()


_TABLE = (
    Family(
        id="trs",
        title="拓尔思 TRS WCM",
        article_url=r"/\d{6}/t\d{8}_\d+\.s?html?\b",
        list_url=r"/(?:index\.s?html?)?$",
        traces=(r"createPageHTML\w*\(", r"\bTRS_Editor\b", r"trs_editor_view", r"/t20\d{6}_\d+\.s?html?"),
    ),
    Family(
        id="jcms",
        title="大汉 JCMS",
        article_url=r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
        list_url=r"/col/col\d+/",
        traces=(r"/module/(?:web/)?jpage/dataproxy", r"<!--<\$\[", r"/col/col\d+/", r"/art_\d+_\d+\.html"),
    ),
    Family(
        id="vsb",
        title="博达 VSB webber",
        article_url=r"/info/\d+/\d+\.htm|[?&]wbnewsid=\d+",
        list_url=r"^[^?]*/\w+\.htm$|list\.jsp\?.*wbtreeid=\d+",
        traces=(r"_showDynClicks", r"/system/resource/", r"\bvsb_content", r"_newscontent_fromname"),
    ),
    Family(
        id="phpcms",
        title="PHPCMS v9",
        article_url=(
            r"/html/(?:\w+/)?\d{4}/\w+_\d{4}/\d+(?:_\d+)?\.html|/(?:show|content)-\d+-\d+-\d+\.html"
            r"|[?&]c=index&a=show&catid=\d+&id=\d+|/\d{4}/\d{4}/\d+\.html"
        ),
        list_url=r"/(?:index\.html)?$|/list-\d+-\d+\.html|a=lists&catid=\d+",
        traces=(
            r"/list-\d+-\d+\.html",
            r"/api\.php\?op=count",
            r"/statics/(?:js|css)/",
            r"m=content&(?:amp;)?c=index",
        ),
    ),
    Family(
        id="empirecms",
        title="帝国 EmpireCMS",
        article_url=r"/\d{4}-\d{2}-\d{2}/\d+\.html|/e/action/ShowInfo\.php\?classid=\d+&id=\d+",
        list_url=r"/(?:index\.html)?$|/e/action/ListInfo/?\?classid=\d+",
        traces=(r"/e/public/ViewClick/?\?", r"/e/(?:action|DoPrint|member|search|data)/", r"/d/file/"),
    ),
    Family(
        id="dedecms",
        title="织梦 DedeCMS",
        article_url=r"/(?:a|html|[a-z][\w-]*)/(?:[\w-]+/)*\d{4}/\d{3,4}/\d+\.html|/plus/view\.php\?aid=\d+",
        list_url=r"/(?:index\.html)?$|/list_\d+(?:_\d+)?\.html|/plus/list\.php\?tid=\d+",
        traces=(
            r"/list_\d+_\d+\.html",
            r"/a/(?:[\w-]+/)*\d{4}/\d{3,4}/\d+\.html",
            r"/plus/(?:count|view|list|search|diggindex)\.php",
            r"dedeajax",
            r"/templets/",
        ),
    ),
    Family(
        id="xunrui",
        title="迅睿 XunRui CMS",
        article_url=r"[?&]c=show&(?:\w+=\w*&)*id=\d+|/(?:[\w-]+-)?show-\d+(?:-\d+)?\.html",
        list_url=r"[?&]c=category&|/list-[\w-]+\.html|/[\w-]+/$",
        traces=(
            r"/show-\d+\.html",
            r"[?&]c=category&(?:amp;)?id=\d+",
            r"dr_show_hits_\d+",
            r"[?&]c=show&(?:amp;)?id=\d+",
            r"s=api&(?:amp;)?c=module",
        ),
    ),
    Family(
        id="jeecms",
        title="JEECMS",
        article_url=r"/\w+/\d+\.(?:jhtml|htm)\b",
        list_url=r"/(?:index\.jhtml)?$",
        traces=(r"content_view\.jspx", r"Cms\.viewCount", r"/u/cms/www/", r"\.jhtml"),
    ),
    Family(
        id="siteserver",
        title="SiteServer SSCMS",
        article_url=r"/contents/\d+/\d+\.html|/\d{4}/\d{1,2}/\d{1,2}/\d+\.html",
        list_url=r"/channels/\d+\.html|/$",
        traces=(
            r"/channels/\d+\.html",
            r"/contents/\d+/\d+\.html",
            r"/api/stl/",
            r"stlAction",
            r"/sitefiles/",
        ),
    ),
    Family(
        id="kesion",
        title="科汛 KesionCMS",
        article_url=r"(?i)/item/show\.asp\?(?:\w+=\w*&)*d=\d+|/item/\d+\.html|/html/[\w/]+/\d+\.html",
        list_url=r"(?i)/(?:item/)?list\.asp|/$",
        traces=(r"(?i)/item/(?:show|list)\.asp", r"(?i)/item/GetHits\.asp", r"(?i)/ks_inc/", r"(?i)kesion"),
    ),
    Family(
        id="powereasy",
        title="动易 PowerEasy SiteWeaver",
        article_url=r"(?i)ArticleShow\.asp\?ArticleID=\d+|/\w+/\d{6}/\d+\.html",
        list_url=r"(?i)showclass\.asp|/$",
        traces=(
            r"(?i)Article_?(?:Show)?Class\w*\.asp|ShowClass\.asp",
            r"(?i)GetHits\.asp",
            r"(?i)PowerEasy",
            r"(?i)ArticleShow\.asp",
        ),
    ),
    Family(
        id="asp",
        title="classic ASP, home-made",
        article_url=(
            # NewsList.asp?SortID=2 is a list, NewsView.asp?ID=2 an article.
            r"(?i)/(?:\w+/)*(?!\w*(?:list|more|class|column))\w*(?:show|view|detail|read|content|article|news|info|paper)"
            r"\w*\.aspx?\?(?:\w+=[^&]*&)*\w*id=\d+"
        ),
        list_url=r"(?i)/\w*(?:list|more|class|column|sort|type)\w*\.aspx?",
        traces=(r"(?i)[\"'/ =]\w+\.asp\b", r"(?i)\.asp\?\w*id=\d+"),
    ),
    Family(
        id="webforms",
        title="ASP.NET WebForms",
        article_url=(
            r"(?i)/(?:\w+/)*(?!\w*(?:list|more|class|column))\w*(?:show|view|detail|read|content|article|news|info)"
            r"\w*\.aspx?\?(?:\w+=[^&]*&)*\w*id=\d+"
        ),
        list_url=r"(?i)/\w*(?:list|more|class|column|sort|type)\w*\.aspx?",
        traces=(r"(?i)[\"'/ =]\w+\.aspx\b", r"__VIEWSTATE", r"__doPostBack", r"(?i)\.aspx\?\w*id=\d+"),
    ),
    Family(
        id="drupal",
        title="Drupal",
        article_url=r"/(?:index\.php/)?node/\d+(?:$|\?)|[?&]q=node/\d+$",
        list_url=r"/(?:taxonomy/term/\d+|[\w-]+)$",
        traces=(r"/node/\d+", r"Drupal\.settings", r"/sites/(?:default|all)/", r'content="Drupal'),
    ),
    Family(
        id="gdjyh",
        title="广东省政府网站集约化平台",
        article_url=r"/content/post_\d+\.html",
        list_url=r"/(?:index\.s?html?)?$",
        traces=(r"/content/post_\d+\.html", r"gkmlpt"),
    ),
    Family(
        id="founder",
        title="方正翔宇 e-paper",
        article_url=r"/content_\d+\.html?",
        list_url=r"/node_\d+\.html?|/nbs\.D\w+_\d+\.html?",
        traces=(r"nbs\.D\w+_\d+\.html?", r"<!--\s*enpproperty", r"node_\d+\.html?", r"enpcontent"),
    ),
    Family(
        id="people",
        title="人民网",
        article_url=r"/n\d?/\d{4}/\d{4}/c\d+-\d+\.html",
        list_url=r"/GB/\d+/(?:index\.html)?$|/$",
        traces=(r"people\.com\.cn/(?:img|n\d)/", r"/n1/\d{4}/\d{4}/c\d+-\d+"),
    ),
    Family(
        id="workercn",
        title="中工网",
        article_url=(
            r"/c/\d{4}-\d{2}-\d{2}/\d+\.shtml|/\d+/\d{6}/\d{2}/\d{12,}\.shtml"
            r"|/papers/grrb/\d{4}/\d{2}/\d{2}/\d+/news-\d+\.html"
        ),
        list_url=r"/(\d+)/\1\.shtml|/papers/\w+/|/$",
        traces=(
            r"/\d{2,}/20\d{4}/\d{2}/\d{12,}\.shtml",
            r"/c/20\d\d-\d\d-\d\d/\d+\.shtml",
            r"/papers/grrb/",
            r"workercn\.cn/(?:c|papers|\d+)/",
        ),
    ),
    Family(
        id="mirror",
        title="a mirror that copies another site's pages, damaged",
        # The first slash is the path's: a host or port has digits too.
        article_url=r"(?<![:/])/[^?#]*\d{3,}[^/?#]*(?:\.s?html?|/)?(?:$|[?#])|[?&]id=\d+",
    ),
    Family(
        id="generic",
        title="any site: list page and article URL pattern, sitemap, RSS or Atom",
        article_url=(
            r"/\d{4}[-/_]?\d{2}[-/_]?\d{0,2}/[^?#]*\d+[^/]*\.s?html?\b|content[_-]\d+|_\d{4,}\.s?html?\b"
            r"|/(?:detail|article|show|news|view|info)\w*[-_/]?\d+|[?&](?:id|aid|newsid|articleid)=\d+"
        ),
    ),
)
FAMILIES: dict[str, Family] = {family.id: family for family in _TABLE}


def complete(profile: SiteProfile) -> SiteProfile:
    """Fill what a site file leaves open with its family's defaults.

    What the file says itself is never changed.
    """
    if profile.article_url:
        return profile
    return profile.model_copy(update={"article_url": FAMILIES[profile.family].article_url})
