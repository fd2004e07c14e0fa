from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.archive.revisions import diff_texts

TEXTS = st.text("工会总职abc12.5，\n ", max_size=25)


@given(TEXTS, TEXTS)
def test_each_side_comes_back(before: str, after: str) -> None:
    """Joining one side of all changes gives that text; equal texts have no change."""
    changes = diff_texts(before, after)
    assert "".join(change.before for change in changes) == before
    assert "".join(change.after for change in changes) == after
    assert (before == after) == all(change.is_equal for change in changes)


def test_a_word_changes_whole() -> None:
    """Numbers and Latin words change as a whole, Chinese where it differs."""
    changes = diff_texts("市总工会慰问52名职工，送APP券", "市总工会看望152名职工，送App券")
    assert [(c.before, c.after) for c in changes if not c.is_equal] == [("慰问52", "看望152"), ("APP", "App")]
