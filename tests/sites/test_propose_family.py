"""Which family is proposed for a page: by addresses, by what names its system, by folders."""

from __future__ import annotations

import pytest

from tests.sites.test_propose import TITLE, home, page, proposed
from unioncrawl.sites.recognise import recognise_family

# Links of a home page -> the family that they give away. Each is an address of the system's own rules.
ADDRESSES = {
    "trs": ("./xwdt/202503/t20250314_4927542.html", "./xwdt/"),
    "jcms": ("/art/2025/3/14/art_3577_842345.html", "/col/col3577/index.html"),
    "vsb": ("info/1016/7929.htm", "xwdt.htm"),
    "phpcms": ("/html/2025/XWDT_0314/34082.html", "/html/xwdt/"),
    "empirecms": ("/xwdt/2025-03-14/7929.html", "/xwdt/"),
    "dedecms": ("/a/xwdt/2025/0314/123.html", "/a/xwdt/"),
    "xunrui": ("/index.php?c=show&id=2102", "/index.php?c=category&id=3"),
    "jeecms": ("/xwdt/123.jhtml", "/xwdt/index.jhtml"),
    "siteserver": ("/contents/12/345.html", "/channels/12.html"),
    "kesion": ("/Item/Show.asp?m=1&d=13299", "/Item/list.asp?id=12"),
    "powereasy": ("/Article/ArticleShow.asp?ArticleID=7099", "/Article/ShowClass.asp?ClassID=4"),
    "asp": ("NewsView.asp?ID=3811&SortID=2", "NewsClass.asp?SortID=2"),
    "webforms": ("newshow.aspx?id=3811&mid=166", "newslist.aspx?mid=166"),
    "drupal": ("/index.php/node/10655", "/taxonomy/term/3"),
    "gdjyh": ("/ghyw/dwjl/content/post_214781.html", "/ghyw/dwjl/"),
    "founder": ("html/2022-07/14/content_2798454.htm?div=-1", "html/2022-07/14/node_2.htm"),
    "people": ("/n1/2024/0912/c67502-40318801.html", "/GB/67502/index.html"),
    "workercn": ("/c/2025-04-28/8510641.shtml", "/32839/32839.shtml"),
}


@pytest.mark.parametrize("family", ADDRESSES)
def test_a_familys_addresses_give_it_away(family: str) -> None:
    """From a home page's links the system is recognised, and a column by what its lists look like."""
    article, column = ADDRESSES[family]
    proposal = proposed(home(article, column))
    assert proposal["family"] == family
    assert [entry["name"] for entry in proposal["columns"]] == ["职工之声"]
    assert "article_url" not in proposal


@pytest.mark.parametrize(
    ("generator", "family"),
    [
        ("<meta name='generator' content='WordPress 6.1.9'>", "wordpress"),
        ("<META content='Typecho 1.2.0' name=generator />", "typecho"),
        ("<meta name='generator' content='Z-BlogPHP 1.7.3'>", "zblog"),
        ("<meta name='generator' content='PbootCMS'>", "pbootcms"),
        ("<meta name='author' content='YzmCMS内容管理系统'>", "yzmcms"),
        (
            "<meta name='generator' content='Page Maker 3'><meta name='generator' content='WordPress 5'>",
            "wordpress",
        ),
        ("<meta name='author' content='临溪市总工会'>", "generic"),
        ("<meta name='description' content='WordPress 6.1.9'>", "generic"),
    ],
)
def test_a_page_that_names_its_system_is_of_it(generator: str, family: str) -> None:
    """The system that a page says it is made with decides; a name elsewhere does not."""
    assert recognise_family(page(f"{generator}<a href='/xw/'>工会要闻</a>"))[0] == family


@pytest.mark.parametrize(
    ("markup", "family"),
    [
        ("<link href='/wp-content/themes/linxi/style.css'><a href='/archives/12'>送清凉</a>", "wordpress"),
        ("<link href='/usr/themes/linxi/style.css'><a href='/archives/12/'>送清凉</a>", "typecho"),
        ("<script src='/zb_system/script/common.js'></script><a href='/?id=12'>送清凉</a>", "zblog"),
        ("<img src='/static/upload/image/20250314/1741.jpg'><a href='/?ghyw/12.html'>送清凉</a>", "pbootcms"),
        ("<link href='/static/css/yzm-common.css'><a href='/ghyw/12.html'>送清凉</a>", "yzmcms"),
        ("<img src='http://other.example/wp-content/uploads/a.jpg'><a href='/12.html'>送清凉</a>", "generic"),
        (
            "<a href='/12.html'>送清凉</a><a href='/13.html'>送温暖</a><a href='/14.html'>送岗位</a>",
            "generic",
        ),
    ],
)
def test_folders_of_a_system_give_it_away(markup: str, family: str) -> None:
    """Without its name a system shows by its own folders, and not by addresses that many systems have."""
    assert recognise_family(page(markup))[0] == family


def test_links_to_other_sites_say_nothing_about_this_one() -> None:
    """A page that reprints 中工网 and links to it is not of its system."""
    links = "".join(
        f"<li><a href='https://www.workercn.cn/c/2025-04-2{n}/851064{n}.shtml'>{TITLE}</a></li>"
        for n in range(5)
    )
    assert recognise_family(page(f"<ul>{links}</ul>")) == ("generic", ())
