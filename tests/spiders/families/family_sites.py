"""Small sites, one for each way in which the families page their lists."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

from tests.spiders.canned import Pages, Prepared, article, listing
from tests.spiders.families.epaper_sites import founder, founder_named, founder_new, workercn_paper


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


def jcms_get() -> Prepared:
    """JCMS: the proxy answers a GET alone."""
    prepared = jcms_post()
    pages: Pages = {}
    for key, page in prepared.pages.items():
        path, _, given = key.partition(" ")
        fields = parse_qsl(given, keep_blank_values=True)
        pages[f"{path}&{urlencode(fields)}" if given else path] = page
    return Prepared(pages, prepared.lists, prepared.articles)


def vsb() -> Prepared:
    """VSB: the file number of the lists falls; the second has no link to the third."""
    pages: Pages = {f"/info/1016/{n}.htm": article(n) for n in range(1, 7)}
    links = list(pages)
    pages["/xwdt.htm"] = listing(links[:2], "<a href='xwdt/2.htm'>下页</a>")
    pages["/xwdt/2.htm"] = listing(links[2:4])
    pages["/xwdt/1.htm"] = listing(links[4:])
    return Prepared(pages, ["/xwdt.htm"], 6)


def vsb_script() -> Prepared:
    """VSB: a script turns the page; the last page and numbers are linked to."""
    pages: Pages = {f"/info/1016/{n}.htm": article(n) for n in range(1, 7)}
    links = list(pages)
    script = "<a href='javascript:_simple_list_gotopage_fun()'>下页</a>"
    pages["/xwdt.htm"] = listing(
        links[:2], f"{script}<a href='xwdt/1.htm'>尾页</a><a href='xwdt/2.htm'>2</a>"
    )
    pages["/xwdt/2.htm"] = listing(links[2:4], f"{script}<a href='1.htm'>尾页</a>")
    pages["/xwdt/1.htm"] = listing(links[4:], script)
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


def dated_rows() -> Prepared:
    """A site of no known system whose file names no pattern: its entries have dates beside them."""
    pages: Pages = {f"/ghyw/{n}.html": article(n) for n in range(1, 7)}
    links = list(pages)
    menu = "<a href='/about/1.html'>机构概况</a>"
    pages["/ghyw/"] = listing(links[:3], f"<div><a href='/ghyw/list_2.html'>下页</a>{menu}</div>")
    pages["/ghyw/list_2.html"] = listing(links[3:], menu)
    return Prepared(pages, ["/ghyw/"], 6)


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


def numbered() -> Prepared:
    """A pager of numbers alone, and addresses that only a pattern of the site file recognises."""
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
    "jcms-get": ("jcms", jcms_get),
    "vsb": ("vsb", vsb),
    "vsb-script": ("vsb", vsb_script),
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
    "dated-rows": ("generic", dated_rows),
    "atom": ("generic", atom),
    "packed-sitemaps": ("generic", packed_sitemaps),
}
