"""Which addresses each family takes for articles."""

from __future__ import annotations

import re

import pytest

from unioncrawl.sites.families import FAMILIES


@pytest.mark.parametrize(
    ("family", "url", "is_article"),
    [
        ("asp", "http://zgh.example/NewsView.asp?ID=103", True),
        ("asp", "http://zgh.example/news/newshow.aspx?id=3811&mid=166", True),
        ("asp", "http://zgh.example/ArticleShow.asp?ArticleID=5", True),
        ("asp", "http://zgh.example/NewsList.asp?SortID=2", False),
        ("asp", "http://zgh.example/news/ShowClass.asp?ClassID=7", False),
        ("mirror", "http://127.0.0.1:8805/news/show/5210.html", True),
        ("mirror", "http://mirror.example/a13414", True),
        ("mirror", "http://127.0.0.1:8805/", False),
        ("mirror", "http://127.0.0.1:8805/news/", False),
        ("mirror", "http://127.0.0.1:8805/news/2.html", False),
    ],
)
def test_lists_are_not_articles(family: str, url: str, is_article: bool) -> None:  # noqa: FBT001 - a table's column
    """Articles match, lists and home pages do not, whatever digits the host has."""
    assert bool(re.search(FAMILIES[family].article_url, url)) is is_article
