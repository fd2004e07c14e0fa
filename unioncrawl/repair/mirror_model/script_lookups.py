"""Lookups made from the script table: conversion, its inverse, readings."""

from __future__ import annotations

from unioncrawl.repair.mirror_model.script_table import READINGS, SIMPLIFIED, WRITTEN


def _is_gb2312(character: str) -> bool:
    return bool(character.encode("gb2312", "ignore"))


def _is_gbk(character: str) -> bool:
    return bool(character.encode("gbk", "ignore"))


def _inverse() -> dict[str, str]:
    """Written to simplified; where two simplified characters meet, the commoner one."""
    rank = {plain: (_is_gb2312(plain), _is_gbk(plain), plain in "着绛") for plain in SIMPLIFIED}
    pairs = sorted(zip(SIMPLIFIED, WRITTEN, strict=True), key=lambda pair: rank[pair[0]])
    return {written: plain for plain, written in pairs if _is_gbk(written)}


# What a mirror writes for a simplified character (for str.translate).
WRITTEN_FOR: dict[int, str] = {
    ord(plain): written for plain, written in zip(SIMPLIFIED, WRITTEN, strict=True)
}
# The simplified original of a written character; 著 and 絳 had two (see ``to_simplified``).
SIMPLIFIED_FOR: dict[str, str] = _inverse()
# The reading that mirrors annotate a written character with.
READING_OF: dict[str, str] = {
    written: reading for written, reading in zip(WRITTEN, READINGS.split(), strict=True) if reading != "-"
}
# A rarer table of readings, seen on a few mirrors; the space is theirs.
RARER_READING_OF: dict[str, str] = {"會": "huì ", "絡": "luò ", "樂": "lè ", "長": "cháng"}

# Characters that traditional writers use where the mirrors' one-to-one table
# never does (於 for 于, 後 for 后): they are signs of a genuine page.
GENUINE_TRADITIONAL = (
    "於後並併裡裏遊餘夥範幹麼徵採佔嶽雲願諮築製麵係繫隻緻誌佈註纔複彙儘鬚鬆迴衝髮穫聖醜閒羣峯啓喫牀脣"
    "傑訣誇釐鬱籲薰湧鹹蠍僕祕黴慾衆爲僞牆鑑闢鬪鬥託捲錶颱嚐恆僱姦"
)
