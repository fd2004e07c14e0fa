"""Clean headlines: one line, no part names in brackets, no label in front."""

from __future__ import annotations

import re

_PART_NAME = re.compile(r"\s?[(（](?:引题|肩题|眉题|主题|正题|主标题|副题|副标题)[)）]\s?$")
_LABEL = re.compile(r"^(?:标题|新闻标题|文章标题)\s*[:：]\s*")
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


def clean_headline(printed: str) -> str:
    """A headline or a part of one without what the template puts around it.

    >>> clean_headline("全国总工会召开会议(引题)")
    '全国总工会召开会议'
    >>> clean_headline("关于举办职工运动会的通知(试行)")
    '关于举办职工运动会的通知(试行)'
    """
    text = " ".join(_TAG.sub("", printed).split())
    return _LABEL.sub("", _PART_NAME.sub("", text)).strip()
