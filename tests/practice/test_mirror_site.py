"""practice-mirror serves what a scraper makes of union pages."""

from __future__ import annotations

import re

import pytest

from tests.practice.visitor import Visitor
from unioncrawl.practice.mirror_site import ANNOTATED, damaged_article, original_article
from unioncrawl.practice.server import PracticeServer
from unioncrawl.practice.stories import find_story, load_stories
from unioncrawl.repair.mirror_model.forward import Mirror, damage

NOTE = re.compile(r"(\w)\(([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǘǚǜ]+)\)")
NEVER_ANNOTATED = frozenset("議總黨們員記題電聞縣辦為")


@pytest.fixture
def visitor(server: PracticeServer) -> Visitor:
    """A visitor of the site."""
    return Visitor(server.base_urls["practice-mirror"])


def test_every_article_is_the_forward_process_of_its_original(visitor: Visitor) -> None:
    """What is served is the original's markup, damaged; nothing is written by hand."""
    for story in load_stories("practice-mirror"):
        expected = damage(original_article(story), Mirror(annotated=ANNOTATED))
        assert expected in visitor.get(f"/news/show/{story.id}.html").text
        assert damaged_article(story) == expected


def test_notes_stand_after_a_fixed_set_of_characters(visitor: Visitor) -> None:
    """A character of the set is annotated always, another one never."""
    page = visitor.get("/news/show/5193.html").text
    noted = {match[1] for match in NOTE.finditer(page)}
    assert len(noted) >= 5
    assert noted <= ANNOTATED
    assert not re.search(r"[會動](?!\()", page.partition("<h1>")[2])


def test_the_set_has_no_character_that_mirrors_never_annotate() -> None:
    """The twelve characters that no real mirror annotates are not in the set."""
    assert not ANNOTATED & NEVER_ANNOTATED


def test_one_page_has_all_that_a_real_mirror_page_had(visitor: Visitor) -> None:
    """引题 and 主题 lines, empty hits, two lost bytes alike, agency lead, editor line."""
    page = visitor.get("/news/show/5210.html").text
    assert "青嵐省總工會(huì)召開會(huì)議（引題）" in page
    assert "三年計劃（主題）" in page
    assert "〖點擊量：</div>" in page
    assert page.count("全?。ㄊ?、縣）") == 2
    assert "青嵐工運網(wǎng)嵐州4月8日電 （青嵐工人報-" in page
    assert "責(zé)任編輯：谷雨晴" in page


def test_some_pages_end_in_place_names(visitor: Visitor) -> None:
    """The tail of place names stands on some pages and not on others."""
    assert "臨溪市| 云泊市|" in visitor.get("/news/show/5199.html").text
    assert "臨溪市| 云泊市|" not in visitor.get("/news/show/5210.html").text


def test_copies_name_the_original_site_as_source(visitor: Visitor) -> None:
    """A copied story's declared source is the site that it was copied from."""
    page = visitor.get("/news/show/5203.html").text
    assert "〖來源：云泊市總工會(huì)〗" in page
    assert find_story("practice-mirror/5203").text == find_story("practice-empire/1087").text


def test_lists_have_two_pages(visitor: Visitor) -> None:
    """Ten entries a page, newest first, with 下一頁 to the second; the end is a 404."""
    first, second = visitor.get("/news/").text, visitor.get("/news/2.html").text
    assert first.count("/news/show/") == 10
    assert '<a href="/news/2.html">下一頁</a>' in first
    assert "下一頁" not in second
    assert visitor.get("/news/3.html").status == 404


def test_unknown_article_is_missing(visitor: Visitor) -> None:
    """An unknown id answers 404."""
    assert visitor.get("/news/show/1.html").status == 404


def test_robots_allow_everything(visitor: Visitor) -> None:
    """The mirror wants to be crawled."""
    assert visitor.get("/robots.txt").text == "User-agent: *\nAllow: /\n"
