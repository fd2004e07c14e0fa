"""Hit counts are read as printed, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.fields.hits.clean import MOST_HITS, is_implausible, parse_hits
from unioncrawl.model import Article, HitsStatus
from unioncrawl.normalize import normalize_article

CASES = json.loads((Path(__file__).parents[2] / "cases" / "hits.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_reads_each_recorded_form(case: dict[str, Any]) -> None:
    """Each form gives its number, or nothing where it prints no number."""
    assert parse_hits(case["original"]) == case["expected"]


@given(
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from(["{}", "点击量：{}", "浏览次数:{}次", "〖點擊量：{}〗"]),
)
def test_reads_back_any_number(number: int, form: str) -> None:
    """Any number after a hits label comes back, with or without thousands separators."""
    assert parse_hits(form.format(number)) == number
    assert parse_hits(form.format(f"{number:,}")) == number


@given(st.text(alphabet="会议指出全国总工会网络点击量达到浏览余人次，。", max_size=12), st.integers(1, 10**6))
def test_leaves_prose_alone(prose: str, number: int) -> None:
    """A number with running text around it is not a hit count."""
    assert parse_hits(f"活动期间{prose}{number}名职工参加，{prose}") is None


@pytest.mark.parametrize("number", ["1000000000001", "9" * 30, "9" * 5000, "1" + ",000" * 2000, "20000亿"])
def test_a_number_that_no_counter_could_mean_is_none(number: str) -> None:
    """Over 10^12 nothing is read, however long the number, and the reason is given."""
    assert parse_hits(f"点击：{number}次") is None
    assert is_implausible(f"点击：{number}次")
    article = Article(url="http://a.cn/1", hits_raw=number, hits_status=HitsStatus.PAGE)
    normal = normalize_article(article)
    assert (normal.hits, normal.hits_raw, normal.hits_status) == (None, number, HitsStatus.IMPLAUSIBLE)


def test_the_largest_count_is_read() -> None:
    """10^12 is a count still."""
    assert parse_hits("点击：10000亿") == 10**12
    assert not is_implausible("点击：10000亿")


@pytest.mark.parametrize("blank", [" ", "　", "\n", " \t"])
def test_blanks_of_any_length_part_a_label_and_its_number(blank: str) -> None:
    """A template's indentation is no reason to lose a number."""
    assert parse_hits(f"点击量：{blank * 500}88{blank * 500}次") == 88


@given(st.text(st.sampled_from(" 　\n0123456789,.，点击量阅读次人:：[【(（)）】]〖〗万亿w+"), max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    """Text of labels, digits, brackets and blanks gives a count within bounds, or nothing."""
    count = parse_hits(text)
    assert count is None or 0 <= count <= MOST_HITS
    assert count is None or not is_implausible(text)
