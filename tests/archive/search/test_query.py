from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.search.query import parse_query
from unioncrawl.errors import QueryError


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ('工会 "劳模', r"at character 4 \(\"\)"),
        ("(工会 OR 劳模", r"at character 1 \(\(\)"),
        ("工会)", r"at character 3 \(\)\)"),
        ("工会 OR", "at the end"),
        ("AND 工会", r"at character 1 \(AND\)"),
        ("工会 since:昨天", r"at character 4 .*needs a date"),
        ("since:2024-13-01", "needs a date"),
        ("since:0001-01-01", "needs a date"),
        ("until:9999-12-31", "needs a date"),
        ("hits:many", r"at character 1 .*needs a number"),
        ("title:工会", "there is no filter title"),
        ('""', "nothing between"),
        ("site:", r"at character 1 \(site:\): site: needs a value"),
        ("工会 hits： 劳模", r"at character 4 \(hits：\): hits: needs a value"),
        ("(SINCE:) 工会", r"at character 2 \(SINCE:\): since: needs a value"),
        ('工会 source:""', r"at character 4 .*source: needs a value"),
        ("(" * 50 + "工" + ")" * 50, "brackets within brackets"),
        ("NOT " * 50 + "工", "too many NOT"),
        ("工" * 3000, "longer than"),
        ("工会 \udcb9\udca4", "at character 4: a byte there is not UTF-8"),
    ],
)
def test_unreadable_queries_name_the_place(query: str, place: str) -> None:
    """A query that can't be read says where and what would be right."""
    with pytest.raises(QueryError, match=place) as caught:
        parse_query(query)
    assert caught.value.next_step


@given(st.text(alphabet='工会 AND OR NOT()（）"“”-:：site hits>1\n\\', max_size=40))
def test_any_text_is_a_query_or_a_message(query: str) -> None:
    """No text makes the reader of queries fail otherwise."""
    with suppress(QueryError):
        assert parse_query(query) == parse_query(query)
