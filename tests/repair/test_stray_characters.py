"""Characters that stand for others, and characters without a shape."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, replay


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("临溪市总⼯会召开职⼯代表⼤会", "临溪市总工会召开职工代表大会"),
        ("⻋间⻔⼝的⻛⾬", "车间门口的风雨"),
        ("主席\ue78e介绍了全市工作", "主席︒介绍了全市工作"),
        ("临溪日报\ue5e5工会", "临溪日报\u3000工会"),
        ("工会要\u200b闻\ufeff", "工会要闻"),
        ("职\u200d工\u200c之家", "职工之家"),
        ("\u202e职工之家\u202c", "职工之家"),
    ],
)
def test_what_is_meant_takes_its_place(printed: str, text: str) -> None:
    """Radicals, moved code positions and shapeless signs give the text that a reader sees, in steps."""
    repaired = repair(printed)
    assert repaired.text == text
    assert {step.kind for step in repaired.steps} == {"stray"}
    assert replay(printed, repaired.steps) == text


@pytest.mark.parametrize(
    "text",
    [
        "偏旁⺮和⺼",  # parts of characters
        "自造字\ue000不明",  # private use that no standard explains
        "还\u00ad出了当年",  # it may be what is left of a misread byte
        "一家👨\u200d👩\u200d👧三口",
        "نص\u200f عربي\u200e",
        "می\u200cخواهم",
    ],
)
def test_what_has_a_meaning_stays(text: str) -> None:
    """Parts of characters, unknown private use, joined emoji and other scripts' marks stay."""
    assert repair(text).text == text
