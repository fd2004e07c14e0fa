"""Readings are weighed by quotation marks and words."""

from __future__ import annotations

from unioncrawl.repair.reading import Reading
from unioncrawl.repair.weighing import share_of_best, weighed


def reading(text: str, nats: float) -> Reading:
    """Make a finished reading."""
    return Reading(nats, text, 0, b"", 0, 1, len(text))


def test_quotation_marks_pair_up() -> None:
    """Inside an open quotation a closing mark wins over a second opening one."""
    readings = [reading("转化。“会议", -10.0), reading("转化。”会议", -11.0)]
    assert weighed(readings, "他说“工会要", 2, "指出，“")[0].text == "转化。”会议"


def test_a_clear_winner_has_nearly_all() -> None:
    """The share falls with the distance to the next reading, and equal texts count once."""
    sure = [reading("省", -1.0), reading("小", -20.0), reading("省", -1.0)]
    unsure = [reading("省", -1.0), reading("小", -1.0)]
    assert share_of_best(sure) > 0.99
    assert share_of_best(unsure) == 0.5
