"""A page is a mirror's only when it shows what only a mirror does."""

from __future__ import annotations

import pytest

from unioncrawl.repair.mirror_model.evidence import is_fitting, learn, may_be_mirrored


def test_the_annotated_set_is_learnt() -> None:
    """Characters that always have their note are annotated, others that were changed are bare."""
    evidence = learn(["全國(guó)總工會(huì)召開會(huì)議"])
    assert evidence is not None
    assert evidence.annotated == frozenset("國會")
    assert evidence.bare == frozenset("總開議")


def test_a_note_given_once_is_a_writer_s() -> None:
    """A character that mostly stands without a note is not annotated by a mirror."""
    text = "臺灣(wān)的工會於臺灣成立後，臺灣、臺灣各地響應。"
    assert learn([text]) is None


def test_a_proven_mirror_s_notes_all_go() -> None:
    """Where two characters always have their note, one that stands without elsewhere is the mirror's too."""
    evidence = learn(["強調(diào)“協調”，全國(guó)工會(huì)"])
    assert evidence is not None
    assert (evidence.annotated, evidence.sometimes) == (frozenset("國會"), frozenset("調"))
    assert "調" not in evidence.bare


def test_rare_characters_are_annotated_where_many_are() -> None:
    """On a page full of notes a note after a rare character is the mirror's; else it is a writer's."""
    noted = "中國(guó)工會(huì)開(kāi)發(fā)，饒鎔(róng)說"
    assert learn([noted]) is not None
    assert "鎔" in learn([noted]).annotated  # type: ignore[union-attr]
    few = learn(["中國(guó)工會(huì)，饒鎔(róng)說"])
    assert few is not None
    assert "鎔" not in few.annotated


def test_the_width_is_learnt() -> None:
    """ASCII marks between Chinese characters show that an archive turned them."""
    narrow = learn(["工會(huì)召開會(huì)議,部署工作"])
    wide = learn(["工會(huì)召開會(huì)議，部署工作"])
    assert narrow is not None
    assert wide is not None
    assert (narrow.narrow, wide.narrow) == (True, False)


def test_known_traditional_sites_stay() -> None:
    """Where the caller knows of traditional text, one noted character is not enough."""
    assert learn(["會(huì)議"], traditional=True) is None


def test_known_simplified_sites_are_turned() -> None:
    """Where the caller knows of simplified text, traditional text alone is damage."""
    assert learn(["總工會開會"], simplified=True) is not None
    assert learn(["總工會於會後"], simplified=True) is None


@pytest.mark.parametrize(
    ("host", "reading", "fits"),
    [
        ("會", "huì", True),
        ("會", "huì ", True),
        ("會", "kuài", False),
        ("亳", "bó", False),
        ("纘", "zuǎn", False),
    ],
)
def test_fitting_notes(host: str, reading: str, fits: bool) -> None:  # noqa: FBT001 - a case
    """A mirror's note is the first reading of a common character that the conversion changed."""
    assert is_fitting(host, reading) is fits


def test_simplified_text_is_passed_quickly() -> None:
    """著 stands in simplified text too and raises no suspicion."""
    assert not may_be_mirrored("著名劳模的著作")
    assert may_be_mirrored("勞模")


def test_a_note_that_its_character_is_not_read_as_is_torn() -> None:
    """精量條播 lost a byte before a note: 量 is never read zhī, so no writer has put it there."""
    text = "當地使用精量(zhī)l播機，同步完成施肥、播種等多個工序，確保冬小麥適期播種。"
    assert learn([text]) is not None
    assert learn(["當地使用精量(liàng)播機，現場演示"]) is None


NOTED = "國(guó)會(huì)開(kāi)發(fā)"


@pytest.mark.parametrize(
    ("other", "unnoted", "is_mirror"),
    [("人(rén)", 5, True), ("人(rén)", 4, False), ("", 1, True), ("", 0, False)],
)
def test_a_primer_has_notes_at_most_characters(other: str, unnoted: int, *, is_mirror: bool) -> None:
    """Notes at four of five characters teach reading, and at half of them where unchanged ones have some."""
    assert (learn([NOTED + other + "在" * unnoted]) is not None) is is_mirror


def test_one_constant_character_proves_no_mirror() -> None:
    """Where one character always has its note, another that mostly lacks it is a writer's."""
    evidence = learn(["強調(diào)“協調”，工會(huì)"])
    assert evidence is not None
    assert evidence.sometimes == frozenset()


def test_three_constant_characters_do_not_make_rare_notes_the_mirror_s() -> None:
    """A page full of notes has four characters that always have theirs."""
    three = learn(["中國(guó)工會(huì)開(kāi)，饒鎔(róng)說"])
    assert three is not None
    assert "鎔" not in three.annotated


@pytest.mark.parametrize(
    ("text", "by_words"), [("幹部關于復雜情況", True), ("幹部關于復雜情況，并說", False)]
)
def test_three_signs_of_the_table_outweigh_a_converter_s_character(text: str, *, by_words: bool) -> None:
    """Two signs of the mirrors' table may stand in a converter's text by chance, three do not."""
    evidence = learn([text], mirrored=True)
    assert evidence is not None
    assert evidence.by_words is by_words
