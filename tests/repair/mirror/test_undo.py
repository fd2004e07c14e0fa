"""Class A damage is undone where a page shows it, and nowhere else."""

from __future__ import annotations

import pytest

from tests.recordings import MirrorPage
from unioncrawl.repair import repair, repair_fields
from unioncrawl.repair.mirror_model.forward import Mirror, damage, narrow_marks

DAMAGED = [
    ("全國(guó)總工會(huì)召開會(huì)議", "全国总工会召开会议"),
    ("會(huì )議強(qiáng)調(diào)長(cháng)期堅(jiān)持", "会议强调长期坚持"),
    (
        "甪(lù)直鎮(zhèn)總工會(huì)、亳(bó)州市總工會(huì)召開會(huì)議",
        "甪(lù)直镇总工会、亳(bó)州市总工会召开会议",
    ),
    ("圍繞著職工權(quán)益,學(xué)習(xí)了著名勞模的著作", "围绕着职工权益,学习了著名劳模的著作"),
    ("關于加強縣級工會建設的意見", "关于加强县级工会建设的意见"),
]

GENUINE = [
    "甪(lù)直镇总工会召开会议",
    "学(xué)而(ér)时(shí)习(xí)之(zhī)，不(bù)亦(yì)说(yuè)乎(hū)",
    "學(xué)而(ér)時(shí)習(xí)之(zhī)，不(bù)亦(yì)說(yuè)乎(hū)",
    "香港工會聯合會就最低工資發表意見，認為應於五月後檢討。",
    "高句(gōu)丽与單(chán)于",
    "真的吗?！这是怎么回事？！",
    "长度单位为分(cm)，水是H2O。",
    "“会”的繁体字是“會”(huì)。",
    "之子于歸，宜其室家。",
    "勞動部今天表示，基本工資審議委員會將在九月召開，勞資雙方代表會就明年調幅進行討論。",
    "這家餐廳的老闆說，因為食材價格一直漲，實在撐不下去，只好調漲價格，希望客人體諒。",
    "數據顯示，本港失業率維持在百分之三，就業不足率為百分之一，總就業人數減少約三千人。",
]


@pytest.mark.parametrize(("page", "original"), DAMAGED)
def test_notes_and_script_are_undone(page: str, original: str) -> None:
    """A short text with a mirror's notes, or its slips, comes back simplified."""
    assert repair(page).text == original


@pytest.mark.parametrize("text", GENUINE)
def test_genuine_text_stays(text: str) -> None:
    """Real notes, primers, traditional pages and odd signs come back identical."""
    assert repair(text).text == text


def test_the_body_repairs_the_title() -> None:
    """A title without notes is turned back because the body is a mirror's."""
    fields = {"title": "縣級總工會", "body": "全國(guó)總工會(huì)召開會(huì)議"}
    assert repair_fields(fields)["title"].text == "县级总工会"


RUNS = [
    ("会议以视频形式召开，在各省（区、市）设分会场。", "會區設場"),
    ("总工会授予他们五一劳动奖章。", "會動獎務"),
    ("各级工会要开展经常活动，服务职工。", "會動務"),
    ("会议传达了。《中共中央关于加强工会工作的意见》", "會關強"),
    ("<strong>工会推动企业转化。”</strong>", "會動業"),
    ("会议强调，要在各省（自治区、直辖市）开展工作。可以采取多种形式。", "會強調區種"),
]


@pytest.mark.parametrize(("original", "annotated"), RUNS)
@pytest.mark.parametrize("narrow", [False, True])
def test_broken_runs_are_decoded(original: str, annotated: str, narrow: bool) -> None:  # noqa: FBT001 - a case
    """Bytes lost at a false cut or under a note are found again, whatever the page's width."""
    page = damage(original, Mirror(frozenset(annotated), narrow=narrow))
    assert "?" in page
    assert repair(page).text == (narrow_marks(original) if narrow else original)


TAILS = [
    ("工會(huì)推動(dòng)企業(yè)轉化?！?/strong>", "工会推动企业转化。”"),
    ("全國(guó)總工會(huì)召開會(huì)議,。", "全国总工会召开会议。"),
    ("全國(guó)總工會(huì)召開會(huì)議。\n泰州市| 嘉定区| 海安县| ", "全国总工会召开会议。"),
]


@pytest.mark.parametrize(("page", "original"), TAILS)
def test_what_mirrors_add_is_dropped(page: str, original: str) -> None:
    """Half tags, stray commas and lists of places go, as steps of their own."""
    repaired = repair(page)
    assert repaired.text == original
    assert "mirror-tail" in {step.kind for step in repaired.steps}


def test_a_whole_page_comes_back(mirror_sample: MirrorPage) -> None:
    """A mirror's page is restored character for character, with at most two doubts, and stays so."""
    repaired = repair(mirror_sample.page)
    assert repaired.text == mirror_sample.restored
    assert repair(mirror_sample.restored).text == mirror_sample.restored
    assert len(repaired.unresolved) <= 2
