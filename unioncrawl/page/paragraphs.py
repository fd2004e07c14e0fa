"""The article's text as clean paragraphs and as safe HTML."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import is_longer, narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.body import (
    DISCLAIMER,
    NEIGHBOURS,
    Range,
    is_boilerplate,
    is_meta,
    is_tail_mark,
)
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.headline_place import Headline
from unioncrawl.page.labels import Label, split_labels
from unioncrawl.page.regions import Region


class Paragraph(NamedTuple):
    """A paragraph of the body and the line at which it stands."""

    line: int
    text: str


_CREDITS = frozenset(Label) - {Label.COLUMN, Label.ORIGINAL_TITLE, Label.BREADCRUMB}
_HEAD_LINES = 6
_RUNNING_LENGTH = 40
_LONGEST_TOOLS = 80
_LONGEST_CELL = 60
# 时间 after running text is the time of an event, not of the publishing.
_EVENT_TIME = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:时\s*间|日\s*期)\s*[:：][^:：]*(?:[:：]\d\d[^:：]*)*$"
)
_EVENT_PLACE = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:活动|会议)?(?:地\s*点|地址|主题|主讲人?|对象|议程)\s*[:：]"
)
# A line of only a page's tools, with any signs between them.
_TOOL_WORDS = tuple(
    """打印本页 打印此页 打印 关闭窗口 关闭本页 关闭此页 关闭 返回顶部 回到顶部 返回首页 返回列表 返回上页
    返回上一页 返回 加入收藏 收藏本文 收藏 分享到 分享 点赞 转发 举报 我要纠错 纠错 我要评论 复制链接 字号
    字体大小 字体 放大 缩小 默认 新浪微博 腾讯微博 微信好友 微信 微博 朋友圈 QQ空间 QQ好友 下载 附件下载
    语音播报 朗读 扫一扫 推荐 本文字数 正文 图集 责任编辑 TOP THE END 阅读下一篇 保存
    查看评论 评论 顶一下 踩一下 有帮助 没帮助 上一页 下一页 尾页 末页
    大 中 小 无 次 字 共 第 页 A 顶 踩 赞""".split()
)
_TOOLS = re.compile(
    rf"(?=.*(?:{'|'.join(word for word in _TOOL_WORDS if len(word) > 1)}|^\W*(?:\+\d+|0|[顶踩赞])\W*$))"
    rf"(?:[\W\d_]|{'|'.join(_TOOL_WORDS)}|本页|窗口)+",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(r"\W*(?:关键词|关键字|(?:相关)?热词(?:搜索)?|标签|tags?)\s*[:：]", re.IGNORECASE)
# A template's tags, each with the address of its list; a page's own address.
_ADDRESS = re.compile(r"[^。，]{0,12}[:：]\s*https?://\S+")
_NUMBER = re.compile(r"\d{1,5}")
_SUMMARY = re.compile(r"\W*(?:内容)?(?:摘要|提要|导读|简介)\s*[:：]\s*(?P<start>.{8,}?)(?:\.{2,}|…+)?")
_DATE_ONLY = re.compile(
    r"^\W*(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?\s*(?:\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{1,2}:\d\d(?::\d\d)?)\W*$"
)
_OPEN_CREDIT = re.compile(r"(?:编辑|责编|审核|校对|作者|来源|編輯|責編)\s*[:：]\s*$")


def body_paragraphs(document: Document, headline: Headline, body: Range) -> tuple[Paragraph, ...]:
    """The paragraphs of the body in page order, without headline, credits and tools."""
    kept: list[Paragraph] = []
    previous: Line | None = None
    opened = False
    for index in range(body.start, body.stop):
        line = document.lines[index]
        names_event = _EVENT_TIME.match(line.text) is not None and (
            any(len(paragraph.text) > _RUNNING_LENGTH for paragraph in kept[-3:])
            or any(_EVENT_PLACE.match(other.text) for other in document.lines[index + 1 : index + 2])
        )
        running = any(len(paragraph.text) > _RUNNING_LENGTH for paragraph in kept[:_HEAD_LINES])
        place = _HEAD_LINES if running else index - body.start
        if index < headline.stop or not (names_event or _belongs(line, place, headline)):
            opened = _OPEN_CREDIT.search(line.text) is not None and len(line.text) < 60
            continue
        if opened and len(line.text) <= 16:
            continue
        opened = False
        if previous is not None and kept and _same_row(previous, line):
            kept[-1] = Paragraph(kept[-1].line, f"{kept[-1].text}\t{line.text}")
        else:
            kept.append(Paragraph(index, line.text))
        previous = line
    return _without_related(kept)


def _belongs(line: Line, place: int, headline: Headline) -> bool:
    text = line.text
    if line.region is Region.NOISE or not re.search(r"\w", text) or _is_tool(text):
        return False
    if line.link_length > len(text) * 0.7 and (line.link_count > 2 or NEIGHBOURS.match(text)):
        return False
    if is_longer(text, 160):
        return True
    if len(text) < 80 and is_boilerplate(text):
        return False
    repeats = squash(text) == squash(headline.text) or _DATE_ONLY.match(narrow_digits(text))
    return not (place < _HEAD_LINES and repeats) and not is_credit(text)


def _is_tool(text: str) -> bool:
    """Whether a line holds only tools or keywords."""
    if len(text) > _LONGEST_TOOLS:
        return False
    return _TOOLS.fullmatch(text) is not None or _KEYWORDS.match(text) is not None


def is_credit(text: str) -> bool:
    """Whether a line holds only date, source, people or hits.

    >>> is_credit("(责任编辑:李方)"), is_credit("来源:中工网")
    (True, True)
    >>> is_credit("市总工会主席说,来源于职工的建议最有用。")
    False
    """
    if is_longer(text, 120) or not is_meta(text):
        return False
    parts = split_labels(text)
    before = text[: parts[0].start].strip(" \t　()（）【】[]〖〗■●◆□·|:：")
    value_length = sum(len(part.value) for part in parts)
    longest = max(len(part.value) for part in parts)
    return (
        all(part.label in _CREDITS for part in parts)
        and (len(before) <= 12 or bool(_DATE_ONLY.match(before)))
        and longest <= 45
        and value_length <= 100
        and not re.search(r"[。；？！?!]", text)
        and not any(part.label is Label.AUTHOR and re.search("[，,]", part.value) for part in parts)
    )


def _same_row(one: Line, other: Line) -> bool:
    """Whether two lines are cells of one table row."""
    cells = (cell_of(one), cell_of(other))
    if cells[0] is None or cells[1] is None or cells[0] is cells[1]:
        return False
    return cells[0].getparent() is cells[1].getparent()


def cell_of(line: Line) -> Any:  # noqa: ANN401 - lxml is untyped
    """The table cell that a line is in; a long paragraph inside a cell does not count as a cell of a row."""
    element = line.element
    if element.tag in ("td", "th"):
        return element
    parent = element.getparent()
    within = parent is not None and parent.tag in ("td", "th") and len(line.text) <= _LONGEST_CELL
    return parent if within else None


def _without_related(kept: list[Paragraph]) -> tuple[Paragraph, ...]:
    whole = sum(len(paragraph.text) for paragraph in kept)
    seen = 0
    for place, paragraph in enumerate(kept):
        if seen > 0.4 * whole and is_tail_mark(paragraph.text):
            return tuple(kept[:place])
        seen += len(paragraph.text)
    while len(kept) > 1 and _is_left_over(kept[-2].text, kept[-1].text):
        kept.pop()
    return tuple(kept[1:] if _is_summary(kept) else kept)


def _is_summary(kept: list[Paragraph]) -> bool:
    """Whether the first paragraph is a labelled summary that only repeats how the text begins."""
    found = _SUMMARY.fullmatch(kept[0].text) if len(kept) > 1 else None
    return found is not None and squash(kept[1].text).startswith(squash(found["start"]))


def _is_left_over(before: str, last: str) -> bool:
    """Whether the last line is a disclaimer, a bare count or address, or a date that nobody signs."""
    bare = _NUMBER.fullmatch(last) or _ADDRESS.fullmatch(last)
    return bool(DISCLAIMER.match(last) or bare or (_DATE_ONLY.match(last) and not names_source(before)))
