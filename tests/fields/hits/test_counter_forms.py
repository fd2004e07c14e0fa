"""A counter is sent what its form needs, and nothing that a page made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.fields.hits.counter_forms import refuse_body
from unioncrawl.model import Counter

ARTICLE = "http://www.linxi.example/show.php?id=131"


def refused(body: str, family: str = "generic", url: str = ARTICLE) -> bool:
    """Whether a counter of the article is not sent this body."""
    return refuse_body(Counter(url="/hits", family=family, method="POST", body=body), url) is not None


@pytest.mark.parametrize(
    "body",
    ["", "id=131", "contentId=131&siteId=4", "action=view_article_click&id=131", "m=hits&aid=131&type=news"],
)
def test_the_forms_of_counters_are_sent(body: str) -> None:
    """The article's number, other numbers, and the words of counters are what a form holds."""
    assert not refused(body)


def test_an_article_may_be_named_by_letters() -> None:
    """An id of letters and digits counts when the article's address holds it."""
    assert not refused("guid=3f2a-99", url="http://a.cn/content/3f2a-99.html")
    assert refused("guid=3f2a-99")


@pytest.mark.parametrize(
    "body",
    [
        "id=132",
        "action=hits",
        "id=131&sql=1",
        "id=131&action=delete",
        "id=131&action=deleteHits",
        "id=131&type=../../x",
        "id=131&t=" + "9" * 11,
        "id=131&note=%0d%0aGET",
        "&".join(f"id{'x' * n}=131" for n in range(7)),
        "id=131&" * 40,
        '{"id": 131}',
        "工会",
    ],
)
def test_what_is_no_counters_form_is_not_sent(body: str) -> None:
    """Other names, other words, other articles and long bodies stay here."""
    assert refused(body)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"siteId": 1, "channelId": 64, "contentId": 10233, "autoIncrease": true}', False),
        ('{"siteId": 1, "contentId": 10233, "command": "x"}', True),
        ('{"contentId": "1; drop"}', True),
        ("[1]", True),
        ("{", True),
    ],
)
def test_siteservers_form_has_four_names(body: str, expected: bool) -> None:  # noqa: FBT001 - a test's parameter
    """SiteServer's counter gets numbers and true or false under its own names."""
    assert refused(body, family="sscms") is expected


@given(st.text(max_size=60), st.sampled_from(["generic", "sscms", "jeecms"]))
def test_any_body_is_judged(body: str, family: str) -> None:
    """No text raises; what is sent holds nothing but letters, digits and a form's own signs."""
    if not refused(body, family):
        assert body.isascii()
