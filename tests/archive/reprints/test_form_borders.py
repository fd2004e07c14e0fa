"""How many names and numbers must take others' places for a notice to be other news."""

from __future__ import annotations

import pytest

from unioncrawl.archive.reprints.filled_in_forms import describe_different_events
from unioncrawl.archive.reprints.fingerprints import ReprintText

# Clauses without names and numbers, between which the places that differ stand.
CLAUSES = (
    "为认真贯彻落实上级关于关爱户外劳动者的部署要求",
    "结合本单位工作实际制定如下活动安排方案",
    "请各基层组织加强领导周密安排抓好任务落实",
    "活动结束以后及时报送有关文字和影像资料",
    "对表现突出的集体与先进典型给予通报表扬",
    "把党的温暖送到每一位环卫劳动者心坎上面",
    "进一步增强服务意识提升广大群众的幸福感",
    "确保各项措施落到实处取得看得见的成效吧",
    "不断完善长效机制推动服务阵地提档升级呀",
    "努力营造全社会尊重劳动崇尚劳动良好氛围",
)


def _is_other_news(*places: tuple[str, str]) -> bool:
    """Whether a notice is other news than one that has something else at these places."""
    sides = (zip(CLAUSES, (place[side] for place in (*places, ("", ""))), strict=False) for side in (0, 1))
    left, right = ("".join(map("".join, side)) for side in sides)
    return describe_different_events(ReprintText(left), ReprintText(right))


def _numbers(other: int, same: int) -> list[tuple[str, str]]:
    return [(f"共{at}31名", f"共{at}84名") for at in range(1, other + 1)] + [("计59件", "计59件")] * same


@pytest.mark.parametrize(
    ("other", "same", "is_other"), [(3, 4, True), (3, 5, False), (2, 1, True), (2, 2, False), (1, 0, False)]
)
def test_numbers_are_others_from_so_many_on(other: int, same: int, *, is_other: bool) -> None:
    """Two in five of many numbers, three in five of two, and never one alone, make a notice other news."""
    assert _is_other_news(*_numbers(other, same)) is is_other


@pytest.mark.parametrize(
    ("ours", "theirs", "is_other"),
    [
        ("由工会主席欧阳春兰主持", "由工会主席司马玉珍主持", True),
        ("由工会主席努尔古丽娜主持", "由工会主席买合木提江主持", False),
        ("由工会主席王英秀主持", "由工会主席李建英主持", True),
        ("由工会主席王英主持", "由工会主席英李主持", False),
        ("由雁川城北物流园货车司机互助联合工会承办", "由临溪港口码头装卸搬运作业行业工会承办", True),
        ("由雁川城北物流园货车司机互助服务联合工会承办", "由临溪港口码头装卸搬运作业仓储行业工会承办", False),
    ],
    ids=["four", "five", "one of three in both", "one of two in both", "a name of 16", "a longer name"],
)
def test_one_name_alone_must_be_short_and_whole(ours: str, theirs: str, *, is_other: bool) -> None:
    """A person has four characters, a body 16; of one name alone hardly a character stays."""
    assert _is_other_news((ours, theirs)) is is_other


@pytest.mark.parametrize(("times", "is_other"), [(3, True), (2, False)])
def test_words_that_are_no_names_must_be_swapped_three_times(times: int, *, is_other: bool) -> None:
    """Beside another number, a word swapped three times throughout counts like a name."""
    assert _is_other_news(*[("送清凉", "嘉年华")] * times, ("共131名", "共184名")) is is_other


@pytest.mark.parametrize(("slips", "is_other"), [(4, True), (5, False)])
def test_a_third_of_what_differs_are_names_or_numbers(slips: int, *, is_other: bool) -> None:
    """Among many slips of the pen two names are slips as well."""
    names = [("由神木市负责", "由府谷县负责")] * 2
    letters = list(zip("甲乙丙丁戊", "子丑寅卯辰", strict=True))[:slips]
    assert _is_other_news(*names, *letters) is is_other
