"""Tests for `unioncrawl.normalize`."""

from __future__ import annotations

import pytest

from unioncrawl.model import Article
from unioncrawl.normalize import normalize_article


@pytest.mark.parametrize(
    ("field", "printed", "normal"),
    [
        ("photographer", "摄影报道摄影报道", ""),
        ("photographer", "李方 摄影报道摄影报道", "李方"),
        ("author", "李方 文/图 文/图", "李方"),
        ("author", "文/图 文/图 李方", "李方"),
        ("author", "李方 供稿 文/图", "李方"),
        ("source", "据据新华社", "新华社"),
        ("title", "标题：标题：送清凉", "送清凉"),
        ("body_text", "<<p>p>送清凉", "送清凉"),
        ("author", "李方（临溪市总工会）", "李方"),
        ("title", "摄影报道摄影报道", "摄影报道摄影报道"),
    ],
)
def test_what_stands_around_a_value_twice_goes_at_once(field: str, printed: str, normal: str) -> None:
    """What stands around a value twice goes in one pass, and a second pass changes nothing."""
    once = normalize_article(Article(url="http://a.cn/1", **{field: printed}))  # type: ignore[arg-type]
    assert getattr(once, field) == normal
    assert normalize_article(once) == once


def test_a_value_of_endless_layers_ends_soon() -> None:
    """A headline of a hundred thousand labels is cleaned a few times, and not once a label."""
    long = "标题：" * 100_000 + "送清凉"
    cleaned = normalize_article(Article(url="http://a.cn/1", title=long)).title
    assert cleaned.endswith("标题：送清凉")
