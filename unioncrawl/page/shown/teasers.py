"""Where the teasers of other articles begin: titles that are links, each above a text that is cut short."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from unioncrawl.page.document import Line
from unioncrawl.page.line_kinds import LONGEST_SHORT, NEIGHBOURS, is_running

_CUT_SHORT = re.compile(r"(?:…|\.{3})\W{0,4}$")
# “临溪市总工会召开会议” 的相关文章
_OF_OTHERS = re.compile(r"相关(?:新闻|链接|阅读|文章|报道|推荐|信息|内容|稿件|资讯)\W*$")
_SHORTEST_TITLE, _SHORTEST_TEXT, _LONGEST_CAPTION = 4, 20, 100


def start_of_others(lines: Sequence[Line], after: int) -> int:
    """The line from ``after`` on below which nothing is text: 上一篇 or 相关文章, with teasers below.

    A teaser weighs as much as a paragraph of the article, so its weight says nothing. The number of
    lines where there is none, or where running text stands between the line and the teasers.
    """
    none = start = len(lines)
    for index, (line, following) in enumerate(pairwise(lines[after:]), after):
        if line.link_count == 1 and not following.link_length and _is_teaser(line, following):
            return start
        if len(line.text) > LONGEST_SHORT and is_running(line):
            start = none
        elif start == none and _is_mark(line):
            start = index
    return none


def _is_mark(line: Line) -> bool:
    if line.link_length:
        return NEIGHBOURS.match(line.text) is not None
    return (
        "相关" in line.text
        and len(line.text) <= _LONGEST_CAPTION
        and _OF_OTHERS.search(line.text) is not None
    )


def _is_teaser(title: Line, text: Line) -> bool:
    """Whether a line of one link is a title, and the line after it, without links, a text that is cut."""
    is_title = title.link_length >= max(_SHORTEST_TITLE, 0.9 * len(title.text))
    return is_title and len(text.text) >= _SHORTEST_TEXT and _CUT_SHORT.search(text.text) is not None
