from __future__ import annotations

import pytest

from unioncrawl.archive.fingerprints import ReprintText, reprint_text
from unioncrawl.archive.other_facts import tell_of_others

NOTICE = (
    "为认真贯彻落实上级关于关爱职工的部署，{place}总工会决定开展“送清凉”活动。活动自{day}日起，为期一个月，"
    "预计走访企业{count}家，慰问一线职工{people}人，发放防暑药品{boxes}箱。请{place}各级工会高度重视，"
    "精心组织，把关爱送到职工心坎上。联系电话{phone}。"
)
HERE = {"place": "神木市", "day": 12, "count": 31, "people": 4200, "boxes": 870, "phone": "8612345"}
THERE = {"place": "府谷县", "day": 15, "count": 18, "people": 1900, "boxes": 415, "phone": "8756789"}


def _texts(left: str, right: str) -> tuple[ReprintText, ReprintText]:
    return ReprintText(reprint_text(left)), ReprintText(reprint_text(right))


@pytest.mark.parametrize("own", [THERE, {**HERE, "place": "府谷县"}, {**THERE, "place": "神木市"}])
def test_other_names_or_numbers_in_the_same_words_are_other_news(own: dict[str, object]) -> None:
    """A notice that another union issued, or the same union of another occasion, is no reprint."""
    assert tell_of_others(*_texts(NOTICE.format(**HERE), NOTICE.format(**own)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NOTICE.format(**HERE), "本报讯（记者 张三）" + NOTICE.format(**HERE)),
        (NOTICE.format(**HERE), NOTICE.format(**HERE)[60:]),
        (NOTICE.format(**HERE), NOTICE.format(**{**HERE, "place": "我市"})),
        (NOTICE.format(**HERE), NOTICE.format(**{**HERE, "people": "4300"})),
        (NOTICE.format(**HERE), NOTICE.format(**HERE).replace("，", ",").replace("的", "地")),
    ],
    ids=["lead added", "beginning left out", "我市", "a number corrected", "signs and slips"],
)
def test_edits_put_no_other_names_in(left: str, right: str) -> None:
    """What editors do to a story leaves its names and numbers, or only points at them."""
    assert not tell_of_others(*_texts(left, right))
