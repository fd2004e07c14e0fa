"""Pages made to cost: what the parser bears is read whole, the rest refused with its reason."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from unioncrawl.errors import ExtractError, PageTooComplex, PageTooLarge
from unioncrawl.extract import extract_page
from unioncrawl.guard.bounds import PAGE_CHARACTERS, PAGE_DEPTH, PAGE_ENTRIES, TAG_ATTRIBUTES
from unioncrawl.model import DecodedPage
from unioncrawl.page.lists.listing import read_listing
from unioncrawl.page.lists.syndication import read_syndication
from unioncrawl.page.parse import _long_tags
from unioncrawl.sites.profile import SiteProfile

ARTICLE = (
    "<h1>市总工会举办第一届职工技能竞赛</h1><div>发布时间：2025-03-01 09:30 来源：市总工会</div>"
    + "<p>市总工会日前举办职工技能竞赛，来自各县区的一百二十名选手参加了比赛。</p>" * 5
)
END = "<p>比赛的最后一天，成绩前列的选手获得技术能手称号，大家都很高兴。</p>"
PROFILE = SiteProfile.model_validate(
    {"id": "x", "name": "某市总工会", "level": "practice", "family": "generic", "hosts": ["x"],
     "scheme": "http", "article_url": r"/a/\d+\.html"}
)  # fmt: skip


def _page(text: str) -> DecodedPage:
    return DecodedPage(url="http://x/a/1.html", text=text, encoding="utf-8")


@pytest.mark.parametrize(
    "middle",
    [
        "<font>" * 1500,
        "<div>" * 1500,
        f"<img src='data:image/png;base64,{'A' * 12_000_000}'>",
        f'<div style="background:url(data:image/gif;base64,{"R0lG" * 100_000})"></div>',
        f"<!--{'- ' * 2_000_000}-->",
        f"<div class='{'a ' * 100_000}'></div>",
        "<p>" + "&amp;" * 300_000 + "</p>",
        f"<script>{'var a=1;' * 200_000}</script>",
    ],
    ids=["font", "div", "data", "data-in-style", "comment", "attribute", "entities", "script"],
)
def test_what_the_parser_bears_is_read_to_its_end(middle: str) -> None:
    """Deep nesting, pictures in the page and long pieces lose nothing that stands after them."""
    article = extract_page(_page(f"<html><body>{ARTICLE}{middle}{END}</body></html>")).article
    assert article is not None
    assert "技术能手称号" in article.body_text


def test_what_the_parser_cannot_bear_is_refused() -> None:
    """More nesting, attributes or characters than the bounds raise, and never give half of a page."""
    deep = "<div>" * (PAGE_DEPTH.default + 50)
    wide = "<div " + " ".join(f"a{n}='1'" for n in range(TAG_ATTRIBUTES.default + 5)) + ">"
    for text in (ARTICLE + deep + END, wide + ARTICLE):
        with pytest.raises(PageTooComplex):
            extract_page(_page(text))
    with pytest.raises(PageTooLarge) as raised:
        extract_page(_page(ARTICLE + "<p>工</p>" * (PAGE_CHARACTERS.default // 8 + 1)))
    assert isinstance(raised.value, ExtractError)
    assert raised.value.reason == "too-large"
    assert raised.value.url == "http://x/a/1.html"


def test_a_page_after_a_refused_one_is_read() -> None:
    """The parser keeps nothing of the page that it gave up."""
    with pytest.raises(PageTooComplex):
        extract_page(_page("<div>" * 3000))
    assert extract_page(_page(ARTICLE)).article is not None


def test_a_list_without_end_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a list or sitemap of more entries than the bound the first ones are read, and it is marked."""
    most = 50
    for room in ("listing", "syndication"):
        monkeypatch.setattr(f"unioncrawl.page.lists.{room}.PAGE_ENTRIES", replace(PAGE_ENTRIES, default=most))
    rows = "".join(f"<a href='/a/{n}.html'>题</a>" for n in range(most + 5))
    listing = read_listing(_page(f"<html><body>{rows}</body></html>"), PROFILE)
    assert (len(listing.links), listing.is_cut) == (most, True)
    assert not read_listing(_page("<a href='/a/1.html'>市总工会送清凉</a>"), PROFILE).is_cut
    locations = "".join(f"<url><loc>http://x/a/{n}.html</loc></url>" for n in range(most + 5))
    found = read_syndication(_page(f"<urlset>{locations}</urlset>"))
    assert found is not None
    assert (len(found.listing.links), found.listing.is_cut) == (most, True)


@pytest.mark.parametrize("before", [0, 1, 2, 3_999, 4_000, 4_001, 7_990])
@pytest.mark.parametrize("value", [3_996, 3_997, 4_001, 8_100, 20_000])
def test_long_tags_are_found_wherever_they_stand(before: int, value: int) -> None:
    """A tag of more than 4,000 characters is found wherever it begins, and nothing else is."""
    tag = f"<p a{'b' * value}"
    text = f"{'文' * before}{tag}><p>{'字' * 9_000}</p></{'x' * 5_000}> 1 < {'2' * 5_000}"
    assert list(_long_tags(text)) == re.findall(r"<[a-zA-Z][^<>]{4000,}", text)
