"""What the text says of itself: lead and its brackets, signature, closing bracket, captions, origin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from unioncrawl.fields.people.clean import clean_people, clean_source, without_made
from unioncrawl.fields.people.origin import read_dateline, read_origin
from unioncrawl.fields.people.reporter_lines import (
    is_placed,
    leading_persons,
    line_reporters,
    placed_reporters,
)
from unioncrawl.fields.people.roles import read_credits
from unioncrawl.language.names import is_department, is_person_list, may_name_persons, names_persons
from unioncrawl.model import Article, Evidence

_LEAD = re.compile(r"^.{0,40}?[（(〔](?P<inner>[^（）()〔〕]{2,60})[）)〕]")
_REPORTERS = re.compile(
    r"(?:[记記]者|文[/／]\s*(?:图|摄影?)?|图[/／]?文|作者)[:：/／\s]*(?P<names>[^，。,；;]*)"
)
_LEAD_LINES, _BYLINE_LINES = 2, 3
_OTHERS = re.compile(
    r"\s*(?:(?:本报|特约|见习|实习)?(?:通讯员|摄影|图[/／]|编辑[/／])|文[/／并]?[图摄]|图[/／]?文).*$"
)
_CLOSING = re.compile(r"[（(【](?P<inner>[^（）()【】]{2,40})[）)】]\s*$")
_LONGEST_NOTE = 40
_LONGEST_NAMES = 40
_LONGEST_SIGNATURE = 100
_LONGEST_CLOSING = 24
_SIGN = "□■◎●◇◆○▲"
_SIGNED = re.compile(
    rf"^(?:[{_SIGN}]\s*(?P<signed>[^，。；：！？:;!?]{{2,40}})|"
    r"[㐀-鿿]{0,12}(?:记者|通讯员)[\s　]+(?P<reporters>[㐀-鿿·\s、]{2,30}))$"
)
_ROLE_IN = re.compile("[记記]者|通[讯訊][员員]|作者")
# 文 right after a name is its last character: 黄晓文.
_MADE = re.compile(r"[\s　]*(?:文[/／并]?[图摄]|图[/／]?文|摄影报道|摄影|报道|供稿|(?<=[\s　/／])文|图|摄)$")
_CREDIT_LINE = re.compile(
    rf"^\s*(?:[{_SIGN}]|[㐀-鿿—－-]{{0,12}}(?:记者|通讯员)[\s　/／:：]|[本文]*(?:图片|照片|配图)[均皆都]?由)"
    r"|(?:文[/／并]?[图摄]|供图|摄影报道|(?<![拍航录])摄)\s*$"
)
# （记者 李方 摄） is of a picture, （记者 李方 文/图） of the story.
_PICTURE_ONLY = re.compile(r"(?<![文/／并])(?:摄|供图)\s*$")
# （作者：李方，市总工会干部）
_AUTHOR_FIRST = re.compile(r"(?:本文|文章)?作者\s*[:：]\s*(?P<names>[^，,；;:：]+)[，,]")
_LABELLED = re.compile(r"[:：]|^(?:供图|摄影|图片|图|摄)[\s/／]")
_CAPTION_END = re.compile(r"(?<![^。！？；，（(])[^。！？；，（(]*+$")


class _Note(NamedTuple):
    """A short text that may name people, and the rule that found it."""

    rule: str
    text: str


def lead_reporters(text: str) -> str:
    """The reporters that the brackets of a lead name, or empty.

    >>> lead_reporters("中工网北京4月7日电 (工人日报-中工网记者郑莉 郝赫)全国总工会今天召开会议。")
    '郑莉 郝赫'
    >>> lead_reporters("〔記者李方／台北報導〕市總工會今天召開會議。")
    '李方'
    >>> lead_reporters("本报讯（李方 王小丫）连日来，市总工会走访职工。")
    '李方 王小丫'
    >>> lead_reporters("全国总工会(简称全总)今天召开会议。")
    ''
    """
    inner = _lead_bracket(text)
    people = None if _PICTURE_ONLY.search(inner) else _REPORTERS.search(inner)
    if people is None:
        return inner if _is_dateline_before(text, inner) and names_persons(inner) else ""
    if is_placed(people["names"]):
        return placed_reporters(people["names"])
    return leading_persons(clean_people(_OTHERS.sub("", people["names"])))


def _is_dateline_before(text: str, inner: str) -> bool:
    """Whether a bracket stands right after 本报讯 or a like lead: papers name the reporters there."""
    dateline = read_dateline(text)
    return bool(dateline) and text[: text.find(inner)].rstrip(" 　（(〔").endswith(dateline)


def _lead_bracket(text: str) -> str:
    lead = _LEAD.match(text)
    return lead["inner"] if lead else ""


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
        short = line.strip()
        found = _SIGNED.match(_MADE.sub("", short)) if len(short) <= _LONGEST_SIGNATURE else None
        if found is not None:
            names = _names_at_end(clean_people(found["signed"] or found["reporters"]))
            is_name = found["reporters"] or _ROLE_IN.search(short) or may_name_persons(names)
            return names if is_name else ""
    return ""


def _names_at_end(text: str) -> str:
    """The names after the name of an organisation: 市总宣传中心 王星乐."""
    if is_person_list(text):
        return text
    _, _, names = text.partition(" ")
    return names if is_person_list(names) else ""


def clean_bylines(printed: str) -> str:
    r"""The names that printed strings give, a line each: cleaned, no name twice, 40 characters at most.

    >>> clean_bylines("雁川日报记者 李方 王小丫 文/摄")
    '李方 王小丫'
    >>> clean_bylines("郑重（一审）\n冯远\n冯远")
    '郑重（一审） 冯远'
    >>> clean_bylines("李方"), clean_bylines("雁川日报记者 黄晓文"), clean_bylines("雁川日报记者 黄晓文 文")
    ('李方', '黄晓文', '黄晓文')
    """
    found: dict[str, None] = {}
    for line in printed.split("\n"):
        names = signature(line) or line_reporters(line) or clean_people(line)
        if names and len(" ".join((*found, names))) <= _LONGEST_NAMES:
            found[names] = None
    return " ".join(found)


def add_bylines(article: Article) -> Article:
    """Fill from the repaired text what no metadata line gives: people, source, origin, dateline."""
    return _with_origin(_with_credits(_with_author(_with_dateline(_with_declared_origin(article)))))


def without_bylines(article: Article) -> Article:
    """The article without the values read in its text, so that the text can be read again."""
    emptied: dict[str, Any] = dict.fromkeys(article.read_in_text, "")
    # Extraction filled a source from its origin once, and repair kept that as its printed string.
    raw = tuple(pair for pair in article.raw if pair[0] not in emptied)
    return replace(article, evidence=_printed_evidence(article), raw=raw, read_in_text=(), **emptied)


def _printed_evidence(article: Article) -> tuple[Evidence, ...]:
    """The evidence without the piece that each field read in the text added, its last one."""
    left = set(article.read_in_text)
    kept = []
    for piece in reversed(article.evidence):
        if piece.field in left:
            left.remove(piece.field)
        else:
            kept.append(piece)
    return tuple(reversed(kept))


def _with_field(article: Article, field: str, value: str, rule: str, raw: str) -> Article:
    evidence = (*article.evidence, Evidence(field, rule, raw))
    filled: dict[str, Any] = {field: value}
    return replace(article, evidence=evidence, read_in_text=(*article.read_in_text, field), **filled)


def _with_declared_origin(article: Article) -> Article:
    """The source that a reprint names is the source, too, where no other is declared."""
    origin = "" if article.source else article.original_source
    return _with_field(article, "source", origin, "original-source", origin) if origin else article


def _with_dateline(article: Article) -> Article:
    dateline = "" if article.dateline else read_dateline(article.body_text)
    return _with_field(article, "dateline", dateline, "dateline", dateline) if dateline else article


def _with_author(article: Article) -> Article:
    """Fill the author, and a source that the closing bracket names."""
    for rule, read in (("lead", _opening_reporters), ("signature", signature)):
        author = "" if article.author else read(article.body_text)
        article = _with_field(article, "author", author, rule, author) if author else article
    closing = closing_bracket(article.body_text)
    named = _AUTHOR_FIRST.match(closing)
    closing = named["names"] if named else closing
    if not closing or len(closing) > _LONGEST_CLOSING or _LABELLED.search(closing):
        return article
    if not article.source and is_department(closing):
        return _with_field(article, "source", clean_source(closing), "closing-bracket", closing)
    author = "" if article.author else _closing_names(closing, is_announced=named is not None)
    return _with_field(article, "author", author, "closing-bracket", closing) if author else article


def _opening_reporters(body_text: str) -> str:
    """The reporters of the lead's bracket, or of a line of their own above the first paragraphs."""
    lines = body_text.split("\n")
    found = (*map(lead_reporters, lines[:_LEAD_LINES]), *map(line_reporters, lines[:_BYLINE_LINES]))
    return next(filter(None, found), "")


def _closing_names(closing: str, *, is_announced: bool) -> str:
    """The names in the closing bracket: without a role beside them they need the form of names.

    （特殊打法）says how somebody plays.
    """
    writer = read_credits(closing).writer
    if writer:
        return writer
    printed = clean_people(without_made(closing))
    names = _names_at_end(printed)
    is_announced = is_announced or printed != closing
    return names if is_announced or may_name_persons(names) else ""


def _with_credits(article: Article) -> Article:
    """Fill correspondents and photographers from the first note that names some."""
    for note in _notes(article):
        if article.correspondent and article.photographer:
            break
        found = read_credits(note.text)
        if found.correspondent and not article.correspondent:
            article = _with_field(article, "correspondent", found.correspondent, note.rule, note.text)
        if found.photographer and not article.photographer:
            article = _with_field(article, "photographer", found.photographer, note.rule, note.text)
    return article


def _notes(article: Article) -> Iterator[_Note]:
    lines = article.body_text.split("\n")
    for line in lines[:2]:
        inner = _lead_bracket(line)
        if inner:
            yield _Note("lead", inner)
    for line in reversed(lines[-3:]):
        if len(line) <= _LONGEST_NOTE and _CREDIT_LINE.search(line):
            yield _Note("signature" if line.lstrip()[:1] in _SIGN else "credit-line", line)
    closing = closing_bracket(article.body_text)
    if closing:
        yield _Note("closing-bracket", closing)
    for image in article.images:
        end = _CAPTION_END.search(image.caption.rstrip(" ）)。"))
        if end is not None and end[0]:
            yield _Note("caption", end[0])


def _with_origin(article: Article) -> Article:
    origin = "" if article.original_source else read_origin(article.body_text)
    if not origin:
        return article
    article = _with_field(article, "original_source", origin, "reprint-note", origin)
    return article if article.source else _with_field(article, "source", origin, "reprint-note", origin)
