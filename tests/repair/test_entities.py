"""Entities escaped once and more."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, replay


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("&amp;ldquo;五一&amp;rdquo;劳动奖章", "“五一”劳动奖章"),
        ("&amp;#24037;&amp;#20250;", "工会"),
        ("&#x5DE5;&#X4F1A;", "工会"),
        ("&amp;amp;ldquo;职工之家&amp;amp;rdquo;", "“职工之家”"),
        ("&amp;nbsp;&amp;nbsp;工会", "\u00a0\u00a0工会"),
        ("&nbsp工会&nbsp", "\u00a0工会\u00a0"),
        ("&ldquo；职工&rdquo；", "“职工”"),
        ("5&lt;6，AT&amp;T", "5<6，AT&T"),
        ("&#55357;&#56397;", "👍"),
        ("&middot;&hellip;&mdash;", "·…—"),
    ],
)
def test_entities_become_characters(damaged: str, text: str) -> None:
    """Each form of entity comes back in one run, and the steps replay."""
    repaired = repair(damaged)
    assert repaired.text == text
    assert replay(damaged, repaired.steps) == text
    assert repair(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "R&D中心",
        "http://a.example/?id=1&copy=2&lt=3",
        "Q&A；问答",
        "&nosuchentity;",
        "A & B",
        "&#0;&#1114112;",
    ],
)
def test_ampersands_that_are_no_entity_stay(text: str) -> None:
    """Ampersands of names and URLs, unknown names and numbers of no character stay."""
    assert repair(text).text == text


def test_a_cut_entity_is_flagged() -> None:
    """An entity cut off by the end stays and is flagged."""
    repaired = repair("工会&amp;ldq")
    assert repaired.text == "工会&amp;ldq"
    assert [(u.start, u.end) for u in repaired.unresolved] == [(2, 10)]


@pytest.mark.parametrize(
    ("damaged", "expected"),
    [
        ("&ldquo工会&rdquo，5&middot1", "“工会”，5·1"),
        ("&#24037&#20250", "工会"),
        ("&amp;#24037&amp;#20250&amp;amp;nbsp;", "工会\u00a0"),
        ("&#x5de5&#x4f1a", "工会"),
        ("&#241802024", "年2024"),
        ("活动&#822120日", "活动”20日"),
    ],
)
def test_a_missing_semicolon_does_no_harm(damaged: str, expected: str) -> None:
    """Numbers and names of HTML 4 are read without their semicolon, even before digits of the text."""
    assert repair(damaged).text == expected


@pytest.mark.parametrize(
    "text", ["http://a.example/?a=1&copy&lt=2", "R&D、S&P500、M&A", "AT&Times", "&#12 号"]
)
def test_ampersands_stay(text: str) -> None:
    """Parameters of URLs and companies' names are not entities."""
    assert repair(text).text == text
