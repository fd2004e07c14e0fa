"""Converted text without notes is distinguished from text written in traditional characters."""

from __future__ import annotations

import pytest

from unioncrawl.repair import repair
from unioncrawl.repair.mirror_model.pseudo_script import is_converted, mirror_signs_of
from unioncrawl.repair.mirror_model.script_signs import ALONE, PAIRS

GENUINE = [
    "學校午膳由家長會監察，飯商每月須提交食材來源。",
    "行政院長上午主持院會，討論勞工保險條例修正草案。",
    "立法會財務委員會討論撥款，議員批評當局拖延。",
    "國破山河在，城春草木深。感時花濺淚，恨別鳥驚心。",
    "余光中與范寬的畫展昨日開幕，于右任書法同場展出。",
    "呢個問題我哋聽日先再傾啦，你唔使咁緊張。",
    "本法自公布日施行，其施行細則由主管機關定之。",
    "工廠應設置勞資會議，討論勞動條件事項。",
]
CONVERTED = [
    "另查明，案發后，被告人及其親屬已將所欠本金還清。",
    "陜西某縣總工會組織職工書屋開放。",
    "工人說：“這個月的錢發下來了。”廠里的干部點頭。",
    "縣人民法院審理查明，被告人多次盜竊電動車。",
    "雙方對賠償金額沒有異議，并當場簽訂了調解協議。",
]


@pytest.mark.parametrize("text", GENUINE)
def test_genuine_text_stays(text: str) -> None:
    """Text of Taiwan, Hong Kong and the classics stays, also with names like 余 and 于."""
    assert not is_converted(text)
    assert not repair(text).changed


@pytest.mark.parametrize("text", CONVERTED)
def test_converted_text_is_reported(text: str) -> None:
    """A sign of the mirrors' table, or of the mainland, shows that a text was converted."""
    assert is_converted(text)


def test_a_known_site_settles_short_text() -> None:
    """Where both would write alike, only what the caller knows of the site decides."""
    assert not is_converted("師傅談經驗")
    assert is_converted("師傅談經驗", simplified=True)
    assert repair("師傅談經驗", hint="simplified").text == "师傅谈经验"
    assert repair("師傅談經驗", hint="mirror").text == "师傅谈经验"


def test_genuine_signs_outweigh_a_single_slip() -> None:
    """A text with 於 and 後 that has one character of the other kind is its writer's."""
    assert not is_converted("會議於午後開始，關于經費的討論延後。")


def test_the_table_of_signs_is_consistent() -> None:
    """No sign is a character that a writer would use, and pairs have two characters."""
    assert len(PAIRS) % 2 == 0
    assert not set(ALONE) & set("於後裡並發國會")
    assert mirror_signs_of("於是之後並裡") == frozenset()
