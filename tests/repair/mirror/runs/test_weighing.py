"""Readings are weighed by quotation marks and words."""

from __future__ import annotations

from unioncrawl.repair.mirror.runs.hypothesis import Reading
from unioncrawl.repair.mirror.runs.weighing import _closing_nats, share_of_best, weighed


def reading(text: str, nats: float) -> Reading:
    """Make a finished reading."""
    return Reading(nats, text, 0, 0, 1, len(text))


def test_quotation_marks_pair_up() -> None:
    """Inside an open quotation a closing mark wins over a second opening one."""
    readings = [reading("转化。“会议", -10.0), reading("转化。”会议", -11.0)]
    assert weighed(readings, "他说：“工会要", 2, "指出，“")[0].text == "转化。”会议"


def test_an_exclamation_that_ends_a_paragraph_stays() -> None:
    """Without an open quotation, a ！ at the end of a paragraph is not a remnant of 。” or of 。《."""
    readings = [reading("贡献。”", -10.0), reading("贡献！", -13.0), reading("贡献。《", -11.0)]
    assert weighed(readings, "全市职工要为国家作出新的贡献", 2, "")[0].text == "贡献！"


def test_a_closing_mark_ends_an_open_quotation() -> None:
    """In an open quotation the same ！ is the 。” that closes it."""
    readings = [reading("关心！", -10.0), reading("关心。”", -11.0)]
    assert weighed(readings, "他说：“谢谢工会的关心", 2, "")[0].text == "关心。”"


def test_a_short_quotation_is_a_term() -> None:
    """A term in quotation marks ends on no full stop; a speech after a colon does."""
    readings = [reading("增。”，", -10.0), reading("增牛”，", -14.0)]
    assert weighed(readings, "实施“减羊", 1, "草场得到恢复")[0].text == "增牛”，"
    spoken = [reading("上。”", -10.0), reading("上牛”", -9.0)]
    assert weighed(spoken, "他说：“我们把热水和药品送到工地", 1, "")[0].text == "上。”"


def test_a_clear_winner_has_nearly_all() -> None:
    """The share falls with the distance to the next reading, and equal texts count once."""
    sure = [reading("省", -1.0), reading("小", -20.0), reading("省", -1.0)]
    unsure = [reading("省", -1.0), reading("小", -1.0)]
    assert share_of_best(sure) > 0.99
    assert share_of_best(unsure) == 0.5


def test_up_to_ten_characters_are_a_term_and_up_to_twenty_a_phrase() -> None:
    """The shorter a quotation is, the less it ends on a full stop; from 21 characters on it may."""
    term, phrase, longest_phrase, sentence = (
        _closing_nats("“" + "工" * (length - 1), "。”", 1, "") for length in (10, 11, 20, 21)
    )
    assert term < phrase == longest_phrase < sentence == 0.0


def test_a_speech_of_twelve_characters_ends_on_a_mark() -> None:
    """After a colon, twelve characters in quotation marks are a sentence, eleven may be a name."""
    assert _closing_nats("他说：“" + "工" * 11, "”", 0, "") == 0.0
    assert _closing_nats("他说：“" + "工" * 12, "”", 0, "") < 0.0


def test_single_characters_between_marks_cost_more_than_a_word() -> None:
    """A word in a clause outweighs a mark and the rest of the word, though the characters score alike."""
    known = "双方宣布实现"
    right, wrong = (Reading(0.0, known + text, 0, 0, 1, 0) for text in ("停火，以", "。火，以"))
    ranked = weighed([wrong, right], known, len(known), "避免战争")
    assert ranked[0].text == right.text
