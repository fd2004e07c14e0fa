"""Steps replay to the output, whatever the edits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unioncrawl.errors import UnioncrawlError
from unioncrawl.model import Step, Unresolved
from unioncrawl.repair.plan import Edit, carry_out, carry_over, replay


@st.composite
def text_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a text with edits that don't overlap."""
    text = draw(st.text(alphabet="工会議國(huì)?。", max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Edit(start, end, draw(st.text(alphabet="会议", max_size=3))) for start, end in pairs]


@given(text_and_edits())
def test_steps_replay_to_the_output(drawn: tuple[str, list[Edit]]) -> None:
    """Replaying the steps of any edits on the text gives the edited text."""
    text, edits = drawn
    changed, steps = carry_out(text, "test", edits)
    assert replay(text, steps) == changed


@given(text_and_edits(), st.data())
def test_steps_of_several_repairs_replay(drawn: tuple[str, list[Edit]], data: st.DataObject) -> None:
    """A second repair begins again at the front of what the first one has left."""
    text, edits = drawn
    once, first = carry_out(text, "first", edits)
    place = data.draw(st.integers(0, len(once)))
    twice, second = carry_out(once, "second", [Edit(place, place, "工会")])
    assert replay(text, (*first, *second)) == twice


def test_an_edit_without_change_is_no_step() -> None:
    """An edit that puts back what stands there is not recorded."""
    assert carry_out("会议", "test", [Edit(0, 1, "会")]) == ("会议", ())


def test_replay_refuses_another_text() -> None:
    """Steps made for one text are refused on another."""
    with pytest.raises(UnioncrawlError, match="does not find"):
        replay("工会", [Step("test", 0, 1, "會", "会", 1.0)])


def test_unresolved_spans_move_with_later_edits() -> None:
    """A flagged span still covers the same characters after an edit before it."""
    assert carry_over([Unresolved(6, 8, "lost")], [Edit(1, 5, "")]) == (Unresolved(2, 4, "lost"),)


def test_unresolved_spans_that_are_edited_away_are_dropped() -> None:
    """A flagged span that a later edit removes is no longer flagged."""
    assert carry_over([Unresolved(2, 3, "lost")], [Edit(1, 5, "")]) == ()
