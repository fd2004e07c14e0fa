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


def add_bylines(article: Article) -> Article:
    """Fill an author or a source that no metadata line tells from the repaired text."""
    evidence = []
    author, source = article.author, article.source
    if not author:
        author = next(filter(None, map(lead_reporters, article.body_text.split("\n")[:2])), "")
        if author:
            evidence.append(Evidence("author", "lead", author))
    closing = closing_bracket(article.body_text)
    if closing and not source and is_department(closing):
        source = closing
        evidence.append(Evidence("source", "closing-bracket", closing))
    elif closing and not author and is_person_list(clean_people(closing)):
        author = clean_people(closing)
        evidence.append(Evidence("author", "closing-bracket", closing))
    return replace(article, author=author, source=source, evidence=(*article.evidence, *evidence))
