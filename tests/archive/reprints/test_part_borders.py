"""How much of a story must stand in a longer text, and where its title may stand, hold where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.archive.reprints.test_borders import END, ONE, OTHER
from unioncrawl.archive.reprints.find_part import Place, find_part, has_heading, may_hold, says_more
from unioncrawl.archive.reprints.same_story import Story
from unioncrawl.archive.reprints.story_parts import StoryPart

TITLE = "市总工会慰问职工"
BEFORE = "甲乙丙丁戊己庚辛壬癸" * 4


@pytest.mark.parametrize(
    ("held", "part", "is_found"),
    [
        (ONE[78:200], ONE[:200], True),
        (ONE[79:200], ONE[:200], False),
        (ONE[:98], ONE[:400], True),
        (ONE[:97], ONE[:400], False),
    ],
    ids=["three of five", "less", "three of five of the opening", "less of it"],
)
def test_so_much_of_a_story_stands_in_another_text(held: str, part: str, *, is_found: bool) -> None:
    """Three fifths of a story are found wherever they are cut, of a longer one those of its opening."""
    assert (find_part(Story.of(f"{OTHER[:200]}\n{held}"), Story.of(part)) is not None) is is_found


@pytest.mark.parametrize(("share", "is_cut"), [(0.6, False), (0.59, True)])
def test_less_than_three_fifths_are_an_opening(share: float, *, is_cut: bool) -> None:
    """A story of which less stands in a text is cut there."""
    assert Place(0, 9, share).is_cut is is_cut


@pytest.mark.parametrize(("start", "may_be"), [(80, True), (81, False)])
def test_a_text_may_be_the_beginning_of_what_it_begins_with(start: int, *, may_be: bool) -> None:
    """Below a lead and a heading of 80 characters a text may itself be the story's beginning."""
    assert StoryPart(1, 2, start, start + 90, 0.5).may_be_reversed is may_be


@pytest.mark.parametrize(
    ("pieces", "may"),
    [
        ((ONE[:8], ONE[12:20]), True),
        ((ONE[:8],), False),
        ((ONE[:7], ONE[12:19]), False),
        ((ONE[6:14], ONE[18:26]), False),
        ((ONE[:8], ONE[108:116]), True),
        ((ONE[:8], ONE[120:128]), False),
    ],
    ids=["two", "one", "shorter ones", "between them", "the last", "beyond the last"],
)
def test_pieces_of_an_opening_are_looked_for(pieces: tuple[str, ...], *, may: bool) -> None:
    """Two pieces of eight characters, of ten that begin at every twelfth, speak for a story."""
    assert may_hold(Story.of(OTHER[:50].join((OTHER[50:90], *pieces, ""))), Story.of(ONE)) is may


def _is_headed(line: str, *, title: str = TITLE, before: str = BEFORE, lead: str = "") -> bool:
    start = len(before) + len(line) + len(lead)
    whole = Story.of(f"{before}\n{line}\n{lead}{END[:200]}".strip("\n"))
    return has_heading(whole, Place(start, start + 200, 1.0), title)


@pytest.mark.parametrize(
    ("line", "title", "before", "lead", "is_headed"),
    [
        (TITLE, TITLE, BEFORE, "", True),
        (TITLE[:7], TITLE[:7], BEFORE, "", False),
        (f"甲乙丙{TITLE}", TITLE, BEFORE, "", True),
        (f"甲乙丙丁{TITLE}", TITLE, BEFORE, "", False),
        (f"{TITLE}甲乙丙丁戊己", TITLE, BEFORE, "", True),
        (f"{TITLE}甲乙丙丁戊己庚", TITLE, BEFORE, "", False),
        (TITLE, TITLE, BEFORE, "会" * 60, True),
        (TITLE, TITLE, BEFORE, "会" * 61, False),
        (TITLE, TITLE, BEFORE[:39], "", False),
        (TITLE, TITLE, "", "会" * 40, False),
    ],
    ids=[
        *("a title", "a shorter one", "three characters before it", "four", "six after it", "seven"),
        *("a lead of sixty", "a longer one", "less before it", "nothing before it"),
    ],
)
def test_a_story_stands_below_its_title(
    line: str, title: str, before: str, lead: str, *, is_headed: bool
) -> None:
    """A title of eight characters heads a story, within three signs and a lead, below as much other text."""
    assert _is_headed(line, title=title, before=before, lead=lead) is is_headed


@pytest.mark.parametrize(("other", "is_headed"), [(208, True), (207, False)])
def test_a_story_at_the_top_leaves_half_of_its_text_to_others(other: int, *, is_headed: bool) -> None:
    """Where nothing stands above a title, as much other text as title and story follows the story."""
    whole = Story.of(f"{TITLE}\n{'子丑寅卯辰巳午未申酉' * 20}\n{'会' * other}")
    assert has_heading(whole, Place(8, 208, 1.0), TITLE) is is_headed


@st.composite
def _like_texts(draw: st.DrawFn) -> tuple[Story, Story]:
    """Two texts of few characters, which share some of their paragraphs."""
    lines = draw(st.lists(st.text("甲乙丙5", min_size=1, max_size=60), min_size=1, max_size=6))
    kept = draw(st.lists(st.sampled_from(lines), max_size=6))
    added = draw(st.lists(st.text("甲乙丙丁戊", min_size=1, max_size=90), max_size=3))
    return Story.of("\n".join(lines + added)), Story.of("\n".join(draw(st.permutations(kept + added[:1]))))


@given(_like_texts())
def test_what_a_text_says_beyond_another_is_counted_by_every_fourth_gram(texts: tuple[Story, Story]) -> None:
    """Common paragraphs are passed over at once; the answer is that of a look at every fourth gram."""
    whole, part = texts
    sample = whole.whole.sampled
    own = sum(gram not in part.whole.grams for gram in sample)
    assert says_more(whole, part) is (own >= max(10, len(sample) / 8))


def test_a_text_that_is_compared_no_further_is_not_cut_into_grams() -> None:
    """Most articles that are asked whether they stand in a longer text need no grams for the answer."""
    whole, part = Story.of(f"{OTHER[:200]}\n{ONE[:200]}"), Story.of(ONE[:200])
    assert says_more(whole, part)
    assert "grams" not in vars(part.whole)


def test_a_stretch_of_a_text_takes_its_grams_from_the_text() -> None:
    """The grams of a place in a longer text are the longer text's own, in the same order."""
    text = Story.of(ONE[:200]).whole
    for start, end in ((0, 200), (7, 60), (7, 10), (150, 300)):
        found = text.stretch(start, end)
        assert "ordered" in vars(found)
        assert found.ordered == type(text)(text.text[start:end]).ordered
