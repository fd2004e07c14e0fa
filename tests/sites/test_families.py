"""Which addresses each family takes for articles."""

from __future__ import annotations

import re

import pytest

from unioncrawl.sites.families import FAMILIES, Family, read_families


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.id)
def test_every_pattern_of_a_family_is_an_expression(family: Family) -> None:
    """What the table of families gives for addresses and traces compiles, and its note is a sentence."""
    for pattern in (family.article_url, family.list_url, *family.traces):
        re.compile(pattern)
    assert family.note.endswith(".")


@pytest.mark.parametrize("lines", ["article_url = 'x'\nnote = 'x.'", "title = 'x'\narticle_urls = 'x'"])
def test_a_family_with_a_wrong_key_is_refused(lines: str) -> None:
    """A table of families that lacks a key, or has one that no family has, raises."""
    with pytest.raises(TypeError):
        read_families(f"[linxi]\n{lines}")


@pytest.mark.parametrize(
    ("family", "url", "is_article"),
    [
        ("asp", "http://zgh.example/NewsView.asp?ID=103", True),
        ("asp", "http://zgh.example/news/newshow.aspx?id=3811&mid=166", True),
        ("asp", "http://zgh.example/ArticleShow.asp?ArticleID=5", True),
        ("asp", "http://zgh.example/NewsList.asp?SortID=2", False),
        ("asp", "http://zgh.example/news/ShowClass.asp?ClassID=7", False),
        ("wordpress", "http://gh.example/?p=123", True),
        ("wordpress", "http://gh.example/archives/123", True),
        ("wordpress", "http://gh.example/2025/03/14/song-qing-liang/", True),
        ("wordpress", "http://gh.example/2025/03/song-qing-liang/", True),
        ("wordpress", "http://gh.example/?cat=2", False),
        ("wordpress", "http://gh.example/?feed=rss2&p=9", False),
        ("wordpress", "http://gh.example/page/2", False),
        ("wordpress", "http://gh.example/archives/date/2025/03", False),
        ("wordpress", "http://gh.example/2025/03/14/", False),
        ("wordpress", "http://gh.example/2025/03/page/2/", False),
        ("wordpress", "http://gh.example/archives/category/ghyw/page/2", False),
        ("wordpress", "http://gh.example/archives/author/1", False),
        ("wordpress", "http://gh.example/archives/123/feed", False),
        ("typecho", "http://gh.example/index.php/archives/123/", True),
        ("typecho", "http://gh.example/archives/song-qing-liang.html", True),
        ("typecho", "http://gh.example/index.php/2025/03/", False),
        ("typecho", "http://gh.example/index.php/category/ghyw/2/", False),
        ("typecho", "http://gh.example/index.php/page/2/", False),
        ("typecho", "http://gh.example/index.php/author/1/", False),
        ("typecho", "http://gh.example/index.php/archives/123/comment-page-1", False),
        ("zblog", "http://gh.example/?id=123", True),
        ("zblog", "http://gh.example/post/123.html", True),
        ("zblog", "http://gh.example/?cate=1&page=2", False),
        ("zblog", "http://gh.example/category-1_2.html", False),
        ("zblog", "http://gh.example/date-2025-3.html", False),
        ("pbootcms", "http://gh.example/?ghyw/123.html", True),
        ("pbootcms", "http://gh.example/list_5/123.html", True),
        ("pbootcms", "http://gh.example/?list_5/", False),
        ("pbootcms", "http://gh.example/ghyw_2/", False),
        ("yzmcms", "http://gh.example/ghyw/123.html", True),
        ("yzmcms", "http://gh.example/index.php?m=index&c=index&a=show&catid=1&id=2", True),
        ("yzmcms", "http://gh.example/ghyw/list_2.html", False),
        ("yzmcms", "http://gh.example/index.php?m=index&c=index&a=lists&catid=1", False),
        ("mirror", "http://127.0.0.1:8805/news/show/5210.html", True),
        ("mirror", "http://mirror.example/a13414", True),
        ("mirror", "http://127.0.0.1:8805/", False),
        ("mirror", "http://127.0.0.1:8805/news/", False),
        ("mirror", "http://127.0.0.1:8805/news/2.html", False),
        ("mirror", "http://mirror.example/news/20240506/", True),
        ("mirror", "http://mirror.example/index.php?/news/5210.html", True),
        ("mirror", "http://mirror.example/2024/news/a.html", False),
        ("mirror", "http://www.12345.example/news", False),
    ],
)
def test_lists_are_not_articles(family: str, url: str, is_article: bool) -> None:  # noqa: FBT001 - a table's column
    """Articles match, lists and home pages do not, whatever digits the host has."""
    assert bool(re.search(FAMILIES[family].article_url, url)) is is_article
