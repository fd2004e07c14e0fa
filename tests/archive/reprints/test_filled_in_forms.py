from __future__ import annotations

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.material.edits import EDITS, Edit
from unioncrawl.archive.reprints.filled_in_forms import describe_different_events
from unioncrawl.archive.reprints.fingerprints import ReprintText, reprint_folded
from unioncrawl.language.folding import fold

NOTICE = (
    "为认真贯彻落实上级关于关爱职工的部署，{place}总工会决定开展“送清凉”活动。活动自{day}日起，为期一个月，"
    "预计走访企业{count}家，慰问一线职工{people}人，发放防暑药品{boxes}箱。请{place}各级工会高度重视，"
    "精心组织，把关爱送到职工心坎上。联系电话{phone}。"
)
HERE = {"place": "神木市", "day": 12, "count": 31, "people": 4200, "boxes": 870, "phone": "8612345"}
THERE = {"place": "府谷县", "day": 15, "count": 18, "people": 1900, "boxes": 415, "phone": "8756789"}


def _texts(left: str, right: str) -> tuple[ReprintText, ReprintText]:
    return ReprintText(reprint_folded(fold(left))), ReprintText(reprint_folded(fold(right)))


@pytest.mark.parametrize("own", [THERE, {**HERE, "place": "府谷县"}, {**THERE, "place": "神木市"}])
def test_other_names_or_numbers_in_the_same_words_are_other_news(own: dict[str, object]) -> None:
    """A notice that another union issued, or the same union of another occasion, is not a reprint."""
    assert describe_different_events(*_texts(NOTICE.format(**HERE), NOTICE.format(**own)))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NOTICE.format(**HERE), "本报讯（记者 张三）" + NOTICE.format(**HERE)),
        (NOTICE.format(**HERE), NOTICE.format(**HERE)[60:]),
        (NOTICE.format(**HERE), NOTICE.format(**{**HERE, "place": "我市"})),
        (NOTICE.format(**HERE), NOTICE.format(**{**HERE, "people": "4300"})),
        (NOTICE.format(**HERE), NOTICE.format(**HERE).replace("，", ",").replace("的", "地")),
        (NOTICE.format(**{**HERE, "place": "我市"}), NOTICE.format(**HERE)),
        (NOTICE.format(**HERE), NOTICE.format(**HERE).replace("职工", "员工").replace("开展", "举行")),
        (NOTICE.format(**HERE), re.sub(r"\d+(?=日)", "十二", NOTICE.format(**HERE))),
        ("记者王伟 " + NOTICE.format(**HERE), "记者李秀英 " + NOTICE.format(**HERE)),
    ],
    ids=[
        *("lead added", "beginning left out", "我市", "a number corrected", "signs and slips"),
        *("我市 was first", "one word for another", "number written", "another reporter"),
    ],
)
def test_edits_put_no_other_names_in(left: str, right: str) -> None:
    """What editors do to a story leaves its names and numbers, or only points at them."""
    assert not describe_different_events(*_texts(left, right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("奉新县", "安新县"),
        ("滨海新区", "两江新区"),
        ("喀喇沁左翼蒙古族自治县", "石林彝族自治县"),
        ("上海市", "贵州省"),
        ("湖南永顺经济开发区", "洛阳高新技术产业开发区"),
    ],
)
def test_names_with_the_same_end_differ(left: str, right: str) -> None:
    """Of two places only the beginning may differ."""
    assert describe_different_events(
        *(_texts(NOTICE.format(**{**HERE, "place": left}), NOTICE.format(**{**HERE, "place": right})))
    )


def test_praise_of_another_man_is_other_news() -> None:
    """Of a telegram or a decision the name alone may differ."""
    praise = "为表彰先进，决定授予{0}同志五一劳动奖章。希望{0}同志珍惜荣誉，再创佳绩，号召职工向{0}同志学习。"
    assert describe_different_events(*_texts(praise.format("王秀英"), praise.format("李建国")))
    assert describe_different_events(*_texts(praise.format("黄丽"), praise.format("罗丽")))
    assert not describe_different_events(*_texts(praise.format("王秀英"), praise.format("王秀云")))
    assert not describe_different_events(*_texts(praise.format("王秀英"), praise.format("王某")))
    telegram = "欣悉{}荣获全国职工职业技能大赛团体第一名，特向你们表示热烈的祝贺和诚挚的问候！"
    assert describe_different_events(*_texts(telegram.format("长庆油田"), telegram.format("东方电气集团")))


_PARTICULARS = st.fixed_dictionaries(
    {
        "place": st.sampled_from(["神木市", "府谷县", "榆阳区", "西安市", "石林彝族自治县", "滨海新区"]),
        "day": st.integers(1, 30),
        "count": st.integers(10, 99),
        "people": st.integers(100, 9_999),
        "boxes": st.integers(100, 999),
        "phone": st.integers(2_000_000, 8_999_999),
    }
)


@given(_PARTICULARS, _PARTICULARS, st.sampled_from(EDITS), st.randoms(use_true_random=False))
def test_what_holds_for_any_particulars(
    here: dict[str, object], there: dict[str, object], edit: Edit, chance: Random
) -> None:
    """No edit makes a notice other news, another place throughout does, whichever is asked about first."""
    notice = re.split("(?<=。)", NOTICE.format(**here))
    reprint = "\n".join(edit.make(notice, chance))
    left, right = _texts(NOTICE.format(**here), reprint)
    assert not describe_different_events(left, right)
    assert not describe_different_events(right, left)
    left, right = _texts(NOTICE.format(**here), NOTICE.format(**there))
    assert describe_different_events(left, right) == describe_different_events(right, left)
    if here["place"] != there["place"]:
        assert describe_different_events(left, right)
