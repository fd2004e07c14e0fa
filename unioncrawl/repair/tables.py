"""Lookups made from the script table: conversion, its inverse, readings."""

from __future__ import annotations

from unioncrawl.repair.script_table import READINGS, SIMPLIFIED, WRITTEN


def _is_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def _is_gbk(character: str) -> bool:
    return bool(character.encode("gbk", "ignore"))


# Variants that the table would convert, but that no simplified text has.
_NEVER_WRITTEN = "麽谘侭讬"


def _inverse() -> dict[str, str]:
    """Written to simplified; where two simplified characters meet, the commoner one."""
    rank = {plain: (_is_gb2312(plain), _is_gbk(plain), plain in "着绛") for plain in SIMPLIFIED}
    pairs = sorted(zip(SIMPLIFIED, WRITTEN, strict=True), key=lambda pair: rank[pair[0]])
    return {written: plain for plain, written in pairs if _is_gbk(written)}


# What a mirror writes for a simplified character (for str.translate).
WRITTEN_FOR: dict[int, str] = {
    ord(plain): written for plain, written in zip(SIMPLIFIED, WRITTEN, strict=True)
}
# What a written character was; 著 and 絳 had two origins (see ``script``).
SIMPLIFIED_FOR: dict[str, str] = _inverse()
# The reading that mirrors annotate a written character with.
READING_OF: dict[str, str] = {
    written: reading for written, reading in zip(WRITTEN, READINGS.split(), strict=True) if reading != "-"
}
# Characters that stand for another one in converted modern text (于 for 於), but
# are also names and classical words: only several of them together tell.
PSEUDO_CHARACTERS = "于并后愿范采筑征托占咨伙恤斗余游夸杠里干"
# A rarer table of readings, seen on a few mirrors; the space is theirs.
RARER_READING_OF: dict[str, str] = {"會": "huì ", "絡": "luò ", "樂": "lè ", "長": "cháng"}

# Characters that traditional writers use where the mirrors' one-to-one table
# never does (於 for 于, 後 for 后): they speak for a genuine page.
GENUINE_TRADITIONAL = (
    "於後並併裡裏遊餘夥範幹麼徵採佔嶽雲願諮築製麵係繫隻緻誌佈註纔複彙儘鬚鬆迴衝髮穫聖醜閒羣峯啓喫牀脣"
    "傑訣誇釐鬱籲薰湧鹹蠍僕祕黴慾衆爲僞牆鑑闢鬪鬥託捲錶颱嚐恆僱姦"
)
# Words (a pattern) in which one-to-one conversion writes what no traditional writer does.
PSEUDO_WORDS = (
    "關于|對于|由于|位于|屬于|處于|用于|鑒于|基于|在于|至于|等于|利于|低于|高于|大于|小于|"
    "便于|善于|限于|致力于|少于|多于|優于|敢于|勇于|終于|忠于|源于|立足于|以后|之后|然后|"
    "今后|最后|后勤|后續|前后|后來|隨后|先后|背后|后果|落后|戰后|課后|售后|此后|產后|后備|"
    "后代|后者|并且|并在|并對|并將|并向|并為|并由|并以|并通過|并不|并與|合并|并處|，并|,并|"
    "、并|并給|并依法|并按|并及時|并于|并報|并經|干部|干擾|骨干|才干|實干|干警|主干|干線|"
    "干事|制造|制作|研制|復制|制品|繪制|印制|制劑|關系|聯系|采取|采用|采訪|采購|開采|采集|"
    "采納|采樣|征求|征收|征集|特征|象征|征信|征地|征用|范圍|規范|示范|模范|防范|典范|范例|"
    "師范|志愿|自愿|意愿|愿意|愿望|心愿|咨詢|建筑|構筑|筑牢|旅游|游客|游戲|余額|其余|業余|"
    "剩余|這里|那里|里面|夜里|家里|什么|怎么|那么|這么|多么|批準|核準|準予|準許|準入|獲準|"
    "復雜|復合|重復|復印|永恒|云南|云計算|呼吁|夸大|盡管|委托|雜志|標志|輕松|放松|奮斗|戰斗|"
    "斗爭|開辟|沖擊|沖突|沖刺|杰出|余人|余家|余名|余萬|余個|占用|撫恤|注銷|標注|備注|注明|"
    "加注|陜西|墻|凈|堿|一并|大干|合伙|廚余|依托|受托|囑托|托管|祝愿|愿景|標簽"
)
