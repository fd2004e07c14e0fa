"""The script is turned back by the mirrors' own table."""

from __future__ import annotations

import pytest

from unioncrawl.repair.mirror_model.forward import convert
from unioncrawl.repair.mirror_model.script_lookups import SIMPLIFIED_FOR, WRITTEN_FOR
from unioncrawl.repair.mirror_model.to_simplified import turn_to_simplified


def test_the_table_inverts_but_for_two() -> None:
    """Every GB 2312 character comes back, but for 著 and 絳, which had two origins."""
    simplified = [chr(point) for point in WRITTEN_FOR]
    common = [char for char in simplified if char.encode("gb2312", "ignore") and char not in "着绦"]
    assert [char for char in common if SIMPLIFIED_FOR.get(convert(char), char) != char] == []


@pytest.mark.parametrize(
    "original",
    [
        "围绕着著名劳模的著作",
        "他可以帮着录",
        "附着于墙面",
        "成效显著",
        "人民日报社编著",
        "沿着著名的街",
        "绦虫与绛州",
    ],
)
def test_two_origins_differ(original: str) -> None:
    """着 and 著, 绛 and 绦 are chosen by their neighbours."""
    assert turn_to_simplified(convert(original)) == original


def test_what_the_table_never_writes_stays() -> None:
    """於, 後 and 乾 are not the mirrors' and are left alone."""
    assert turn_to_simplified("乾隆年間於臺灣之後") == "乾隆年间於台湾之後"


def test_words_of_attaching_are_no_writing() -> None:
    """著手 and 著重 were 着手 and 着重, whatever stands before them; 名著 stays a book."""
    assert turn_to_simplified("工管所)著手籌建") == "工管所)着手筹建"
    assert turn_to_simplified("名著重印") == "名著重印"
