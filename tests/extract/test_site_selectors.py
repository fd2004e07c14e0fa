"""A site's selectors win over the general rules where they match."""

from __future__ import annotations

from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage, HitsStatus
from unioncrawl.sites.profile import Level, Selectors, SiteProfile

PROFILE = SiteProfile(
    id="nanling",
    name="南陵区总工会",
    level=Level.COUNTY,
    family="generic",
    hosts=("example.org",),
    selectors=Selectors(
        title=".real",
        published=".when",
        hits="#n",
        source=".who",
        body=".text",
        next_part="a.more",
        editor=".missing",
    ),
)
PAGE = (
    "<html><head><title>南陵区总工会</title></head><body><h1>工会要闻</h1><p>时间：2020-01-01</p>"
    '<b class="real">暖心驿站建成</b><i class="when">发布于 2024年4月8日 9:32</i>'
    '<i class="who">来源：南陵工会</i>'
    '<i id="n">1,024</i><div class="text">'
    "<p>驿站今天建成，职工可以进站休息。</p><p>责任编辑：李方</p></div>"
    "<div><p>这是页面上另一段很长的文字，不属于文章，选择器应当把它排除在正文之外，不论它有多长。</p></div>"
    '<a class="more" href="1_2.html">继续</a></body></html>'
)


def test_selectors_win() -> None:
    """Each selector that matches takes its field; the others are left to the general rules."""
    page = DecodedPage(url="http://example.org/xw/1.html", text=PAGE, encoding="utf-8")
    found = extract_page(page, PROFILE).article
    assert found is not None
    assert (found.site, found.title) == ("nanling", "暖心驿站建成")
    assert found.published_raw == "发布于 2024年4月8日 9:32"
    assert (found.hits_raw, found.hits_status) == ("1,024", HitsStatus.PAGE)
    assert found.source == "南陵工会"
    assert found.editor == "李方"
    assert found.body_text == "驿站今天建成，职工可以进站休息。"
    assert found.next_page == "http://example.org/xw/1_2.html"


def test_selectors_that_match_nothing_change_nothing() -> None:
    """A redesigned page is read by the general rules."""
    page = DecodedPage(
        url="http://example.org/xw/1.html", text=PAGE.replace("class=", "data-x="), encoding="utf-8"
    )
    with_profile = extract_page(page, PROFILE).article
    without = extract_page(page).article
    assert with_profile is not None
    assert without is not None
    assert (with_profile.title, with_profile.body_text) == (without.title, without.body_text)
