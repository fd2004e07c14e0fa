"""One article has one canonical URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.normalize.urls import canonical_url
from unioncrawl.sites.profile import Level, SiteProfile

PROFILE = SiteProfile(
    id="x",
    name="某省总工会",
    level=Level.PROVINCE,
    family="xunrui",
    hosts=("www.example.org", "example.org", "m.example.org", "10.1.2.3:8081"),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://e.org/a/t20200929_547180.html?7OkeOa4k=qAc4qqk45d", "http://e.org/a/t20200929_547180.html"),
        ("http://E.ORG:80/Content/UFNGVmwt", "http://e.org/Content/UFNGVmwt"),
        ("http://e.org/a.jsp;jsessionid=1A2B?id=3", "http://e.org/a.jsp?id=3"),
        ("http://e.org/show.php?id=3&from=singlemessage&isappinstalled=0", "http://e.org/show.php?id=3"),
        ("http://e.org/html/2018-08/02/content_26.htm?div=-1", "http://e.org/html/2018-08/02/content_26.htm"),
        (
            "http://e.org/content.jsp?urltype=news.NewsContentUrl&wbtreeid=1032&wbnewsid=1081",
            "http://e.org/info/1032/1081.htm",
        ),
        ("http://e.org/e/DoPrint/?classid=1&id=2", "http://e.org/e/action/ShowInfo.php?classid=1&id=2"),
        ("http://e.org/m/view.php?aid=7", "http://e.org/plus/view.php?aid=7"),
        ("http://e.org/index.php/node/10655", "http://e.org/node/10655"),
        (
            "http://e.org/BIG5/n1/2019/0514/c81963-31083754.html",
            "http://e.org/n1/2019/0514/c81963-31083754.html",
        ),
        ("http://big5.china.com.cn/gate/big5/news.e.org/a.htm", "http://news.e.org/a.htm"),
        ("http://e.org/index.php?id=8&c=show", "http://e.org/index.php?c=show&id=8"),
        ("http://e.org/a.html#top", "http://e.org/a.html"),
        ("https://e.org/#/moreNews?id=1", "https://e.org/#/moreNews?id=1"),
        ("http://e.org", "http://e.org/"),
    ],
)
def test_folds_twins(url: str, expected: str) -> None:
    """Session ids, tracking, WAF tokens, print, mobile and view twins fold; the path keeps its case."""
    assert canonical_url(url) == expected


@pytest.mark.parametrize("host", PROFILE.hosts)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_hosts_of_a_site_fold(scheme: str, host: str) -> None:
    """Every host and scheme of a site folds into its first host."""
    url = canonical_url(f"{scheme}://{host}/index.php?c=show&id=8", PROFILE)
    assert url == "https://www.example.org/index.php?c=show&id=8"


@given(st.from_regex(r"/[A-Za-z0-9_/.-]{0,30}(\?[a-z]{1,5}=[A-Za-z0-9]{1,6})?", fullmatch=True))
def test_is_idempotent(rest: str) -> None:
    """A canonical URL is its own canonical URL."""
    once = canonical_url(f"http://e.org{rest}")
    assert canonical_url(once) == once
