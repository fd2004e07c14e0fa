"""Tests for `unioncrawl.repair.article`."""

from __future__ import annotations

from unioncrawl.model import Article
from unioncrawl.repair import replay
from unioncrawl.repair.article import repair_article

DAMAGED = Article(
    url="http://a/1",
    title="全國總工會(huì)",
    body_text="各級(jí)工會(huì)組織開展活動(dòng)，職(zhí)工踴躍參加。",
)


def test_steps_of_each_field_replay() -> None:
    """The steps of a field, replayed on what it was before, give what it is now."""
    repaired = repair_article(DAMAGED)
    for name, before in repaired.raw:
        steps = tuple(item.step for item in repaired.steps if item.field == name)
        assert replay(before, steps) == getattr(repaired, name)


def test_the_raw_strings_stay() -> None:
    """Each changed field keeps the string that the page printed."""
    repaired = repair_article(DAMAGED)
    assert dict(repaired.raw) == {"title": DAMAGED.title, "body_text": DAMAGED.body_text}
    assert repaired.title == "全国总工会"
    assert repaired.mirror
