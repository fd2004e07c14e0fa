"""Small sites, one for each way in which the families page their lists."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import quote

from tests.spiders.canned import Pages, Prepared, article, listing


def trs() -> Prepared:
    """TRS: the pager is a script; page 2 is index_1.html."""
    pages: Pages = {f"/xwzx/202503/t202503{n:02d}_{n}.html": article(n) for n in range(1, 7)}
    links = [f".{path.removeprefix('/xwzx')}" for path in pages]
    script = '<script>createPageHTML(3, {}, "index", "html");</script>'
    pages["/xwzx/"] = listing(links[:2], script.format(0))
    pages["/xwzx/index_1.html"] = listing(links[2:4], script.format(1))
    pages["/xwzx/index_2.html"] = listing(links[4:], script.format(2))
    return Prepared(pages, ["/xwzx/"], 6)


def jcms() -> Prepared:
    """JCMS: records as XML in the first page, the rest from the data proxy."""
    pages: Pages = {f"/art/2025/3/{n}/art_77_{n}.html": article(n) for n in range(1, 7)}
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
    return Prepared(pages, ["/col/col77/index.html"], 6)


def vsb() -> Prepared:
    """VSB: the file number of the lists falls; the second has no link to the third."""
    pages: Pages = {f"/info/1016/{n}.htm": article(n) for n in range(1, 7)}
    links = list(pages)
    pages["/xwdt.htm"] = listing(links[:2], "<a href='xwdt/2.htm'>下页</a>")
    pages["/xwdt/2.htm"] = listing(links[2:4])
    pages["/xwdt/1.htm"] = listing(links[4:])
    return Prepared(pages, ["/xwdt.htm"], 6)


def webforms() -> Prepared:
    """WebForms: the second page comes by a POST of the hidden fields."""
    pages: Pages = {f"/newshow.aspx?id={n}&mid=1": article(n) for n in range(1, 5)}
    links = list(pages)
    pager = (
        "<form method='post' action='list.aspx'><input type='hidden' name='__VIEWSTATE' value='/wEP+Dw='>"
        "<a href=\"javascript:__doPostBack('ctl00$AspNetPager1','2')\">下一页</a></form>"
    )
    pages["/list.aspx"] = listing(links[:2], pager)
    pressed = "__VIEWSTATE=%2FwEP%2BDw%3D&__EVENTTARGET=ctl00%24AspNetPager1&__EVENTARGUMENT=2"
    pages[f"/list.aspx {pressed}"] = listing(links[2:])
    return Prepared(pages, ["/list.aspx"], 4)


def founder() -> Prepared:
    """An e-paper: the home page jumps to today; two pages a day; one day without an issue."""
    pages: Pages = {"/": "<html><script>window.location.href='html/2025-03/12/node_1.htm'</script></html>"}
    for day, numbers in (("12", (1, 2)), ("10", (3, 4))):
        for node, number in zip((1, 2), numbers, strict=True):
            pages[f"/html/2025-03/{day}/content_{number}.htm"] = article(number)
            nodes = "<a href='node_1.htm'>第01版</a><a href='node_2.htm'>第02版</a>"
            pages[f"/html/2025-03/{day}/node_{node}.htm"] = listing([f"content_{number}.htm"], nodes)
    return Prepared(pages, ["/"], 4)


def workercn() -> Prepared:
    """Old lists of 中工网 go on at NAME_2.shtml without a link, until one is empty."""
    pages: Pages = {f"/10850/202503/0{n}/25030{n}092830870.shtml": article(n) for n in range(1, 5)}
    links = list(pages)
    pages["/10850/10850.shtml"] = listing(links[:2])
    pages["/10850/10850_2.shtml"] = listing(links[2:])
    return Prepared(pages, ["/10850/10850.shtml"], 4)


def generic() -> Prepared:
    """A feed, and an index of sitemaps."""
    pages: Pages = {f"/news/2025-03/{n:02d}/{n}.html": article(n) for n in range(1, 5)}
    links = list(pages)
    items = "".join(f"<item><title>竞赛</title><link>HOST{link}</link></item>" for link in links[:2])
    pages["/rss.xml"] = f"<?xml version='1.0'?><rss version='2.0'><channel>{items}</channel></rss>"
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    pages["/sitemap.xml"] = (
        f"<sitemapindex {space}><sitemap><loc>HOST/map1.xml</loc></sitemap></sitemapindex>"
    )
    urls = "".join(f"<url><loc>HOST{link}</loc></url>" for link in [*links, "/about.html"])
    pages["/map1.xml"] = f"<urlset {space}>{urls}</urlset>"
    return Prepared(pages, ["/rss.xml", "/sitemap.xml"], 4)


def trs_variables() -> Prepared:
    """TRS: a template writes its pager itself, from variables that count from 0."""
    pages: Pages = {f"/xwzx/202503/t202503{n:02d}_{n}.shtml": article(n) for n in range(1, 7)}
    links = list(pages)
    script = "<script>var currentPage = {};//所在页从0开始\nvar countPage = 3//共多少页</script>"
    for number in range(3):
        name = f"/xwzx/index{f'_{number}' if number else ''}.shtml"
        pages[name] = listing(links[2 * number : 2 * number + 2], script.format(number))
    return Prepared(pages, ["/xwzx/index.shtml"], 6)


def gdjyh_script() -> Prepared:
    """Guangdong's platform: the script names its element first and counts from 1."""
    pages: Pages = {f"/ghyw/content/post_{n}.html": article(n) for n in range(1, 7)}
    links = list(pages)
    script = "<div id='page_div'></div><script>createPageHTML('page_div',3, {},'index','html',6);</script>"
    for number in range(1, 4):
        name = f"/ghyw/index{f'_{number}' if number > 1 else ''}.html"
        pages[name] = listing(links[2 * number - 2 : 2 * number], script.format(number))
    return Prepared(pages, ["/ghyw/index.html"], 6)


def jcms_post() -> Prepared:
    """JCMS: the proxy takes its parameters from a POST alone; a record leads to another site."""
    pages: Pages = {f"/art/2025/3/{n}/art_77_{n}.html": article(n) for n in range(1, 7)}
    records = [f"<record><![CDATA[<li><a href='{path}'>市总工会</a></li>]]></record>" for path in pages]
    records.insert(0, "<record><![CDATA[<li><a href='https://wx.example/s/1'>微信</a></li>]]></record>")
    script = (
        "<script type='text/xml'><datastore><totalrecord>7</totalrecord><recordset>"
        f"{''.join(records[:3])}</recordset></datastore></script><script>$('#u').jpage({{perPage:15,"
        "proxyUrl:'/module/web/jpage/dataproxy.jsp',proxyParam:{'col':1,'appid':1,'webid':23,'path':'/',"
        "'columnid':77,'sourceContentType':1,'unitid':'9','webname':'某市总工会','permissiontype':0}})</script>"
    )
    pages["/col/col77/index.html"] = f"<!DOCTYPE html><html><body>{script}</body></html>"
    given = (
        "col=1&appid=1&webid=23&path=/&columnid=77&sourceContentType=1&unitid=9&webname=某市总工会"
        "&permissiontype=0"
    )
    pages[f"/module/web/jpage/dataproxy.jsp?startrecord=4&endrecord=48&perpage=45 {given}"] = (
        f"<?xml version='1.0' encoding='utf-8'?><datastore><totalrecord>7</totalrecord>{''.join(records[3:])}"
        "</datastore>"
    )
    return Prepared(pages, ["/col/col77/index.html"], 6)


def webforms_numbers() -> Prepared:
    """WebForms: a GridView's pager has numbers only."""
    return webforms_pressed(
        "<table><tr><td><span>1</span></td>"
        '<td><a href="javascript:__doPostBack(&#39;Grid&#39;,&#39;Page$2&#39;)">2</a></td></tr></table>',
        "__EVENTTARGET=Grid&__EVENTARGUMENT=Page%242",
    )


def webforms_button() -> Prepared:
    """WebForms: a submit button turns the page."""
    return webforms_pressed(
        "<input type='submit' name='ctl00$next' value='下一页' />", f"ctl00%24next={quote('下一页')}"
    )


def webforms_pressed(pager: str, pressed: str) -> Prepared:
    """A list of two pages, whose second comes by pressing the pager."""
    pages: Pages = {f"/newshow.aspx?id={n}&mid=1": article(n) for n in range(1, 5)}
    links = list(pages)
    state = "<input type='hidden' name='__VIEWSTATE' value='/wEP+Dw=' />"
    pages["/list.aspx"] = listing(links[:2], f"<form method='post' action='list.aspx'>{state}{pager}</form>")
    pages[f"/list.aspx __VIEWSTATE=%2FwEP%2BDw%3D&{pressed}"] = listing(links[2:])
    return Prepared(pages, ["/list.aspx"], 4)


def drupal() -> Prepared:
    """Drupal: pages count from 0, the pager is in English, some links go by index.php."""
    pages: Pages = {f"/node/{n}": article(n) for n in range(1, 5)}
    pages["/news"] = listing(
        ["/node/1", "/index.php/node/2"],
        "<a href='?page=1' title='Go to next page' rel='next'><span>Next page</span><span>››</span></a>",
    )
    pages["/index.php/node/2"] = pages.pop("/node/2")
    pages["/news?page=1"] = listing(["/node/3", "/node/4", "/node/1"])
    return Prepared(pages, ["/news"], 4)


def asp_gbk() -> Prepared:
    """Classic ASP in GBK: the next page's address has a column's name in its query."""
    pages: Pages = {f"/NewsView.asp?ID={n}": article(n) for n in range(1, 5)}
    links = list(pages)
    name = quote("工会动态".encode("gbk"))
    after = "<a href='NewsClass.asp?BigClass=工会动态&page=2'>下一页</a>"
    pages[f"/NewsClass.asp?BigClass={name}"] = in_gbk(listing(links[:2], after))
    pages[f"/NewsClass.asp?BigClass={name}&page=2"] = in_gbk(listing(links[2:]))
    return Prepared(pages, [f"/NewsClass.asp?BigClass={name}"], 4)


def in_gbk(page: str) -> bytes:
    """The page as a server in GBK sends it."""
    return page.replace("<body>", "<meta charset='gbk'><body>").encode("gbk")


def founder_named() -> Prepared:
    """An e-paper whose pages are named nbs.…, and that links to the issue before."""
    names = [f"nbs.D110000zjgrrb_0{node}.htm" for node in (1, 2)]
    pages: Pages = {
        "/": f"<html><meta http-equiv='refresh' content='0;url=html/2025-03/12/{names[0]}'></html>"
    }
    for day, before, numbers in (("12", "10", (1, 2)), ("10", "", (3, 4))):
        nodes = "".join(f"<a href='{name}'>第0{n}版</a>" for n, name in enumerate(names))
        back = f"<a href='../{before}/{names[0]}'>上一期</a>" if before else ""
        for name, number in zip(names, numbers, strict=True):
            pages[f"/html/2025-03/{day}/content_{number}.htm?div=-1"] = article(number)
            pages[f"/html/2025-03/{day}/{name}"] = listing([f"content_{number}.htm?div=-1"], nodes + back)
    return Prepared(pages, ["/"], 4)


def founder_new() -> Prepared:
    """A newer e-paper: indexes below /pc/layout/, articles below /pc/c/; no link to the day before."""
    pages: Pages = {}
    for day, numbers in (("202503/12", (1, 2)), ("202503/11", (3, 4))):
        nodes = "<a href='node_01.html'>第01版</a><a href='node_02.html'>第02版</a>"
        for node, number in zip((1, 2), numbers, strict=True):
            pages[f"/pc/c/{day}/content_{number}.html"] = article(number)
            pages[f"/pc/layout/{day}/node_0{node}.html"] = listing(
                [f"../../../c/{day}/content_{number}.html"], nodes
            )
    return Prepared(pages, ["/pc/layout/202503/12/node_01.html"], 4)


def workercn_paper() -> Prepared:
    """The e-paper of 工人日报: a folder for each page of a day."""
    pages: Pages = {}
    for day, numbers in (("12", (1, 2)), ("11", (3, 4))):
        folders = "<a href='../1/page.html'>01版</a><a href='../2/page.html'>02版</a>"
        for folder, number in zip((1, 2), numbers, strict=True):
            base = f"/papers/grrb/2025/03/{day}/{folder}"
            pages[f"{base}/news-1.html"] = article(number)
            pages[f"{base}/page.html"] = listing(["news-1.html"], folders)
    return Prepared(pages, ["/papers/grrb/2025/03/12/1/page.html"], 4)


def numbered() -> Prepared:
    """A pager of numbers alone, and addresses that only a pattern of the site file tells."""
    pages: Pages = {f"/content/cVppZzdyeGJCbn{n}": article(n) for n in range(1, 7)}
    links = list(pages)
    for number in range(1, 4):
        pager = "".join(
            f"<span>{n}</span>" if n == number else f"<a href='/list/ghyw/p{n}'>{n}</a>" for n in range(1, 4)
        )
        name = f"/list/ghyw{f'/p{number}' if number > 1 else ''}"
        pages[name] = listing(links[2 * number - 2 : 2 * number], f"<div class='pager'>{pager}</div>")
    return Prepared(pages, ["/list/ghyw"], 6, "article_url = '/content/[A-Za-z0-9]{12,}'\n")


def atom() -> Prepared:
    """An Atom feed whose entries link to themselves first."""
    pages: Pages = {f"/news/2025-03/{n:02d}/{n}.html": article(n) for n in range(1, 3)}
    entries = "".join(
        f"<entry><link rel='self' href='HOST/entry/{n}.atom'/><link rel='alternate' href='{link}'/></entry>"
        for n, link in enumerate(pages)
    )
    pages["/atom.xml"] = f"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>"
    return Prepared(pages, ["/atom.xml"], 2)


def packed_sitemaps() -> Prepared:
    """An index of sitemaps that are gzip files; the older one has nothing new the next time."""
    pages: Pages = {f"/news/2025-03/{n:02d}/{n}.html": article(n) for n in range(1, 5)}
    links = list(pages)
    space = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
    maps = "".join(
        f"<sitemap><loc>/map{n}.xml.gz</loc><lastmod>2025-03-0{n}</lastmod></sitemap>" for n in (1, 2)
    )
    pages["/sitemap.xml"] = f"<?xml version='1.0'?><sitemapindex {space}>{maps}</sitemapindex>"
    for number, some in ((1, links[:2]), (2, links[2:])):
        urls = "".join(f"<url><loc>{link}</loc></url>" for link in some)
        pages[f"/map{number}.xml.gz"] = gzip.compress(f"<urlset {space}>{urls}</urlset>".encode())
    return Prepared(pages, ["/sitemap.xml"], 4)


# Name of the way -> the family whose spider walks it, and the site.
WAYS: dict[str, tuple[str, Callable[[], Prepared]]] = {
    "trs": ("trs", trs),
    "trs-variables": ("trs", trs_variables),
    "gdjyh-script": ("gdjyh", gdjyh_script),
    "jcms": ("jcms", jcms),
    "jcms-post": ("jcms", jcms_post),
    "vsb": ("vsb", vsb),
    "webforms": ("webforms", webforms),
    "webforms-numbers": ("webforms", webforms_numbers),
    "webforms-button": ("webforms", webforms_button),
    "drupal": ("drupal", drupal),
    "asp-gbk": ("asp", asp_gbk),
    "founder": ("founder", founder),
    "founder-named": ("founder", founder_named),
    "founder-new": ("founder", founder_new),
    "workercn": ("workercn", workercn),
    "workercn-paper": ("workercn", workercn_paper),
    "generic": ("generic", generic),
    "numbered": ("generic", numbered),
    "atom": ("generic", atom),
    "packed-sitemaps": ("generic", packed_sitemaps),
}
