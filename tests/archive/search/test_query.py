from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.search.query import narrowed, parse_query
from unioncrawl.archive.search.query_faults import FAULTS
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


def test_a_fault_names_the_characters_and_every_fault_has_its_query() -> None:
    """A page can point at what is wrong: the characters, and a key for the words in any language."""
    spans = {
        "工会 (劳模": ("open", "("),
        "工会) 劳模": ("closed", ")"),
        '工会 "劳模': ("quote", '"'),
        "工会 OR": ("word", ""),
        '工会 ""': ("empty", '""'),
        "工会 site: x": ("bare", "site:"),
        "title:工会": ("unknown", "title:工会"),
        '工会 source:""': ("value", 'source:""'),
        "hits:many": ("hits", "hits:many"),
        "工会 since:昨天": ("time", "since:昨天"),
        "(" * 40: ("deep", "("),
        "NOT " * 40 + "工": ("nots", "NOT"),
        "工会 \udcb9": ("no-text", "\udcb9"),
    }
    for query, (fault, shown) in spans.items():
        with pytest.raises(QueryError) as caught:
            parse_query(query)
        assert caught.value.fault == fault
        assert caught.value.span is not None
        assert query[slice(*caught.value.span)] == shown
    with pytest.raises(QueryError) as caught:
        parse_query("工" * 3000)
    assert {fault for fault, _ in spans.values()} | {caught.value.fault} == set(FAULTS)


def test_a_narrowed_query_asks_for_both() -> None:
    """A part more is asked besides the whole query, in brackets where it is one of alternatives."""
    given = ("劳模 OR 工匠", "(劳模 OR 工匠)", "(a OR b) OR c", "工会 -site:xian", "(劳模 OR 工匠) 竞赛", "")
    assert [narrowed(query, "hits:7") for query in given] == [
        "(劳模 OR 工匠) hits:7",
        "(劳模 OR 工匠) hits:7",
        "((a OR b) OR c) hits:7",
        "工会 -site:xian hits:7",
        "(劳模 OR 工匠) 竞赛 hits:7",
        "hits:7",
    ]
