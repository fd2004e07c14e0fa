"""Tests for `tools.make_sites_table` and the catalogue that it documents."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest

from tests.recordings import ROOT
from tools.make_sites_table import sites_document
from unioncrawl.sites.catalogue import load_catalogue
from unioncrawl.sites.profile import Level, SiteProfile

PROFILES = load_catalogue().profiles
# Addresses of articles, as they were seen on the sites' own pages.
SEEN_ARTICLES = {
    "acftu": "https://ghpf.acftu.org/flfg/dfldfg/sjzbsh/202009/t20200929_547180.html",
    "workercn": "https://www.workercn.cn/c/2026-07-13/8845672.shtml",
    "xz-workercn": "http://xz.workercn.cn/10930/201804/26/180426092830870.shtml",
    "grrb": "https://www.workercn.cn/papers/grrb/2021/12/22/2/news-4.html",
    "people-acftu": "http://acftu.people.com.cn/n1/2024/0912/c67502-40318801.html",
    "gdftu": "http://www.gdftu.org.cn/ghyw/dwjl/content/post_214781.html",
    "ahghw": "https://www.ahghw.org.cn/xwzx/sxgh/fys/11180481.html",
    "qhszgh": "https://qhszgh.com/index.php?c=show&id=2102",
    "lnszgh": "https://www.lnszgh.org/news-show-17402.html",
    "hebzgfw-qhd": "https://qhd.hebzgfw.cn/bdhq/fwxm/bzjz/knbf/201807/t20180706_122148.html",
    "sdgh": "https://www.sdgh.org.cn/art/2025/12/29/art_101583_10363084.html",
    "hzgh": "https://www.hzgh.org/newsview101651.htm",
    "czgh": "https://czgh.jscz.org.cn/html/czgh/2025/KEBQLDDJ_0814/34082.html",
    "lygzgh": "https://lygzgh.org/gb2312/xianqugonghui/12837.html",
    "hgzgh": "http://hgzgh.org/xwdt/ghxw/2025-01-22/7929.html",
    "jmzgh": "http://www.jmzgh.gov.cn/news/detail/6320",
    "ncgh": "http://www.ncgh.org.cn/nczhghcms/article/6379",
    "jzzgh-com": "https://www.jzzgh.com/dynamics/info_6663.html",
    "sygh": "http://sygh.org/xwzx/jcghdt/202510/t20251030_4927542.html",
    "cdzgh": "https://www.cdzgh.com/htm/detail_20122.html",
    "whzgh": "http://whzgh.com/newshow.aspx?id=3811&mid=166",
    "cdszgh": "http://cdszgh.cn/art/2021/2/12/art_11495_842345.html",
    "zjghw": "https://www.zjghw.org/news/xqdt/content_18155",
    "jngh": "http://www.jngh.org.cn/content/cVppZzdyeGJCbnowT2oxWFZwRHRP",
    "zgh-jimo": "http://zgh.jimo.gov.cn/n8427/n8446/170726094706393544.html",
    "qdlxzgh": "http://www.qdlxzgh.cn/news_3/495.html",
    "pdsgh": "https://pdsgh.org/index.php/node/10655",
    "lazgh": "http://lazgh.lanews.com.cn/content/2019-01/24/content_8853751.htm",
    "shghxy": "https://shghxy.org.cn/djdt/1424",
    "xmgrwhg": "http://www.xmgrwhg.net/ztzl/qxxdjm/201103/t20110303_197972.htm",
    "cnzh-zgh": "http://www.cnzh.gov.cn/News/Detail/b6c743674022494691be1103aed82fe3.html",
    "yantian-zgh": "https://www.yantian.gov.cn/cn/zjyt/jjyt/bmxx/content/post_12371229.html",
    "zjgrrb": "https://epaper.zjgrrb.com/html/2018-08/02/content_2633803.htm?div=-1",
    "ldwb": "http://ldwb.workerbj.cn/content/2014-09/25/content_261.htm",
    "sxworker-paper": "http://paper.sxworker.com/xpaper/news/1503/6870/56045-1.shtml",
    "sxworker": "http://img-sxworker.sxworker.com/gonghui/gh/2024-06-08/180421.html",
    "hbgrb": "http://hbgrb.net/ghpd/202501/t20250118_275244.html",
    "nfgb": "http://www.nfgb.com.cn/yw/content/post_1134003.html",
    "nfgb-2018": "http://gdgy2018.nfgb.com.cn/paper.asp?Aid=848&Fid=242",
    "scgrrb": "http://gonghui.51grb.com/gonghui/2019/08/30/1775231.shtml",
    "jsgrb": "http://epaper.jsgrb.com/Article/index/aid/4659285.html",
    "hngrrb": "http://www.hngrrb.cn/paper/2026-06/15/content_99123659.html",
    "ahgrb": "https://epaper.ahgrrb.com/index/article/articleinfo.html?doc_id=947",
    "pjszgh": "http://www.pjszgh.org/2022_01/04_17/content-357291.html",
    "btftu": "http://btftu.xjbt.gov.cn/c/2017-08-09/4702820.shtml",
    "zgxx-51xue": "http://www.51xue.org.cn/news/ArticleShow.asp?ArticleID=7099",
    "mirror-djygh": "http://djygh.org/ghsc/ghdt/szghdt/bsgz/201709/t20170919_183870/",
    "mirror-wdqmny": "https://wdqmny.com/a13414",
    "mirror-hd032": "https://hd032.com/a/13162",
    "mirror-sxhwgc": "http://www.sxhwgc.com/htm/20218/5_10329.htm",
    "mirror-probablyskongtaking": "http://m.probablyskongtaking.com/news/show/1534.html",
}


def test_the_document_is_the_catalogue() -> None:
    """docs/sites.md says what the site files say; else run tools/make_sites_table.py."""
    written = (ROOT / "docs" / "sites.md").read_text(encoding="utf-8")
    assert written == sites_document(load_catalogue())


def test_there_are_sixty_sites_beside_the_practice_sites() -> None:
    """The catalogue has at least sixty real sites of every level."""
    real = [profile for profile in PROFILES.values() if profile.level is not Level.PRACTICE]
    assert len(real) >= 60
    assert {profile.level for profile in real} >= {Level.NATIONAL, Level.PROVINCE, Level.CITY, Level.COUNTY}


@pytest.mark.parametrize("site", SEEN_ARTICLES)
def test_seen_articles_are_articles_of_their_site(site: str) -> None:
    """An article's address that was seen matches the site's pattern and hosts."""
    profile, url = PROFILES[site], SEEN_ARTICLES[site]
    assert urlsplit(url).netloc in profile.hosts
    assert re.search(profile.article_url, url)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.id)
def test_lists_are_on_the_sites_hosts_and_no_articles(profile: SiteProfile) -> None:
    """A column's list is on one of the site's hosts, and its address is not taken for an article's."""
    for column in profile.columns:
        assert urlsplit(column.url).netloc in profile.hosts
        assert not re.search(profile.article_url, column.url)


def test_closed_sites_say_why() -> None:
    """A site that a plain crawler gets nothing from says what stands in the way."""
    closed = {profile.id: profile.closed.partition(":")[0] for profile in PROFILES.values() if profile.closed}
    assert closed["acftu"] == "waf"
    assert closed["gsgh"] == closed["nxzgh"] == "shell"
    assert set(closed.values()) == {"waf", "shell", "app"}
