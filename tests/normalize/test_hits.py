"""Hit counts are read as printed, and nothing else is taken for one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.normalize.hits import parse_hits

CASES = json.loads((Path(__file__).parents[1] / "cases" / "hits.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_reads_each_recorded_form(case: dict[str, Any]) -> None:
    """Each form gives its number, or nothing where it prints none."""
    assert parse_hits(case["original"]) == case["expected"]


@given(
    st.integers(min_value=0, max_value=10**9),
    st.sampled_from(["{}", "点击量：{}", "浏览次数:{}次", "〖點擊量：{}〗"]),
)
def test_reads_back_any_number(number: int, form: str) -> None:
    """Any number behind a hits label comes back, with or without thousands separators."""
    assert parse_hits(form.format(number)) == number
    assert parse_hits(form.format(f"{number:,}")) == number


@given(st.text(alphabet="会议指出全国总工会网络点击量达到浏览余人次，。", max_size=12), st.integers(1, 10**6))
def test_leaves_prose_alone(prose: str, number: int) -> None:
    """A number with running text around it is no hit count."""
    assert parse_hits(f"活动期间{prose}{number}名职工参加，{prose}") is None
