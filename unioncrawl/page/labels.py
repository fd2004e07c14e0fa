"""The labels of a union page (发布日期, 点击量, 来源 …) and how a line is split at them.

A metadata line puts labels one after another with two spaces, ``|``, a line break or nothing at all
between them (``10:33信息来源:``), so a line is split at known labels, never at white space.

Mirrors print labels in traditional characters with readings (``〖發(fā)布日期:``). `fold_labels` drops
the readings and simplifies the labels' own characters; values are cut from the printed line.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.language.names import is_person_list, names_source


class Label(StrEnum):
    """What a label announces."""

    PUBLISHED = "published"
    UPDATED = "updated"
    DRAWN_UP = "drawn-up"
    HITS = "hits"
    SOURCE = "source"
    REPRINTED = "reprinted-from"
    ISSUER = "issuer"
    AUTHOR = "author"
    ACCOUNT = "account"
    CORRESPONDENT = "correspondent"
    PHOTOGRAPHER = "photographer"
    EDITOR = "editor"
    REVIEWER = "reviewer"
    PROOFREADER = "proofreader"
    STAFF = "staff"
    COLUMN = "column"
    ORIGINAL_TITLE = "original-title"
    BREADCRUMB = "breadcrumb"
    OTHER = "other"


class Labelled(NamedTuple):
    """One labelled value of a line: the label as printed, its value, where the label starts."""

    label: Label
    name: str
    value: str
    start: int


# Every label of field-notes section 2, and further labels of CMS templates.
LABELS: dict[Label, str] = {
    Label.PUBLISHED: """
        发布日期 发布时间 发表日期 发表时间 上传时间 上传日期 添加时间 添加日期 发稿时间 发稿日期 录入时间
        录入日期 公布时间 公布日期 公开日期 公开时间 刊发时间 刊发日期 入库时间 创建时间
        提交时间 新闻时间 信息时间 发帖时间 投稿时间 文章时间 日期时间 创建日期 提交日期 新闻日期 信息日期
        上网时间 上网日期 刊登时间 刊登日期 登载时间 登载日期 见报时间 见报日期 编发时间 入库日期 出版日期
        发布于 发表于 时间 日期 发布 发表""",
    Label.UPDATED: "更新时间 更新日期 更新于 最后更新 最后更新时间 修改时间 修改日期 编辑时间 最近更新",
    # When a document was made or signed, in the tables of 信息公开; its page appears later.
    Label.DRAWN_UP: """
        生成日期 生成时间 成文日期 成文时间 形成日期 形成时间 制发日期 印发日期 印发时间 签发日期 签发时间
        发文日期 发文时间 制作日期 制作时间""",
    Label.HITS: """
        点击量 点击数 点击率 点击次数 点击人次 点击数量 点击 浏览次数 浏览量 浏览数 浏览人次 浏览数量 浏览
        阅读次数 阅读量 阅读数 阅读人次 阅读人数 阅读数量 阅读 访问次数 访问量 访问数 访问数量 访问人次 访问
        查看次数 查看数 查看 人气指数 人气 围观 点阅次数 点阅人次 点阅数 点阅 热度 被访问 被浏览
        被阅读 已阅读 已浏览 已点击 被点击 本文阅读 文章点击数 点击阅读 浏览人数 点击人数 访问人数
        翻阅次数 翻阅量 翻阅
        总阅读量 总阅读数 总阅读 总浏览量 总浏览数 总浏览 总点击量 总点击数 总点击""",
    Label.SOURCE: """
        信息来源 文章来源 新闻来源 本文来源 稿件来源 消息来源 内容来源 来源单位 来源媒体 转载来源 来源于 来源
        来自 稿源 源自 文章出处 出处 供稿单位 投稿单位 报送单位 撰稿单位 发稿单位 来稿单位 供稿部门 报送部门
        投稿部门 来源部门 信息提供 稿件提供""",
    Label.REPRINTED: """
        本文转自 本文转载自 转载自 转自 摘自 原载 原载于 本文原载 转载于 原文来源 原始来源 原文出处""",
    Label.ISSUER: "发布机构 发布单位 发布部门 信息发布单位 发文机关 发文单位",
    Label.AUTHOR: """
        文章作者 本文作者 新闻作者 作者 撰稿人 撰稿 撰文 供稿人 供稿 投稿人 拟稿人 拟稿 执笔 采写 本报记者
        文/摄 文/摄影 文字/摄影 撰文/摄影 摄影/撰文
        文/图 图/文 见习记者 特约记者 实习记者 首席记者 本网记者 文字记者 文字 图文 记者 文""",
    Label.ACCOUNT: "发布人 发布者 录入员 录入者 录入人 录入 上传人 上传者 发布用户 信息员 操作员",
    Label.CORRESPONDENT: "本报通讯员 特约通讯员 通讯员",
    Label.PHOTOGRAPHER: "摄影报道 摄影记者 摄影 图片来源 图片提供 图片摄影 图片 供图 摄像 摄 图",
    Label.EDITOR: """
        责任编辑 责任编校 编辑校对 执行编辑 网络编辑 值班编辑 本期编辑 版面编辑 本文编辑 文字编辑 本版编辑
        见习编辑 实习编辑 编辑人 编辑 责编 编校""",
    # Who answers for what is printed: checks, lets pass, signs. 审校 checks first, as its first verb says.
    Label.REVIEWER: """
        初审编辑 复审编辑 终审编辑 审核人 审核员 审核 审稿人 审稿 审校 编审 核稿人 核稿
        初审 一审 二审 三审 四审 复审 复核 终审 审定 审读 值班主任 值班总监 值班总编 值班领导 值班编委 值班
        监制 监审 签发人 签发 审签 主编 总编 总监制""",
    # Who reads it against the manuscript. 校审 and 校核 proof-read first; 编校 (责任编校) is an editor.
    Label.PROOFREADER: """
        责任校对 文字校对 本期校对 值班校对 校对人 校对员 校对 校审 校核人 校核 校稿 校阅
        初校 一校 二校 三校 终校 复校""",
    # Who set, drew or planned it: a credit, but not one of the above.
    Label.STAFF: "制作 排版 美编 美术编辑 版式设计 制图 出品人 出品 策划 统筹",
    Label.COLUMN: "所属栏目 当前栏目 所属分类 所属类别 信息分类 文章分类 新闻分类 新闻类别 栏目 分类",
    Label.ORIGINAL_TITLE: "文章原标题 原文标题 原标题 原题",
    Label.BREADCRUMB: """
        您当前的位置 您现在的位置 您所在的位置 您所处的位置 您的当前位置 你的位置 您的位置 你现在的位置
        当前所在位置 当前位置 现在位置 所在位置 现在的位置""",
    Label.OTHER: """
        浏览字号 字体大小 字体 字号 分享到 分享 收藏 打印 评论数 评论 跟帖 语音播报 本文字数 字数 扫一扫
        附件下载 附件 视力保护色 保护视力色 关键词 关键字 标签 索引号 文号 发文字号 主题词 版次 版面 推荐
        今天是 责任单位 主办 承办 原文链接 链接 网址 邮箱 电话 联系人 专题 说明 简介 摘要 导读 上一篇 下一篇
        上一条 下一条 信息类别 主题分类 有效性 名称 体裁 公开方式 公开形式 服务对象""",
}

# Words that end longer words of plain text (开放时间, 资金来源): they count only at a boundary.
_BOUNDED = frozenset(
    """时间 日期 发布 发表 文 图 摄 记者 查看 阅读 浏览 点击 访问 人气 热度 围观 图片 文字 推荐 主编 总编
    统筹 策划 制作 出品 制图 审定 审读 复核 值班 字体 字号 分享 收藏 打印 评论 附件 标签 说明 简介 摘要
    链接 电话 网址 名称 专题 分类 栏目 主办 承办 出处 原载 供图 导读 字数 联系人 邮箱 信息员 录入""".split()
)
# A value may stand glued before these although they are short (东海县总工会字号:).
_GLUED = frozenset("录入 字体 字号 分享 打印 收藏 浏览 阅读 点击".split())
_GLUED_BEFORE = "会局委办部站网报社台院团室科队司校心镇乡市县区省次"
# 资金来源, 收入来源 and the like are prose.
_PROSE_BEFORE = "金入要费活济量员生财客电能料频材"

_EDGE = " \t\r\n\x1f:|丨,，;；·•●◆■□▪【】〖〗〔〕[]<>/\\—-_~*"
_COUNT_EDGE = _EDGE.translate(str.maketrans("", "", "—-"))  # -1 and -- are not counts


def _build() -> tuple[re.Pattern[str], dict[str, Label]]:
    meaning = {name: label for label, names in LABELS.items() for name in names.split()}
    ordered = sorted(meaning, key=lambda name: (-len(name), name))
    after = (
        r"(?P<sign>\s*:\s*|[\])】〗]\s*(?=[㐀-鿿A-Za-z《])|\s*\|\s*(?=[^\s\d])|(?<=[文图摄辑审影片编校核稿源对员者制发读])/(?!月|日)"
        r"|(?=\s+[㐀-鿿《])|(?=\s*[\[(]?(?:\d{4}\s?[-/年.]|\d{2}年\d|[一二][〇零○九]))|(?=\s*[(\[]?\s*[次\d])|(?=\s*[〗】\])|\x1f]|\s*$))"
    )
    names = "|".join(r"\s{0,6}".join(name) if len(name) <= 4 else name for name in ordered)
    return re.compile(rf"(?P<name>{names}){after}"), meaning


_FINDER, _MEANING = _build()
_DATED = (Label.PUBLISHED, Label.UPDATED)
# A member is named so because Python 3.11 is slow to look it up in its class (page/regions.py).
_HITS, _SOURCE = Label.HITS, Label.SOURCE


def _at_boundary(found: re.Match[str], name: str, text: str, last: int) -> bool:
    """Whether a label that is also the end of longer words stands for itself.

    ``last`` is where the label before it in the line ends, 0 if it is the first label:
    the value of that label may be glued to this one (来源:新华社日 期:2011.3.13, 来源:中工网记者:李娜).
    """
    start = found.start()
    before = text[start - 1 : start]
    if _MEANING[name] is _HITS and _SITE_WIDE.search(text[max(0, start - 4) : start + 2]):
        return False
    if name == "来源":
        return before not in _PROSE_BEFORE or not before
    if not "㐀" <= before <= "鿿" or name not in _BOUNDED:
        return True
    if len(name) == 1 and found["sign"] and "|" in found["sign"]:
        return False  # 作者：黄晓文 | 发布时间: the bar ends a name
    if found["sign"] and (last or found["name"] != name):
        glued = found["name"] != name or _MEANING[name] in (Label.AUTHOR, Label.HITS)
        is_whole = before in _GLUED_BEFORE or not re.search(r"\s", text[last:start].strip())
        return glued or (is_whole and _A_DATE.match(text, found.end()) is not None)
    return name in _GLUED and before in _GLUED_BEFORE


def _accept(found: re.Match[str], name: str, text: str, last: int) -> bool:
    label = _MEANING[name]
    if not _at_boundary(found, name, text, last):
        return False
    if found["sign"]:
        return _fits_sign(found["sign"], name, text[found.start() - 1 : found.start()])
    rest = text[found.end() :]
    if label is _SOURCE:  # 来自 各县区的选手 is prose
        return name != "来自" and _is_free(found, text) and rest[:1].isspace() and bool(rest.strip())
    if "/" in name:
        return rest[:1].isspace()
    if label in _DATED:
        return bool(re.match(r"\s*[\[(]?(?:\d|[一二][〇零○九])", rest))
    if label is _HITS:
        return bool(re.match(r"\s*(?:[(\[]?\s*\d|次|[〗】\])|\x1f]|$)", rest)) and not _DATE_AHEAD.match(rest)
    return name in _SPACED and _is_free(found, text) and _NAME_AHEAD.match(rest) is not None


def _fits_sign(sign: str, name: str, before: str) -> bool:
    """Whether a name may announce a value by this sign: a colon always, a slash or its bracket sometimes."""
    if sign[0] in "])】〗":
        return name in _BRACKETED and before in tuple("[(【〖")
    return sign != "/" or _MEANING[name] in _SLASHED


def _is_free(found: re.Match[str], text: str) -> bool:
    """Whether no Chinese character stands right before a label in a short line."""
    return len(text) < _LONGEST_LINE and not "㐀" <= text[found.start() - 1 : found.start()] <= "鿿"


_LONGEST_LINE = 120
# 总访问量, 今日浏览: counts of the site, not of the article.
_SITE_WIDE = re.compile(
    r"总访问|(?:今日|昨日|本日|当日|本月|昨天|今天|(?<!:)(?<!:\s)本站|网站|全站|累计|历史)\w?[访浏点阅查人]"
)
_A_DATE = re.compile(r"\s*[\[(]?(?:\d{4}|\d\d?\.\d\d?\.\d{4}|\d\d年|[一二][〇零○九])")
# 【记者】李方 closes stories; 【图片】 and 【时间】 open headlines and notices.
_BRACKETED = frozenset(
    """记者 本报记者 见习记者 实习记者 文字记者 作者 撰文 采写 撰稿 来源 稿件来源 信息来源 文章来源 通讯员
    摄影记者 编辑 责编 责任编辑 校对 审核 审校 初审 复审 终审 一审 二审 三审 值班主任 监制""".split()
)
# 编辑 刘晓阳 校对 李铭: these take a name without a colon.
_SPACED = frozenset("作者 编辑 责编 责任编辑 责任校对 校对 审核".split())
_NAME_AHEAD = re.compile(r"\s+(?!编辑|校对|审核|推荐|部门)[㐀-鿿]{2,4}(?=[\s|/、,)\]】]|$)")
_SLASHED = (
    Label.SOURCE, Label.AUTHOR, Label.CORRESPONDENT, Label.PHOTOGRAPHER, Label.EDITOR, Label.REVIEWER,
    Label.PROOFREADER, Label.STAFF,
)  # fmt: skip
_DATE_AHEAD = re.compile(r"\s*\d{2,4}\s?[-/年.]\s?\d")


# A line is split three times: to distinguish it from text, to take its values and to read its date.
@lru_cache(maxsize=1024)
def split_labels(text: str) -> tuple[Labelled, ...]:
    """Split a printed line into its labelled values; empty without a known label.

    A value runs to the next label. A label without a colon counts only where a
    date, a number or a name follows (``发布时间 2022-04-29``, ``阅读次``, ``责编 李方``).

    >>> [part.value for part in split_labels("时间:2026-02-11 10:33来源:太和县总工会浏览量:")]
    ['2026-02-11 10:33', '太和县总工会', '']
    >>> [part.value for part in split_labels("作者:黄晓文 | 发布时间:2026-02-11")]
    ['黄晓文', '2026-02-11']
    >>> split_labels("会议指出,要加强县级工会建设。")
    ()
    """
    folded = fold_labels(text)
    marks: list[tuple[re.Match[str], str]] = []
    for found in _FINDER.finditer(folded.text):
        name = "".join(found["name"].split())
        if _accept(found, name, folded.text, marks[-1][0].end() if marks else 0):
            marks.append((found, name))
    parts = []
    for index, (found, name) in enumerate(marks):
        stop = marks[index + 1][0].start() if index + 1 < len(marks) else len(folded.text)
        value = text[folded.place(found.end()) : folded.place(stop)]
        edge = _COUNT_EDGE if _MEANING[name] is _HITS else _EDGE
        parts.append(Labelled(_MEANING[name], name, value.strip(edge), folded.place(found.start())))
    return tuple(parts)


_VALUE_ENDS = re.compile(r"[\s)）】〗〕\]|｜]")
# A mirror's ? stands for lost bytes, within a value too.
_GOES_ON = re.compile(r"[？！]|[?!]$|[，；;][^，；;]{9,}")
_CLAUSE = re.compile(r"[，；;]")


def is_sentence(value: str) -> bool:
    """Whether what stands after a label is a sentence of the text: a question, clauses, a full stop.

    >>> is_sentence("您是什么时候加入工会的？"), is_sentence("会员缴纳的会费，企业拨缴的经费。")
    (True, True)
    >>> is_sentence("李方，王丁"), is_sentence("临溪市总工会。"), is_sentence("李方） 未经授权，请勿转载。")
    (False, False, False)
    """
    first = _VALUE_ENDS.split(value, maxsplit=1)[0]
    if first != value and (is_person_list(first) or names_source(first)):
        return False
    if _GOES_ON.search(value) or (value.endswith(("。", "；", ";")) and _CLAUSE.search(value[:-1])):
        return True
    bare = value.rstrip("。；")
    return bare != value and not (is_person_list(bare) or names_source(bare))


_ENDS_OPEN = re.compile(r"[:：∶︰﹕]\s*$")
_SAFE_NAMES = frozenset(
    name
    for label in (Label.PUBLISHED, Label.UPDATED, Label.HITS, Label.SOURCE, Label.ISSUER, Label.EDITOR)
    for name in LABELS[label].split()
    if len(name) >= 4
)


def is_label(text: str) -> bool:
    """Whether a cell holds only a label with its colon.

    >>> is_label("发布时间："), is_label("姓名："), is_label("发布时间：2024年4月8日")
    (True, False, False)
    """
    if not _ENDS_OPEN.search(text):
        return False
    parts = split_labels(text)
    return len(parts) == 1 and not parts[0].value and parts[0].start <= 1


_TERMS = frozenset("来源 作者 编辑 责编 浏览 阅读 点击 时间 日期 发布".split())


def names_label(text: str, *, is_term: bool = False) -> bool:
    """Whether a cell holds the name of a label that is recognised without a colon: 发布日期, 信息来源.

    The term of a definition list may be shorter: 来源.

    >>> names_label("发布日期"), names_label("时间"), names_label("时间", is_term=True)
    (True, False, True)
    """
    return text in _SAFE_NAMES or (is_term and text in _TERMS)
