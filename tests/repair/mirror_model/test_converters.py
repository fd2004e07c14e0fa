"""What a converter by words wrote comes back, and its ambiguous characters say how sure they are."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair, replay
from unioncrawl.repair.mirror.clauses import turn_clauses_back
from unioncrawl.repair.mirror_model.converters import NO_MIRRORS, turn_words_back
from unioncrawl.repair.mirror_model.evidence import MirrorEvidence
from unioncrawl.repair.plan import SURE, carry_out

# As OpenCC writes it in its own way, in Taiwan's and in Hong Kong's.
CONVERTED = [
    (
        "瀋河鎮總工會幹部徵集職工意見後，發佈了製造業技能競賽的佈置。",
        "沈河镇总工会干部征集职工意见后，发布了制造业技能竞赛的布置。",
    ),
    (
        "臨溪市總工會瞭解到，麪館、理髮店的夥計週末不休息，餘下的錶匠憑藉手藝過活。",
        "临溪市总工会了解到，面馆、理发店的伙计周末不休息，余下的表匠凭借手艺过活。",
    ),
    (
        "臨溪市總工會瞭解到，麵館裡的夥計著手準備曬乾的穀物。",
        "临溪市总工会了解到，面馆里的伙计着手准备晒干的谷物。",
    ),
    ("乾隆年間的狼藉早已不見，皇后登過的瞭望臺還在。", "乾隆年间的狼藉早已不见，皇后登过的瞭望台还在。"),
]


@pytest.mark.parametrize(("damaged", "original"), CONVERTED)
def test_a_converted_text_comes_back(damaged: str, original: str) -> None:
    """With the hint that the page is a mirror's, characters chosen by words are turned back."""
    repaired = repair(damaged, hint="mirror")
    assert repaired.text == original
    assert replay(damaged, repaired.steps) == original
    assert not repair(repaired.text, hint="mirror").changed


@pytest.mark.parametrize(("damaged", "original"), CONVERTED)
def test_genuine_text_without_a_hint_stays(damaged: str, original: str) -> None:
    """Taiwan and Hong Kong write such text themselves, so nothing changes without a hint."""
    del original
    assert not repair(damaged).changed


def test_a_single_field_is_read_with_its_page() -> None:
    """瀋 alone shows no converter, but the hint decides: no simplified text has 渖阳."""
    assert repair("瀋陽市總工會", hint="mirror").text == "沈阳市总工会"


def test_the_mirrors_table_goes_first_on_its_own_pages() -> None:
    """Where the page shows the mirrors' table, 諮 was 谘, which converters never write."""
    assert repair("案發后關于復雜情況的諮文", hint="mirror").text == "案发后关于复杂情况的谘文"


def test_a_doubtful_character_is_flagged_with_its_other_originals() -> None:
    """Where no neighbour decides, the likeliest original is written, with its confidence and the others."""
    repaired = repair("總工會後勤組說：「鍾」", hint="mirror")
    (left,) = repaired.unresolved
    assert repaired.text[left.start : left.end] in "钟锺"
    assert set(left.alternatives) | {repaired.text[left.start : left.end]} == {"钟", "锺"}
    assert min(step.confidence for step in repaired.steps) < 0.9


def test_a_doubtful_character_keeps_its_note_apart() -> None:
    """The note after a doubtful character goes, and the flag stands on the character alone."""
    text = "國(guó)會(huì)，「鍾(zhōng)」"
    found = turn_clauses_back(text, [], [], MirrorEvidence(frozenset("鍾會國"), by_words=True))
    (left,) = found.unresolved
    assert text[left.start : left.end] == "鍾(zhōng)"
    assert carry_out(text, "mirror", found.edits)[0] in ("国会，「钟」", "国会，「锺」")


def test_shares_are_between_none_and_one() -> None:
    """The chosen original has the largest share, and the text keeps its length."""
    text, doubts = turn_words_back("徵求乾貨餘額，憑藉於潛覆蓋鍾錶薰陶")
    assert len(text) == len("徵求乾貨餘額，憑藉於潛覆蓋鍾錶薰陶")
    assert all(1 / (1 + len(doubt.others)) <= doubt.share <= 1 for doubt in doubts)


def test_simplified_text_has_no_sign_of_a_converter() -> None:
    """No character that shows a converter is one of GB 2312's."""
    assert [char for char in NO_MIRRORS if char.encode("gb2312", "ignore")] == []


def test_how_seldom_a_converter_writes_a_character_counts_by_half() -> None:
    """座 was 坐 where the words say so, though a converter hardly ever writes it."""
    assert turn_words_back("台下座的是一百")[0] == "台下坐的是一百"


def test_a_clear_word_leaves_no_doubt() -> None:
    """The share of 了 among the originals of 瞭 is sure where the words around it are common."""
    assert turn_words_back("的手机关瞭机，腊月")[1][0].share >= SURE
