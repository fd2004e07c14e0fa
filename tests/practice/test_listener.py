"""Any request gets an answer."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.practice.listener import Request, read_cookies
from unioncrawl.practice.server import SITE_TYPES
from unioncrawl.practice.state import State

SITES = [kind(State()) for kind in SITE_TYPES]
PATHS = st.sampled_from(
    [
        "/",
        "/index.php",
        "/api.php",
        "/xwdt/",
        "/xwdt/index_{}.html",
        "/news/show/{}.html",
        "/news/{}.html",
        "/NewsView.asp",
        "/NewsList.asp",
        "/GetHits.asp",
        "/e/DoPrint/",
        "/e/action/ListInfo/",
        "/e/action/ShowInfo.php",
        "/e/public/ViewClick/",
        "/xwdt/2026-11-12/{}.html",
        "/uploads/{}.png",
        "/{}",
    ]
)
KEYS = st.sampled_from(
    ["c", "a", "id", "ID", "page", "catid", "classid", "SortID", "s", "op", "callback", "modelid"]
)
VALUES = st.one_of(
    st.sampled_from(["show", "category", "lists", "api", "count", "0", "-1", "99999", "1112", "9" * 5000]),
    st.text(),
)


@given(site=st.sampled_from(SITES), path=PATHS, query=st.dictionaries(KEYS, VALUES), part=VALUES)
def test_every_request_is_answered(site: object, path: str, query: dict[str, str], part: str) -> None:
    """No path and no query makes a site fail, and each answer has a body or is a redirect."""
    target = path.format(part)
    response = site.answer(Request(target=target, path=target, query=query))  # type: ignore[attr-defined]
    assert response.status in {200, 302, 404, 412, 500}


def test_number_reads_digits_only() -> None:
    """A query value that is not a number, or thousands of digits, counts as absent."""
    query = dict(parse_qsl(urlsplit("/?a=12&b=x&c=-1&d=" + "9" * 5000).query))
    request = Request(target="/", path="/", query=query)
    assert [request.number(key, 7) for key in "abcde"] == [12, 7, 7, 7, 7]


def test_malformed_cookie_counts_as_none() -> None:
    """A cookie header that cannot be read gives no cookies."""
    assert read_cookies("a=1; b=2") == {"a": "1", "b": "2"}
    assert read_cookies("a[]=1; \x00") == {}
