from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unioncrawl.archive.read.revision_diff import diff_texts

TEXTS = st.text("工会总职abc12.5，\n ", max_size=25)


# The list of words is read once, which is slow.
@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_each_side_comes_back(before: str, after: str) -> None:
    """Joining one side of all changes gives that text; equal texts have no change."""
    changes = diff_texts(before, after)
    assert "".join(change.before for change in changes) == before
    assert "".join(change.after for change in changes) == after
    assert (before == after) == all(change.is_equal for change in changes)


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (
            "市总工会慰问52名职工，送APP券",
            "市总工会看望152名职工，送App券",
            [("慰问52", "看望152"), ("APP", "App")],
        ),
        ("全体劳动者参加活动", "全体劳模参加活动", [("劳动者", "劳模")]),
        ("会议在西安召开", "会议在西宁召开", [("西安", "西宁")]),
        ("第一段\n第二段", "第一段\n新的段\n第二段", [("", "新的段\n")]),
        ("工会", "工会", []),
    ],
)
def test_a_word_changes_whole(before: str, after: str, changes: list[tuple[str, str]]) -> None:
    """Chinese, Latin words and numbers change as a whole, and a new paragraph alone."""
    found = [(c.before, c.after) for c in diff_texts(before, after) if not c.is_equal]
    assert found == changes
