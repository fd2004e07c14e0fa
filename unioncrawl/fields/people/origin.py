"""What the text itself says of its origin: the lead that opens it, the paper it is taken from."""

from __future__ import annotations

import re

from unioncrawl.fields.people.clean import clean_source
from unioncrawl.language.label_folding import narrow_digits
from unioncrawl.language.names import names_source

_ORGAN = (
    r"(?:本[报网刊台站社]|(?:[㐀-鿿A-Za-z]{2,12}?[—－-])?[㐀-鿿A-Za-z]{1,14}?"
    r"(?:[报网社台刊]|总工会|工会|客户端|融媒体?|融媒体中心|中心))"
)
_DAY = r"(?:20\d\d年)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十]{1,3})日"
# 讯飞, 讯息, 讯问 are words of their own; 一台电脑 is not a telegram.
_LEAD = re.compile(
    r"^[\s　【\[（(〔“]*(?P<lead>据?"
    rf"(?:{_ORGAN}\s*(?:[㐀-鿿·]{{2,10}}\s*)?{_DAY}\s*(?:[电讯](?!脑|话|影|视|力|动|信|器|飞|息|问|号)|消息)"
    rf"|{_ORGAN}\s*(?:综合|专)?讯(?!飞|息|问|号|速|期|检|员)"
    r"|(?:本[报社]|[㐀-鿿]{2,3}社)(?:专|急)?电(?=[\s（(])"
    rf"|{_ORGAN}消息(?=\s*[:：（(【\]】　 ])))"
)
_LEAD_LINES = 3
_REPRINT = (
    r"(?:本文|文章|此文|全文|原文|内容)?\s*(?:转载[自于]|转自(?![己主动身然我])|摘自|摘编自|选自"
    r"|原载[于自]?|原刊[于载]?|原文刊[于载]|首发于|刊载于)"
)
_FROM = r"\s*[:：]?\s*(?P<source>《[^《》]{2,20}》|“[^“”]{2,20}”|[^\s，。；,;（）()《》“”]{2,24})"
# 1998年第3期, 3月5日第2版 after the name.
_ISSUE = r"[\s，,、·]*(?:(?:19|20)\d\d|\d{1,2}月|第)?[^，。；（）()]{0,24}"
_IN_BRACKET = re.compile(
    rf"[（(【\[](?:[^（）()【】\[\]]{{0,30}}[\s，,；;：:])?{_REPRINT}{_FROM}{_ISSUE}[）)】\]]"
)
_AS_LINE = re.compile(rf"^[\s　\[【（(*※■]*{_REPRINT}{_FROM}{_ISSUE}[\s。）)\]】]*$")
_SOURCE_AND_ORIGIN = re.compile(rf"^(?P<own>[^（(]*)[（(]\s*{_REPRINT}{_FROM}\s*[）)]?\s*$")
_GLUED_ISSUE = re.compile(r"(?:(?:19|20)\d\d年?|\d{1,2}月\d|第\d+[版期]|微信公众号$|公众号$|客户端$).*$")
_LONGEST_NOTE = 60


def read_dateline(body_text: str) -> str:
    """The lead with which a paper or an agency opens a story, as printed, without what its brackets hold.

    >>> read_dateline("中工网北京4月7日电 (工人日报-中工网记者郑莉 郝赫)全国总工会今天召开会议。")
    '中工网北京4月7日电'
    >>> read_dateline("本报讯（记者 邢生祥）日前，省总工会召开会议。")
    '本报讯'
    >>> read_dateline("通讯员走进车间。")
    ''
    """
    for line in body_text.split("\n")[:_LEAD_LINES]:
        found = _LEAD.match(narrow_digits(line))
        if found is not None:
            return line[found.start("lead") : found.end("lead")].strip()
    return ""


def read_origin(body_text: str) -> str:
    """The source that the end of a text says it is reprinted from; empty when it names no source.

    >>> read_origin("大家都说好。（转自《工人日报》）")
    '工人日报'
    >>> read_origin("本文转载自工人日报")
    '工人日报'
    >>> read_origin("他把工资转给母亲。")
    ''
    """
    lines = body_text.split("\n")
    for line in (*lines[:1], *reversed(lines[-3:])):
        found = _last(line) or (_AS_LINE.match(line) if len(line) <= _LONGEST_NOTE else None)
        name = _named(found["source"]) if found else ""
        if name and found and (found["source"][0] in "《“" or names_source(name)):
            return name
    return ""


def split_origin(printed: str) -> tuple[str, str]:
    """A source, and the origin that it names in brackets at its end.

    >>> split_origin("雁川市总工会（转自工人日报）")
    ('雁川市总工会', '工人日报')
    >>> split_origin("《雁川日报》（转自工人日报）")
    ('雁川日报', '工人日报')
    >>> split_origin("《工人日报》")
    ('《工人日报》', '')
    """
    found = _SOURCE_AND_ORIGIN.match(printed) if len(printed) <= 2 * _LONGEST_NOTE else None
    return (clean_source(found["own"]), _named(found["source"])) if found else (printed, "")


def _last(line: str) -> re.Match[str] | None:
    """The bracket that closes a line, when it names an origin."""
    found = list(_IN_BRACKET.finditer(line, max(0, len(line) - 2 * _LONGEST_NOTE)))
    return found[-1] if found else None


def _named(printed: str) -> str:
    return clean_source(printed if printed[0] in "《“" else _GLUED_ISSUE.sub("", printed) or printed)
