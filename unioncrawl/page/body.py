"""Find the part of a page that is the article's text.

Each line is worth something: running text is worth its length, link lists and
boilerplate cost. The body is the element whose lines sum up best; sums are
differences of prefix sums, so the whole search is one pass over the elements.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import fold_labels, is_longer, narrow_digits
from unioncrawl.language.names import names_source
from unioncrawl.page.dated_lines import DATED, LONGEST_TIME, is_dated
from unioncrawl.page.document import Document, Line
from unioncrawl.page.labels import Label, Labelled, split_labels
from unioncrawl.page.regions import Region

_SENTENCE = re.compile(r"[，。；！？、：“”,;!?]")
BOILERPLATE = re.compile(
    r"版权所有|copyright|©|ICP备|ICP证|公网安备|网安备|网站标识码|邮政编码|邮编\s*:|备案号|"
    r"免责声明|友情链接|网站地图|联系我们|关于我们|设为首页|加入收藏|关注公众号|官方微信|分享到|"
    r"打印本页|关闭窗口|违法和不良信息|建议使用|跟帖评论自律|发表评论|网友评论|"
    r"您是第|总访问|今日访问|在线人数|(?:本站|网站|累计|历史)\S{0,3}(?:访问|浏览|点击)|(?:浏览|访问|点击)总[量数]|"
    r"扫码(?:关注|下载|查看|阅读)|(?:扫描|长按|识别).{0,8}二维码|关注.{0,15}(?:公众号|视频号|微信)|下载.{0,12}(?:APP|客户端)|"
    r"点击(?:进入专题|查看更多|下载)|返回.{1,6}[，,]\s?(?:查看|阅读)更多|点击.{0,6}蓝字|暂无评论|按alt\+4进行评论|(?:点赞|收藏|分享|评论)\s*\d+\s*(?:点赞|收藏|分享|评论)|"
    r"未经.{0,12}(?:授权|许可)|转载请注明|本网站所有",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"[\s【（(*※]*(?:(?:特别|免责|版权|本网|本站|郑重|温馨)?声明|版权说明|免责条款)\s*[】)）]?\s*[:：]|.{0,20}如有侵权|.{0,4}本文仅代表作者|"
    r".{0,16}未经.{0,12}(?:授权|许可|允许)|[\s【（(*※]*(?:本网)?凡.{0,6}(?:注明|标注|转载)|.{0,12}来源(?:于|自)?(?:互联网|网络)|.{0,40}转载目的在于"
)
# Words of a site's menus and foot that news uses too: they count outside sentences only.
_MENU_WORDS = re.compile(r"主办单位|承办单位|技术支持|扫一扫|扫描二维码|许可证|举报电话|分辨率|登录|注册")
_PROSE = re.compile(r"(?:\A|\n)[^，；？！\n]*+[，；？！].*[。！？]”?$")
# Words of site footers that a sentence of an article does not use.
_ALWAYS = frozenset("版权所有 ICP备 公网安备 网安备 网站标识码 转载请注明 本网站所有 发表评论".split())
NEIGHBOURS = re.compile(
    r"^[\s【\[«‹<]*(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇|上一页|下一页|上一版|下一版|上一则|下一则)(?!文章[谈说提中])"
)
RELATED = re.compile(
    r"^[\s【\[◆■●]*(?:相关(?:新闻|链接|阅读|文章|报道|推荐|信息|内容|稿件|附件下载)|热门(?:新闻|文章|推荐|点击)|推荐阅读|延伸阅读|更多新闻|"
    r"精彩推荐|猜你喜欢|最新文章|最新新闻|热点新闻|热点排行|点击排行|图片新闻|相关推荐|网友评论|我要评论|发表评论|大家都在看|"
    r"评论[（(]?\d*[)）]?|我要跟帖|(?:全部|最新|最热|热门|精彩|网友)评论|\d+条评论|阅读推荐|今日推荐|新闻排行|阅读排行|排行榜|编辑推荐|最新评论|最新资讯|推荐新闻|往期回顾)[\s】\]:：>》]{0,4}(?:更多|MORE)?"
    r"[\s>》]*$",
    re.IGNORECASE,
)
_SPEECH = re.compile(r"[，。？！；?!]")  # 记者： opens the questions of an interview too
_META_CUE = re.compile(r"[】\]:：∶︰﹕|丨｜/／次\d]|[辑编校核]\s")
_TAIL_CUE = re.compile(r"[上下前后後相热熱推延更精猜最图圖网網我发發大阅閱今新排编編评評全往热热點点]|\d条")
_ARTICLE_META = (Label.PUBLISHED, Label.UPDATED, Label.HITS, Label.SOURCE, Label.AUTHOR, Label.EDITOR)
# 审核, 转自 and their like open sentences too: they announce something when a short value follows.
_LONGEST_FOOT, _LONGEST_NOTE = 120, 18
_IN_BRACKETS = re.compile(r"[（(].{2,80}[）)]")
_CLOSING_CREDIT = re.compile(r"[\s（(【\[■]*(?:责任编[辑校]|责编|编辑)\s*[:：/|丨｜].{2,20}")
_LONGEST_NAME = 20
_SHORT_META = frozenset(
    map(Label, "reprinted-from issuer reviewer proofreader staff correspondent photographer".split())
)
# 图：活动现场 says what a picture shows.
OF_PICTURES = frozenset(("图", "图片", "摄", "摄像"))
_TEXT_FOLLOWS = re.compile(
    r"(?:\A|\n)[^)）】\]\n]*+[)）】\]].{15,}[，。]"
)  # 网讯(图/李方 文/王小丫)5月29日，…


class Range(NamedTuple):
    """Lines ``start`` to ``stop`` (exclusive), what they are worth, and the element that holds them."""

    start: int
    stop: int
    worth: float
    element: Any = None


def line_worth(line: Line) -> float:
    """What a line adds to the element that holds it."""
    length = len(line.text)
    if line.link_length > length * 0.5:
        return -6.0 - 0.5 * min(line.link_length, 60) - 2.0 * line.link_count
    text_length = length - line.link_length
    marks = len(_SENTENCE.findall(line.text))
    if (text_length < 80 and is_boilerplate(line.text)) or DISCLAIMER.match(line.text):
        return -30.0
    if not is_longer(line.text, 119) and (is_meta(line.text) or is_dated(line.text)):
        return -5.0
    worth = text_length + 6.0 * marks if marks else 0.3 * text_length
    if line.region is Region.NOISE:
        return 0.15 * worth - 8.0
    if line.region is Region.BODY:
        return 1.3 * worth + 2.0
    return worth


def is_running(line: Line) -> bool:
    """Whether a line is running text: a sentence of some length, not a link."""
    text = line.text
    return len(text) > 40 and "。" in text and not is_meta(text) and not DISCLAIMER.match(text)


def line_worths(document: Document) -> list[float]:
    """The worth of each line of a page; computed once per page."""
    if len(document.worths) != len(document.lines):
        document.worths = [line_worth(line) for line in document.lines]
    return document.worths


@lru_cache(maxsize=4096)
def is_boilerplate(text: str) -> bool:
    """Whether a short line belongs to the site, not to the article.

    >>> is_boilerplate("版权所有：某市总工会")
    True
    >>> is_boilerplate("市总工会举办职工运动会")
    False
    >>> is_boilerplate("登录 | 注册"), is_boilerplate("会员扫一扫就能注册，不用填表。")
    (True, False)
    """
    folded = fold_labels(text).text
    if is_tail_mark(text):
        return True
    if _MENU_WORDS.search(folded) and not _PROSE.search(text.strip()):
        return True
    found = BOILERPLATE.search(folded)
    return found is not None and (found[0] in _ALWAYS or len(text) < _LONGEST_NOTE or "。" not in text)


def is_foot(text: str) -> bool:
    """Whether a line stands in the foot of every page of a site.

    >>> is_foot("版权所有：某市总工会"), is_foot("上一篇：市总工会召开会议")
    (True, False)
    """
    return len(text) < _LONGEST_FOOT and any(word in text for word in _ALWAYS)


@lru_cache(maxsize=4096)
def is_meta(text: str) -> bool:
    """Whether a short line is a metadata line: labels of date, hits, source or people.

    >>> is_meta("发布时间:2023-06-28 来源: 阅读次数:335")
    True
    >>> is_meta("来源于群众,服务于群众。")
    False
    """
    if is_longer(text, 160) or not _META_CUE.search(text):
        return False
    labelled = [part for part in split_labels(text) if _announces(part)]
    if not labelled or _TEXT_FOLLOWS.search(labelled[-1].value):
        return False
    if labelled[0].start < 12 or len(labelled) > 1:
        return True
    return not is_longer(text, 100) and DATED.search(narrow_digits(text)) is not None


def _announces(part: Labelled) -> bool:
    if part.label in _SHORT_META:
        is_short = len(part.value) <= _LONGEST_NAME and not _SPEECH.search(part.value)
        return is_short and part.name not in OF_PICTURES
    return part.label in _ARTICLE_META and not (
        part.label is Label.AUTHOR and _SPEECH.search(part.value) is not None
    )


def find_body(document: Document, after: int) -> Range:
    """The body's range of lines: the element with the best sum among the lines from ``after`` on.

    ``after`` is the first line after the headline and its metadata line; the lines
    before it never add. An empty range means that nothing on the page looks like
    a text.
    """
    worths = list(line_worths(document))
    for index in range(min(after, len(worths))):
        worths[index] = min(worths[index], -12.0)
    _cut_tail(document, worths, after)
    sums = [0.0, *accumulate(worths)]
    best = Range(0, 0, 0.0)
    for span in document.spans:
        worth = sums[span.stop] - sums[span.start]
        if worth > best.worth or (worth == best.worth and span.stop - span.start < best.stop - best.start):
            best = Range(span.start, span.stop, worth, span.element)
    if best.stop - best.start <= 2 and best.element is not None:
        best = _with_siblings(document, best, worths, after)
    return _with_signed_date(document, _trimmed(_widened(document, best, sums, after), worths))


def _with_signed_date(document: Document, body: Range) -> Range:
    """Keep the date under the name of the union that signs a notice."""
    signed = document.lines[body.stop - 1 : body.stop + 1]
    if body.stop - body.start < 2 or len(signed) < 2:
        return body
    name, day = (line.text for line in signed)
    if len(name) <= _LONGEST_NAME and names_source(name) and len(day) <= LONGEST_TIME and is_dated(day):
        return body._replace(stop=body.stop + 1)
    return body


def _with_siblings(document: Document, best: Range, worths: list[float], after: int) -> Range:
    """Grow a single paragraph over its neighbours: plain pages set their text straight into the page."""
    holders = {span.element: span for span in document.spans}
    parent = next((element for element in best.element.iterancestors() if element in holders), None)
    if parent is None:
        return best
    around = holders[parent]
    start = best.start - _reach(worths[max(around.start, after) : best.start][::-1])
    stop = best.stop + _reach(worths[best.stop : around.stop])
    grown = stop - start > best.stop - best.start
    worth = sum(worths[start:stop])
    return Range(start, stop, worth, parent if grown else best.element)


def _reach(worths: list[float]) -> int:
    """How many of these lines continue the text; lines with a small cost are bridged."""
    reached, run = 0, 0.0
    for place, worth in enumerate(worths, start=1):
        run += worth
        if run > 0.0:
            reached, run = place, 0.0
        elif run < -20.0:
            break
    return reached


def _widened(document: Document, best: Range, sums: list[float], after: int) -> Range:
    """The largest element around the body that adds no text: a caption's picture stands beside it."""
    widest = best
    for span in document.spans:
        holds = after <= span.start <= best.start and best.stop <= span.stop <= best.stop + 2
        if holds and sums[span.stop] - sums[span.start] >= best.worth - 1.0:
            widest = widest._replace(element=span.element)
    return widest


def _cut_tail(document: Document, worths: list[float], after: int) -> None:
    """Let no line after 上一篇, 相关新闻 or 责任编辑 add, once most of the running text was seen."""
    lines = document.lines
    whole = sum(max(worth, 0.0) for worth in worths[after:])
    seen = 0.0
    for index in range(after, len(worths)):
        text = lines[index].text
        closes = seen > 0.8 * whole and _CLOSING_CREDIT.fullmatch(text)
        if seen > 60 and (closes or (seen > 0.4 * whole and is_tail_mark(text))):
            first = index + 1 if closes else index
            while closes and first < len(lines) and _IN_BRACKETS.fullmatch(lines[first].text):
                first += 1
            for later in range(first, len(worths)):
                worths[later] = min(worths[later], -12.0)
            return
        seen += max(worths[index], 0.0)


@lru_cache(maxsize=4096)
def is_tail_mark(text: str) -> bool:
    """Whether a line opens the part of a page after the article: 上一篇, 相关新闻.

    >>> is_tail_mark("上一篇：市总工会召开会议"), is_tail_mark("上一篇文章谈到工会。")
    (True, False)
    """
    if len(text) > 120 or not _TAIL_CUE.search(text[:12]):
        return False
    folded = fold_labels(text).text
    return bool(NEIGHBOURS.match(folded) or RELATED.match(folded))


def _trimmed(best: Range, worths: list[float]) -> Range:
    """Drop the lines at both ends that cost."""
    start, stop = best.start, best.stop
    while start < stop and worths[start] < 0:
        start += 1
    while stop > start and worths[stop - 1] < 0:
        stop -= 1
    return best._replace(start=start, stop=stop)
