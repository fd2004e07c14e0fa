"""How like two stories must be, and how far a change may reach, hold where they are."""

from __future__ import annotations

import random

import pytest

from unioncrawl.archive.reprints.align_texts import lay_side_by_side
from unioncrawl.archive.reprints.fingerprints import ReprintText, sketch
from unioncrawl.archive.reprints.reprint_changes import what_changed
from unioncrawl.archive.reprints.same_story import Story, liken
from unioncrawl.model import Article

CHARACTERS = [chr(code) for code in range(0x4E00, 0x5200)]


def _text(seed: int, length: int) -> str:
    return "".join(random.Random(seed).choices(CHARACTERS, k=length))  # noqa: S311 - invented text


LEAD = "甲乙丙丁戊己庚辛壬癸" * 7
ONE, OTHER, END = (_text(seed, 400) for seed in (1, 2, 3))


def _likeness(left: str, right: str) -> str | None:
    found = liken(Story.of(left), Story.of(right))
    return found.kind.value if found else None


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        (ONE[:200], ONE[:125] + OTHER[:75], "edited"),
        (ONE[:200], ONE[:124] + OTHER[:76], None),
        (ONE, ONE + OTHER[:8], "copy"),
        (ONE, ONE + OTHER[:9], "edited"),
        (ONE[:40], ONE[:40], "copy"),
        (ONE[:39], ONE[:39], None),
        (ONE[:100], ONE[:100] + OTHER[:293], "excerpt"),
        (ONE[:100], ONE[:100] + OTHER[:294], None),
        (ONE[:77] + OTHER[:23], ONE[:300], "excerpt"),
        (ONE[:76] + OTHER[:24], ONE[:300], None),
        (f"{ONE[:60]}\n{END[:251]}", f"{OTHER[:60]}\n{END[:251]}", "edited"),
        (f"{ONE[:60]}\n{END[:250]}", f"{OTHER[:60]}\n{END[:250]}", None),
        (f"{ONE[:100]}\n{END[:150]}", f"{ONE[:32]}{OTHER[:68]}\n{END[:150]}", "edited"),
        (f"{ONE[:100]}\n{END[:150]}", f"{ONE[:31]}{OTHER[:69]}\n{END[:150]}", None),
    ],
)
def test_stories_are_one_from_so_much_on(left: str, right: str, kind: str | None) -> None:
    """Half is edited, a third of the other an excerpt; a common ending of 250 characters joins nothing."""
    assert _likeness(left, right) == kind


def test_boilerplate_stands_in_the_outer_three_paragraphs() -> None:
    """The first and last three paragraphs of six characters or more may be boilerplate."""
    assert len(Story.of("\n".join(_text(seed, 20) for seed in range(9))).edges) == 6
    assert len(Story.of(f"{ONE[:6]}\n{OTHER[:20]}").edges) == 2
    assert len(Story.of(f"{ONE[:5]}\n{OTHER[:20]}").edges) == 1


@pytest.mark.parametrize(
    ("ours", "theirs", "swaps"),
    [
        (ONE[:50] + OTHER[:56] + ONE[50:99], ONE[:50] + END[:9] + ONE[50:99], 1),
        (ONE[:50] + OTHER[:57] + ONE[50:99], ONE[:50] + END[:9] + ONE[50:99], 0),
        (ONE[:50] + OTHER[:9] + ONE[50:99], ONE[:50] + END[:60] + ONE[50:99], 1),
        (ONE[:50] + OTHER[:9] + ONE[50:99], ONE[:50] + END[:61] + ONE[50:99], 0),
        (OTHER[:10] + ONE[50:99], END[:10] + ONE[50:99], 1),
        (OTHER[:11] + ONE[50:99], END[:11] + ONE[50:99], 0),
    ],
)
def test_what_is_longer_was_written_anew(ours: str, theirs: str, swaps: int) -> None:
    """A clause of 60 characters may take another's place, at an edge of ten; what is longer is not a swap."""
    assert len(lay_side_by_side(ReprintText(ours), ReprintText(theirs)).swaps) == swaps


@pytest.mark.parametrize(("times", "swaps"), [(3, 1), (4, 0)])
def test_a_place_is_looked_for_four_times(times: int, swaps: int) -> None:
    """What stands before a place may stand three times elsewhere before it."""
    theirs = (ONE[46:50] + _text(77, 70)) * times + ONE[:50] + END[:5] + ONE[50:100]
    found = lay_side_by_side(ReprintText(ONE[:50] + OTHER[:5] + ONE[50:100]), ReprintText(theirs))
    assert len(found.swaps) == swaps


def _changes(first: str, reprint: str) -> list[str]:
    one, other = (Article(url="u", site="a", title="送清凉", body_text=body) for body in (first, reprint))
    return [change.value for change in what_changed(one, other)]


@pytest.mark.parametrize(
    ("first", "reprint", "changes"),
    [
        (ONE[:100], ONE[:42] + OTHER[:58], ["words"]),
        (ONE[:100], ONE[:41] + OTHER[:59], ["paragraphs added", "paragraphs dropped"]),
        (ONE[:12], OTHER[:8] + ONE[:12], ["lead added"]),
        (ONE[:11], OTHER[:8] + ONE[:11], ["lead added", "words"]),
    ],
)
def test_changes_are_named_from_so_much_on(first: str, reprint: str, changes: list[str]) -> None:
    """Of an edited paragraph two in five are kept; twelve characters are known after a lead."""
    assert _changes(f"{first}\n{END[:50]}", f"{reprint}\n{END[:50]}") == changes


def test_a_lead_has_sixty_characters() -> None:
    """What stands before the first paragraph and is longer is not a lead."""
    leads = [
        length
        for length in range(50, 70)
        if "lead added" in _changes(f"{END[:80]}\n{ONE[:60]}", f"{LEAD[:length]}{END[:80]}\n{ONE[:60]}")
    ]
    assert leads == list(range(50, 61))


def test_the_fingerprints_of_kept_archives_are_found_again() -> None:
    """A text has the fingerprints by which the archives that are kept know it."""
    assert sorted(sketch(_text(5, 300) + "第12名到34人共56元又78件再90")) == [
        44386278, 62767222, 153731393, 182908142, 218346268, 235474403, 350047592, 377854556, 647220431,
        660038232, 1031208324, 1386108928, 1502657474, 1677541417, 1739000047,
    ]  # fmt: skip
