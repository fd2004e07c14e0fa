"""One article has one canonical URL."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from unioncrawl.sites.profile import Level, SiteProfile
from unioncrawl.urls import canonical_url

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
        ("http://e.org/?q=node/10655", "http://e.org/node/10655"),
        (
            "http://e.org/BIG5/n1/2019/0514/c81963-31083754.html",
            "http://e.org/n1/2019/0514/c81963-31083754.html",
        ),
        ("http://big5.china.com.cn/gate/big5/news.e.org/a.htm", "http://news.e.org/a.htm"),
        ("http://e.org/index.php?id=8&c=show", "http://e.org/index.php?c=show&id=8"),
        ("http://e.org/a.html#top", "http://e.org/a.html"),
        ("https://e.org/#/moreNews?id=1", "https://e.org/#/moreNews?id=1"),
        ("http://e.org", "http://e.org/"),
        ("http://e.org//xw/../info/1.htm", "http://e.org/info/1.htm"),
        ("http://e.org/%e5%b7%a5/1.htm", "http://e.org/%E5%B7%A5/1.htm"),
        ("http://e.org/show.aspx?id=3&amp;mid=9", "http://e.org/show.aspx?id=3&mid=9"),
        ("http://e.org/print.php?contentid=12", "http://e.org/show.php?contentid=12"),
        ("http://e.org/View.asp?Class=%B9%A4%BB%E1&ID=3", "http://e.org/View.asp?Class=%B9%A4%BB%E1&ID=3"),
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


IDS = st.integers(1, 10**7)
# Addresses of one article, as the systems make them.
FORMS = st.sampled_from(
    (
        "/xwdt/2025-03-14/{0}.html",
        "/art/2025/3/14/art_101_{0}.html",
        "/index.php?c=show&id={0}",
        "/newshow.aspx?id={0}&mid=166",
        "/NewsView.asp?ID={0}&SortID=%B9%A4",
        "/Content/cVppZz{0}xY",
        "/info/1016/{0}.htm",
        "/plus/view.php?aid={0}",
        "/n1/2024/0912/c67502-{0}.html",
        "/node/{0}",
    )
)
TRACKING = (
    "from=timeline",
    "isappinstalled=0",
    "spm=a1.b2",
    "utm_source=wx",
    "t=1712345678",
    "jsessionid=1A2B",
)


@st.composite
def noisy(draw: st.DrawFn, address: str) -> str:
    """The address as another page may link to it: alias, scheme, session, tracking, fragment."""
    path, _, query = address.partition("?")
    pairs = draw(st.permutations(query.split("&"))) if query else []
    pairs = [*pairs, *draw(st.lists(st.sampled_from(TRACKING), max_size=3, unique=True))]
    session = draw(st.sampled_from(("", ";jsessionid=AB12CD34", ";JSESSIONID=ab12!-1")))
    host = draw(st.sampled_from(PROFILE.hosts))
    scheme = draw(st.sampled_from(("http", "https", "HTTP")))
    fragment = draw(st.sampled_from(("", "#top", "#")))
    return f"{scheme}://{host}{path}{session}{'?' if pairs else ''}{'&'.join(pairs)}{fragment}"


@given(st.data(), FORMS, IDS)
def test_what_a_link_adds_to_an_address_does_not_matter(data: st.DataObject, form: str, number: int) -> None:
    """Host, scheme, session, tracking, order of the query and fragment make no other article."""
    address = form.format(number)
    plain = canonical_url(f"https://www.example.org{address}", PROFILE)
    assert canonical_url(data.draw(noisy(address)), PROFILE) == plain


@given(FORMS, IDS, IDS)
def test_different_articles_stay_apart(form: str, one: int, other: int) -> None:
    """Two numbers are two articles, whatever the system."""
    same = canonical_url(f"http://e.org{form.format(one)}") == canonical_url(
        f"http://e.org{form.format(other)}"
    )
    assert same is (one == other)


@given(st.text("abcXYZ019-_", min_size=4, max_size=24))
def test_the_case_of_a_path_is_kept(opaque: str) -> None:
    """An opaque id keeps its letters as they are (jngh.org.cn has ids that differ by case)."""
    assert canonical_url(f"http://E.ORG/Content/{opaque}") == f"http://e.org/Content/{opaque}"


@example("#/工会")
@given(st.text("ab/.;:?&=%#工会 0A", max_size=30))
def test_is_idempotent(rest: str) -> None:
    """A canonical URL is its own canonical URL, and ASCII, whatever the address looks like."""
    once = canonical_url(f"http://e.org/{rest}")
    assert canonical_url(once) == once
    assert once.isascii()
