"""Tests for `unioncrawl.guard.pace.robots`: the rules of RFC 9309, one case each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from unioncrawl.guard.pace.robots import read_rules

CASES = json.loads((Path(__file__).parent.parent / "cases" / "robots_rules.json").read_text("utf-8"))
HOST = "http://www.linxi-gh.example"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_a_rule_is_read_as_the_standard_says(case: dict[str, Any]) -> None:
    """A path is allowed or forbidden to this crawler, by its own group or by everybody's."""
    rules = read_rules(case["robots"].encode(), "unioncrawl")
    assert rules.can_fetch(HOST + case["path"], "unioncrawl") is case["allowed"]


@pytest.mark.parametrize(
    ("robots", "delay"),
    [
        ("user-agent: unioncrawl\ncrawl-delay: 3\nuser-agent: baidu\ndisallow: /\n", 3.0),
        ("user-agent: baidu\ncrawl-delay: 9\nuser-agent: *\ndisallow: /a\n", None),
        ("user-agent: *\ncrawl-delay: 3\n\nuser-agent: unioncrawl\ncrawl-delay: 5\n", 5.0),
        ("user-agent: *\ndisallow: /a\ncrawl-delay: 2\n", 2.0),
        ("crawl-delay: 2\n", None),
    ],
)
def test_a_delay_is_for_the_crawlers_named_before_it(robots: str, delay: float | None) -> None:
    """Crawl-delay is no record of the standard: it holds for the names of its group that stand before it."""
    assert read_rules(robots.encode(), "unioncrawl").crawl_delay("unioncrawl") == delay


def test_the_agent_may_have_a_version() -> None:
    """A User-Agent given whole is matched by its product token."""
    rules = read_rules(b"user-agent: own\ndisallow: /\n", "own/1.0 (+a@b.example)")
    assert not rules.can_fetch(f"{HOST}/a", "own/1.0 (+a@b.example)")


def test_bytes_that_are_no_utf8_break_no_other_line() -> None:
    """A note in another encoding is passed over; the rules around it hold."""
    robots = "# 本站规则\nuser-agent: *\ndisallow: /a # 内部\ndisallow: /b\n".encode("gb18030")
    rules = read_rules(robots, "unioncrawl")
    assert not rules.can_fetch(f"{HOST}/a", "unioncrawl")
    assert not rules.can_fetch(f"{HOST}/b", "unioncrawl")
