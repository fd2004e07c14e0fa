"""Bylines inside the text: the brackets of the lead, and the bracket that closes the story."""

from __future__ import annotations

import re
from dataclasses import replace

from unioncrawl.model import Article, Evidence
from unioncrawl.normalize.people import clean_people, is_department, is_person_list

_LEAD = re.compile(r"^.{0,40}?[（(](?P<inner>[^（）()]{2,60})[）)]")
_REPORTERS = re.compile(r"(?:记者|文[/／]|作者)[:：/／\s]*(?P<names>[^，。,；;]*)")
_OTHERS = re.compile(r"\s*(?:本报|特约|见习|实习)?(?:通讯员|摄影|图[/／]|编辑[/／]).*$")
_CLOSING = re.compile(r"[（(](?P<inner>[^（）()]{2,24})[）)]\s*$")
_LONGEST_LEAD = 110
_SIGNED = re.compile(
    r"^(?:[□■◎●◇◆○▲]\s*(?P<signed>[^，。；：！？:;!?]{2,40})|"
    r"[㐀-鿿]{0,12}(?:记者|通讯员)[\s　]+(?P<reporters>[㐀-鿿·\s、]{2,30}))$"
)
_MADE = re.compile(r"[\s　]*(?:文[/／并]?[图摄]|图[/／]?文|摄影报道|摄影|报道|供稿|文|图|摄)$")


def lead_reporters(text: str) -> str:
    """The reporters that the brackets of a lead name, or empty.

    >>> lead_reporters("中工网北京4月7日电 (工人日报-中工网记者郑莉 郝赫)全国总工会今天召开会议。")
    '郑莉 郝赫'
    >>> lead_reporters("全国总工会(简称全总)今天召开会议。")
    ''
    """
    lead = _LEAD.match(text[:_LONGEST_LEAD])
    people = _REPORTERS.search(lead["inner"]) if lead else None
    return clean_people(_OTHERS.sub("", people["names"])) if people else ""


def closing_bracket(text: str) -> str:
    """What the bracket at the end of a text holds, or empty.

    >>> closing_bracket("活动吸引了三百名职工参加。(海南州总工会)")
    '海南州总工会'
    >>> closing_bracket("活动吸引了三百名职工参加。")
    ''
    """
    for line in reversed(text.split("\n")[-3:]):
        found = _CLOSING.search(line)
        if found is not None:
            return found["inner"].strip()
    return ""


def signature(text: str) -> str:
    r"""The names of the line with which papers sign a story, or empty.

    >>> signature("司机们都说好。\n□首发集团京新收费所 吕文静")
    '吕文静'
    >>> signature("司机们都说好。\n雁川日报记者 李方 王小丫 文/摄")
    '李方 王小丫'
    >>> signature("司机们都说好。")
    ''
    """
    for line in reversed(text.split("\n")[-3:]):
        found = _SIGNED.match(_MADE.sub("", line.strip()))
        if found is not None:
            return _names_at_end(clean_people(found["signed"] or found["reporters"]))
    return ""


def _names_at_end(text: str) -> str:
    """The names behind an organisation's: 市总宣传中心 王星乐."""
    if is_person_list(text):
        return text
    _, _, names = text.partition(" ")
    return names if is_person_list(names) else ""


def add_bylines(article: Article) -> Article:
    """Fill an author or a source that no metadata line tells from the repaired text."""
    evidence = []
    author, source = article.author, article.source
    if not author:
        author = next(filter(None, map(lead_reporters, article.body_text.split("\n")[:2])), "")
        if author:
            evidence.append(Evidence("author", "lead", author))
    if not author:
        author = signature(article.body_text)
        if author:
            evidence.append(Evidence("author", "signature", author))
    closing = closing_bracket(article.body_text)
    if closing and not source and is_department(closing):
        source = closing
        evidence.append(Evidence("source", "closing-bracket", closing))
    elif closing and not author:
        author = _names_at_end(clean_people(closing))
        if author:
            evidence.append(Evidence("author", "closing-bracket", closing))
    return replace(article, author=author, source=source, evidence=(*article.evidence, *evidence))
