from __future__ import annotations

import pytest

from unioncrawl.archive.reprints.outlets import is_foreign, names_outlet


@pytest.mark.parametrize(
    ("source", "site"),
    [
        ("工人日报", "工人日报"),
        ("来源：工人日报客户端", "工人日报"),
        ("《工人日报》", "工人日报"),
        ("中工网-工人日报", "工人日报"),
        ("工人日报—中工网", "中工网"),
        ("中工网微信公众号", "中工网"),
        ("陕西省总工会", "陕西省总工会"),
        ("陕西工会网", "陕西省总工会"),
        ("陕西省总", "陕西省总工会"),
        ("全国总工会", "中华全国总工会"),
        ("全总", "中华全国总工会"),
        ("转自:西安市总工会官网", "西安市总工会"),
        ("临安区总工会", "杭州市临安区总工会"),
        ("临安总工会", "杭州市临安总工会"),
        ("河南工人日报", "河南工人日报（数字报）"),
        ("陝西省總工會", "陕西省总工会"),
    ],
)
def test_an_outlet_is_known_by_its_other_names(source: str, site: str) -> None:
    """Short names, channels, several outlets in one line, and script make no difference."""
    assert names_outlet(source, site)
    assert not is_foreign(source, site)


@pytest.mark.parametrize(
    ("source", "site"),
    [
        ("", "工人日报"),
        ("河南工人日报", "工人日报"),
        ("工人日报", "河南工人日报（数字报）"),
        ("市总工会", "西安市总工会"),
        ("总工会", "中华全国总工会"),
        ("陕西省总工会", "山西省总工会"),
        ("宝鸡市总工会", "西安市总工会"),
        ("新华社", "中工网"),
        ("本站", "中工网"),
        ("甘肃省总工会", ""),
        ("岩总工会", "龙岩总工会"),
    ],
)
def test_another_outlet_is_not_named(source: str, site: str) -> None:
    """A name that is part of another's, or nobody's in particular, names nobody."""
    assert not names_outlet(source, site)


def test_a_host_names_its_site() -> None:
    """Some sites print the address from which they took a story."""
    assert names_outlet("来源：www.workercn.cn", "中工网", "www.workercn.cn")
    assert names_outlet("http://workercn.cn/c/1.html", "中工网", "right.workercn.cn")
    assert not names_outlet("workercn.cn", "中工网", "notworkercn.cn")
    assert not names_outlet("hits.c", "中工网", "hits.c")


@pytest.mark.parametrize("source", ["", "本站", "本网讯", "原创", "中工网"])
def test_what_is_a_sites_own_is_not_foreign(source: str) -> None:
    """No source, 本网 and its own name say that a site has the story from nobody."""
    assert not is_foreign(source, "中工网")
    assert is_foreign("新华社", "中工网")
