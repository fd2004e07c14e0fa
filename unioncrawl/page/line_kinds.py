"""What a short line is by its own words: metadata, a tail mark, a line of the site, running text."""

from __future__ import annotations

import re
from functools import lru_cache

from unioncrawl.language.label_folding import fold_labels, is_longer, narrow_digits
from unioncrawl.language.names import names_persons
from unioncrawl.page.dated_lines import DATED
from unioncrawl.page.document import Line
from unioncrawl.page.labels import Label, Labelled, is_sentence, split_labels

# All that it may begin with stands first: so a line of 40 characters takes 1.4 µs instead of 5.
BOILERPLATE = re.compile(
    r"(?=[版c©i公网备免友联关设加官分打违建跟发您总今在本累历浏访点扫长识下返暂按收评未转])(?:版权所有|copyright|©|ICP备|ICP证|公网安备|网安备|网站标识码|备案号|"
    r"免责声明|友情链接|网站地图|联系我们|关于我们|设为首页|加入收藏|关注公众号|官方微信|分享到|"
    r"打印本页|关闭窗口|违法和不良信息|建议使用|跟帖评论自律|发表评论|网友评论|"
    r"您是第|总访问|今日访问|在线人数|(?:本站|网站|累计|历史)\S{0,3}(?:访问|浏览|点击)|(?:浏览|访问|点击)总[量数]|"
    r"扫码(?:关注|下载|查看|阅读)|(?:扫描|长按|识别).{0,8}二维码|关注.{0,15}(?:公众号|视频号|微信)|下载.{0,12}(?:APP|客户端)|"
    r"点击(?:进入专题|查看更多|下载)|返回.{1,6}[，,]\s?(?:查看|阅读)更多|点击.{0,6}蓝字|暂无评论|按alt\+4进行评论|(?:点赞|收藏|分享|评论)\s*\d+\s*(?:点赞|收藏|分享|评论)|"
    r"未经.{0,12}(?:授权|许可)|转载请注明|本网站所有)",
    re.IGNORECASE,
)
DISCLAIMER = re.compile(
    r"[\s【（(*※]*(?:(?:特别|免责|版权|本网|本站|郑重|温馨)?声明|版权说明|免责条款)\s*[】)）]?\s*[:：]|.{0,20}如有侵权|.{0,4}本文仅代表作者|"
    r".{0,16}未经.{0,12}(?:授权|许可|允许)|[\s【（(*※]*(?:本网)?凡.{0,6}(?:注明|标注|转载)|.{0,12}来源(?:于|自)?(?:互联网|网络)|.{0,40}转载目的在于"
)
# Words of a site's menus and foot that news uses too: they count outside sentences only.
_MENU_WORDS = re.compile(
    r"主办单位|承办单位|技术支持|扫一扫|扫描二维码|许可证|举报电话|分辨率|登录|注册|邮政编码|邮编\s*:"
)
PROSE = re.compile(r"(?:\A|\n)[^，；？！\n]*+[，；？！].*[。！？]”?$")
# Words of site footers that a sentence of an article does not use.
_ALWAYS = frozenset("版权所有 ICP备 公网安备 网安备 网站标识码 转载请注明 本网站所有 发表评论".split())
NEIGHBOURS = re.compile(
    r"^[\s【\[«‹<]*(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇|上一页|下一页|上一版|下一版|上一则|下一则)(?!文章[谈说提中])"
)
# 上一篇报道刊出后，不少读者来信。 goes on after the word; the name of another article has a sign there.
_GOES_ON = re.compile(rf"{NEIGHBOURS.pattern}(?!没有|暂无|已)[㐀-鿿].*[，；].*[。！？]$")
RELATED = re.compile(
    r"^[\s【\[◆■●]*(?:相关(?:新闻|链接|阅读|文章|报道|推荐|信息|内容|稿件|附件下载)|热门(?:新闻|文章|推荐|点击)|推荐阅读|延伸阅读|更多新闻|"
    r"精彩推荐|猜[您你]喜欢的?|最新文章|最新新闻|热点新闻|热点排行|点击排行|图片新闻|相关推荐|网友评论|我要评论|发表评论|大家都在看|"
    r"评论[（(]?\d*[)）]?|我要跟帖|(?:全部|最新|最热|热门|精彩|网友)评论|\d+条评论|阅读推荐|今日推荐|新闻排行|阅读排行|排行榜|编辑推荐|最新评论|最新资讯|推荐新闻|往期回顾)[\s】\]:：>》]{0,4}(?:更多|MORE)?"
    r"[\s>》]*$",
    re.IGNORECASE,
)
SPEECH = re.compile(r"[，。？！；?!]")  # 记者： opens the questions of an interview too
_ROLE_BETWEEN = re.compile(r"(?<=[，,])\s?通[讯訊][员員]\s?")
_SENTENCE_MARK = re.compile(r"[。？！；]")
_META_CUE = re.compile(r"[】\]:：∶︰﹕|丨｜/／次\d]|[辑编校核]\s")
_TAIL_CUE = re.compile(r"[上下前后後相热熱推延更精猜最图圖网網我发發大阅閱今新排编編评評全往热热點点]|\d条")
_ARTICLE_META = (Label.PUBLISHED, Label.UPDATED, Label.HITS, Label.SOURCE, Label.AUTHOR, Label.EDITOR)
# 审核, 转自 and their like open sentences too: they announce something when a short value follows.
_LONGEST_FOOT, _LONGEST_NOTE = 120, 18
_LONGEST_NAME = 20
# Running text is longer.
LONGEST_SHORT = 40
_LONGEST_EVENT = 60
_SHORT_META = frozenset(
    map(Label, "reprinted-from issuer reviewer proofreader staff correspondent photographer".split())
)
# 图：活动现场 says what a picture shows.
OF_PICTURES = frozenset(("图", "图片", "摄", "摄像"))
_TEXT_FOLLOWS = re.compile(
    r"(?:\A|\n)[^)）】\]\n]*+[)）】\]].{15,}[，。]"
)  # 网讯(图/李方 文/王小丫)5月29日，…
_CREDITS = frozenset(Label) - {Label.COLUMN, Label.ORIGINAL_TITLE, Label.BREADCRUMB}
_LONGEST_TOOLS = 80
# A line of only a page's tools, with any signs between them.
_TOOL_WORDS = tuple(
    """打印本页 打印此页 打印 关闭窗口 关闭本页 关闭此页 关闭 返回顶部 回到顶部 返回首页 返回列表 返回上页
    返回上一页 返回 加入收藏 收藏本文 收藏 分享到 分享 点赞 转发 举报 我要纠错 纠错 我要评论 复制链接 字号
    字体大小 字体 放大 缩小 默认 新浪微博 腾讯微博 微信好友 微信 微博 朋友圈 QQ空间 QQ好友 下载 附件下载
    语音播报 朗读 扫一扫 推荐 本文字数 正文 图集 责任编辑 TOP THE END 阅读下一篇 保存 分隔线 分割线
    查看评论 评论 顶一下 踩一下 有帮助 没帮助 上一页 下一页 尾页 末页
    大 中 小 无 次 字 共 第 页 A 顶 踩 赞""".split()
)
_TOOL_STARTS = "".join(sorted({word[0] for word in _TOOL_WORDS} | set("本窗")))
_TOOLS = re.compile(rf"(?:[\W\d_]|(?=[{_TOOL_STARTS}])(?:{'|'.join(_TOOL_WORDS)}|本页|窗口))+", re.IGNORECASE)
_IS_TOOL = re.compile(
    rf"{'|'.join(word for word in _TOOL_WORDS if len(word) > 1)}|^\W*(?:\+\d+|0|[顶踩赞])\W*$", re.IGNORECASE
)
_KEYWORDS = re.compile(r"\W*(?:关键词|关键字|(?:相关)?热词(?:搜索)?|标签|tags?)\s*[:：]", re.IGNORECASE)
# 时间 after running text is the time of an event, not of the publishing.
EVENT_TIME = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:时\s*间|日\s*期)\s*[:：][^:：]*(?:[:：]\d\d[^:：]*)*$"
)
# 活动时间, 报名日期 and any other such name that is no label of a page.
_NAMED_TIME = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+[㐀-鿿]{1,6}(?:时间|日期)\s*[:：][^:：]*(?:[:：]\d\d[^:：]*)*$"
)
EVENT_PLACE = re.compile(
    r"\W*+(?:[一二三四五六七八九十\d]++[、.．])?\s*+(?:活动|会议)?(?:地\s*点|地址|主题|主讲人?|对象|议程)\s*[:：]"
)
DATE_ONLY = re.compile(
    r"^\W*(?:(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?\s*(?:\d{1,2}:\d\d(?::\d\d)?)?"
    r"|\d{1,2}:\d\d(?::\d\d)?)\W*$"
)


@lru_cache(maxsize=1024)
def names_event_time(text: str) -> bool:
    """Whether a line is the time of something that it names, and no label of a page.

    >>> names_event_time("一、活动时间：2024年12月1日9:00"), names_event_time("发布时间：2024年12月1日")
    (True, False)
    """
    return len(text) <= _LONGEST_EVENT and _NAMED_TIME.match(text) is not None and not split_labels(text)


def is_running(line: Line) -> bool:
    """Whether a line is running text: a sentence of some length, not a link."""
    text = line.text
    return len(text) > LONGEST_SHORT and "。" in text and not is_meta(text) and not is_disclaimer(text)


@lru_cache(maxsize=1024)
def is_disclaimer(text: str) -> bool:
    """Whether a line opens with what a site says of its rights and duties.

    >>> is_disclaimer("免责声明：本文仅供参考"), is_disclaimer("市总工会声明了立场。")
    (True, False)
    """
    return DISCLAIMER.match(text) is not None


@lru_cache(maxsize=1024)
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
    if _MENU_WORDS.search(folded) and not PROSE.search(text.strip()):
        return True
    found = BOILERPLATE.search(folded)
    return found is not None and (found[0] in _ALWAYS or len(text) < _LONGEST_NOTE or "。" not in text)


def is_foot(text: str) -> bool:
    """Whether a line stands in the foot of every page of a site.

    >>> is_foot("版权所有：某市总工会"), is_foot("上一篇：市总工会召开会议")
    (True, False)
    """
    return len(text) < _LONGEST_FOOT and any(word in text for word in _ALWAYS)


@lru_cache(maxsize=1024)
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
        is_short = len(part.value) <= _LONGEST_NAME and not SPEECH.search(part.value)
        return is_short and part.name not in OF_PICTURES
    if part.label not in _ARTICLE_META:
        return False
    if part.label in (Label.SOURCE, Label.EDITOR) and is_sentence(part.value):
        return False
    return SPEECH.search(part.value) is None or not _reads_on(part)


def _reads_on(part: Labelled) -> bool:
    """Whether a sentence follows a label, as in 时间：5月13日上午，市总工会召开了会议…, and no value."""
    if part.label is Label.AUTHOR:
        return not names_persons(_ROLE_BETWEEN.sub("", part.value))
    marks = SPEECH if part.label in (Label.PUBLISHED, Label.UPDATED) else _SENTENCE_MARK
    return len(part.value) > _LONGEST_NAME and marks.search(part.value) is not None


@lru_cache(maxsize=1024)
def is_tail_mark(text: str) -> bool:
    """Whether a line opens the part of a page after the article: 上一篇, 相关新闻.

    >>> is_tail_mark("上一篇：市总工会召开会议"), is_tail_mark("上一篇文章谈到工会。")
    (True, False)
    >>> is_tail_mark("上一篇报道刊出后，不少职工来电询问办法。")
    False
    """
    if len(text) > 120 or not _TAIL_CUE.search(text[:12]):
        return False
    folded = fold_labels(text).text
    if _GOES_ON.match(folded):
        return False
    return bool(NEIGHBOURS.match(folded) or RELATED.match(folded))


def is_tool(text: str) -> bool:
    """Whether a line holds only tools or keywords."""
    if len(text) > _LONGEST_TOOLS:
        return False
    is_tools = _TOOLS.fullmatch(text) is not None and _IS_TOOL.search(text) is not None
    return is_tools or _KEYWORDS.match(text) is not None


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
    value_length = sum((len(part.value) for part in parts), 0)
    longest = max(len(part.value) for part in parts)
    return (
        all(part.label in _CREDITS for part in parts)
        and (len(before) <= 12 or bool(DATE_ONLY.match(before)))
        and longest <= 45
        and value_length <= 100
        and not re.search(r"[。；？！?!]", text)
        and not any(part.label is Label.AUTHOR and re.search("[，,]", part.value) for part in parts)
    )
