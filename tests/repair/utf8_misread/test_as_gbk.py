"""UTF-8 read as GBK, strictly and with bytes lost."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, repair_fields, replay

STORY = "县总工会主席走进车间，了解企业生产情况，叮嘱大家注意休息。"


def read_as_gbk(text: str, errors: str = "strict") -> str:
    """The text's UTF-8 bytes, read as GBK."""
    return text.encode("utf-8").decode("gbk", errors)


@pytest.mark.parametrize("text", ["工会劳动保护", "劳动合同制度", "劳动竞赛活动"])
def test_whole_texts_come_back(text: str) -> None:
    """Text that lost no byte comes back exactly; the steps replay, a second run changes nothing."""
    damaged = read_as_gbk(text)
    repaired = repair(damaged)
    assert repaired.text == text
    assert replay(damaged, repaired.steps) == text
    assert repair(text).steps == ()


def test_the_euro_of_windows_is_byte_80() -> None:
    """Windows shows the lost byte 80 of 一 as a euro sign, which keeps it."""
    assert repair("鍏ㄥ浗鎬诲伐浼氫竴绾胯亴宸").text.startswith("全国总工会一线职")


def test_private_use_characters_are_bytes() -> None:
    """Pairs of the user-defined areas show as private-use characters and come back."""
    text = "的权利的协议"
    damaged = text.encode("utf-8").decode("gb18030")
    assert repair(damaged).text == text


def test_only_the_damaged_span_changes() -> None:
    """Good Chinese before and after the damage stays."""
    damaged = "来源：" + read_as_gbk("工会劳动保护") + "（2024年）"
    assert repair(damaged).text == "来源：工会劳动保护（2024年）"


def test_damage_in_the_title_alone_is_repaired() -> None:
    """Other fields of the page need no damage."""
    fields = repair_fields({"title": read_as_gbk("工会劳动保护工作"), "body": STORY})
    assert fields["title"].text == "工会劳动保护工作"
    assert fields["body"].text == STORY


def test_a_lost_last_byte_is_completed_rightly_or_flagged() -> None:
    """What a lost byte leaves open stays and is flagged; nothing else is wrong."""
    for text in (STORY, "县总工会赠送图书报刊读物", "获奖人员名单公布"):
        for damaged in (
            read_as_gbk(text, "replace"),
            read_as_gbk(text, "replace").replace("\ufffd", "?"),
            read_as_gbk(text, "ignore"),
        ):
            repaired = repair(damaged)
            assert replay(damaged, repaired.steps) == repaired.text
            assert repaired.text == text or repaired.unresolved
            flagged = set()
            for span in repaired.unresolved:
                flagged |= set(range(span.start, span.end))
            kept = "".join(c for i, c in enumerate(repaired.text) if i not in flagged)
            left = iter(text)
            assert all(c in left for c in kept), (text, damaged, repaired.text)


@pytest.mark.parametrize(
    "text",
    ["朱镕基、陶喆、邓颖超", "瓷窑、陶甗、骉骉", "鐗は鐘より重い", "涓涓细流，浼浼", "宸、ヤ、細", STORY],
)
def test_rare_characters_stay(text: str) -> None:
    """Rare characters, Japanese and good text make no UTF-8 and stay."""
    assert repair(text).text == text


def test_good_text_after_a_lost_tail_stays() -> None:
    """Damage that ends in the middle of a character takes nothing from the good text after it."""
    for reader, good in (("replace", "谈会，纪念大会"), ("ignore", "，党和政府"), ("replace", "退敌军10次")):
        damaged = read_as_gbk("在人民大会堂举行座", reader) + good
        assert repair(damaged).text.endswith(good[1:])


def test_neighbours_that_lack_a_byte_each_are_chosen_together() -> None:
    """A sign that swallowed the end of one character and the lead of the next leaves one phrase."""
    assert repair("鑱氱劍浜屽崄浜屼釜宀椾綅锛岃亴宸ュ弬鍔犳姤鍚嶃€").text.startswith("聚焦二十二个岗位，职工")


def test_the_middle_of_a_phrase_is_completed() -> None:
    """The byte lost at the end of the damage is known when a phrase goes on in the good text."""
    damaged = read_as_gbk("在人民大会堂举行座谈", "replace") + "会，纪念"
    assert repair(damaged).text == "在人民大会堂举行座谈会，纪念"
