"""The limits of what a refused page says, and of what a page's fields are read from, hold where they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.borders import Reads, border_cases, check_border, name_of
from unioncrawl import outcomes
from unioncrawl.extract import extract_page
from unioncrawl.extract.refusal_pages import refusal
from unioncrawl.model import Article, DecodedPage, Extraction
from unioncrawl.normalize import normalize_article

TITLE = "雁川市总工会为货车司机建起暖心驿站"
TEXT = (
    "<p>雁川市总工会在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣，也可以咨询法律。</p>"
    "<p>驿站开通首月已接待司机六百多人次，下一步，市总工会将把驿站建到更多货车司机身边，让他们能歇脚。</p>"
)
PIECES = {
    "{title}": f"<h1>{TITLE}</h1>",
    "{day}": "<div>发布时间：2024-03-05</div>",
    "{story}": f"<div class=content>{TEXT}</div>",
    "{text}": TEXT,
}


def _extract(body: str, url: str = "http://example.org/1.html") -> Extraction:
    for name, piece in PIECES.items():
        body = body.replace(name, piece)
    text = body if "<title>" in body else f"<title>{TITLE}</title><body>{body}</body>"
    fetched_at = datetime(2026, 11, 22, tzinfo=UTC)
    return extract_page(DecodedPage(url=url, text=text, encoding="utf-8", fetched_at=fetched_at))


def _read(body: str) -> Article:
    found = _extract(body).article
    assert found is not None
    return normalize_article(found)


NAMES = (
    *("hits", "source", "original_source", "column", "subtitle", "lead_title", "published_at"),
    *("editor", "author", "photographer", "attachments", "images", "counter", "original_title"),
)
READERS: dict[str, Reads] = {
    **{
        name: lambda body, name=name: getattr(_read(body), name)  # type: ignore[misc]
        for name in NAMES
    },
    "is_article": lambda body: _extract(body).article is not None,
    "is_article_at_home": lambda body: _extract(body, "http://example.org/").article is not None,
    "is_home": lambda url: (
        _extract(f"{PIECES['{title}']}<p>职工运动会开幕。</p>", url).reason == outcomes.LIST_PAGE
    ),
    "is_wall": lambda body: _extract(body).reason in (outcomes.ALIYUN, outcomes.COOKIE_CHALLENGE),
    "is_shell": lambda body: _extract(body).reason == outcomes.SPA_SHELL,
    "has_time": lambda body: ":" in str(_read(body).published_at),
    "is_labelled_date": lambda body: any(one.rule == "label:发布时间" for one in _read(body).evidence),
    "is_visible": lambda body: any(one.rule == "visible" for one in _read(body).evidence),
    "is_alert": lambda body: _extract(body).reason == outcomes.ALERT,
    "is_list": lambda body: _extract(body).reason == outcomes.LIST_PAGE,
    "caption": lambda body: _read(body).images[0].caption,
    "is_signed": lambda body: "2024年3月5日" in _read(body).body_text,
    "ends": lambda body: "报料" not in _read(body).body_text,
    "has_bracket": lambda body: "（" in _read(body).body_text,
    "has_row": lambda body: "\t" in _read(body).body_text,
    "is_value": lambda body: "李方总" not in _read(body).body_text,
}


@pytest.mark.parametrize("case", border_cases("extract"), ids=name_of)
def test_holds_its_limits(case: dict[str, Any]) -> None:
    """What a short page says of itself refuses it, and the same in a longer text does not."""
    check_border(case, {"refusal": refusal})


@pytest.mark.parametrize("case", border_cases("pages"), ids=name_of)
def test_holds_the_limits_of_a_page(case: dict[str, Any]) -> None:
    """What stands at the limit of a field's place or length is the field's, and one step beyond is not."""
    shown = case.get("shows", "")
    shows = {
        "shows": lambda body: shown in _read(body).body_text,
        "column_is": lambda body: _read(body).column == shown,
        "once": lambda body: _read(body).body_text.count(shown) == 1,
        "names": lambda body: shown in _read(body).title,
    }
    check_border(case, {**READERS, **shows})


@pytest.mark.parametrize(("width", "is_picture"), [(33, True), (32, False)])
def test_an_icon_has_32_pixels(width: int, *, is_picture: bool) -> None:
    """A picture of at most 32 pixels is an icon, and none of the article's."""
    article = _read(f"{{title}}{{day}}<div><p><img src=a.jpg width={width}></p>{{text}}</div>")
    assert bool(article.images) is is_picture
