"""What pages without an article say: not there, not allowed, stopped by a wall, broken, under repair."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from unioncrawl import outcomes
from unioncrawl.outcomes import PageKind, Reason, outcome_of


class Verdict(NamedTuple):
    """Why a page is not an article: the reason of its rejection, and what was counted."""

    reason: Reason
    detail: str = ""

    @property
    def kind(self) -> PageKind | None:
        """What the page is instead."""
        return outcome_of(self.reason).kind


_WALLS = re.compile(
    r"网站防火墙|您的请求(?:可能)?存在威胁|您的访问(?:行为)?(?:被|已被)|"
    r"可能对网站造成安全威胁|访问被(?:拒绝|阻断|拦截)|请求被拦截|"
    r"访问(?:过于|太)频繁|安全验证|请(?:输入|完成).{0,8}验证码?|人机验证|滑动验证|创宇盾|"
    r"云防护|安全狗|云锁|WAF|访问受限|"
    r"您的IP.{0,12}(?:限制|禁止|封)|Access Denied|403 Forbidden|Request Blocked|"
    r"(?:请|需要)(?:您)?(?:先)?(?:开启|启用|打开|允许)\s*(?:JavaScript|JS|Cookie)|检查您的浏览器|环境异常|"
    r"完成验证后|非法请求|网站卫士|疑似黑客攻击|未(?:进行)?备案|网站暂时无法访问|已被.{0,12}拦截|设置拦截",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"此信息不存在|信息不存在|(?:页面?|网页|文章|内容|新闻|稿件|资源|文件|栏目|记录|主题|帖子|数据)(?:不存在|"
    r"未找到|没有找到|找不到|已被?删除|已经?删除|已下线|已过期|走丢)|"
    r"(?:找不到|没有找到|未找到|无法找到)(?:您|你)?(?:要|所|想)?(?:访问|查看|请求|查找|"
    r"浏览)?的?(?:页面|网页|文章|内容|信息|资源|该页|此页)|"
    r"404\s*(?:Not Found|错误|页面|-)|(?:访问|请求|查看)的(?:页面|网页|内容|文章|信息|"
    r"地址)(?:不存在|已|找不到|被|有误|出错|无法打开)|"
    r"该(?:信息|文章|内容|页面|新闻|稿件)(?:已|不存在|尚未|未)|page not found|您查看的信息|"
    r"参数错误|非法参数|(?:已|被)(?:管理员)?(?:删除|移动|撤销)或",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"暂无(?:内容|数据|信息|记录|文章|相关)|没有(?:找到|检索到|搜索到|查询到)?.{0,3}(?:与|符合|任何|相关)|"
    r"(?:共|约)?(?:找到|检索到|搜索到|有)\s*0\s*[条篇个项]"
)
_FORBIDDEN = re.compile(
    r"无权(?:访问|查看|浏览)|没有权限|权限不足|请先?登录(?:后|再)?|需要登录|仅限(?:内网|(?:会员|登录用户|注册用户).{0,8}(?:查看|浏览|访问|阅读))|内部(?:网|网络)访问"
)
# What ASP, ASP.NET, PHP, Java and the servers before them say of their own failure, with status 200 too.
_BROKEN = re.compile(
    r"应用程序中的服务器错误|Server Error in '|异常详细信息|服务器内部错误|Internal Server Error|"
    r"Microsoft (?:OLE DB|VBScript|JET)|ODBC .{0,12}Driver|Whitelabel Error Page|HTTP Status 5\d\d|"
    r"HTTP 错误 5\d\d|SQLSTATE\[|Fatal error:|数据库(?:连接|服务器)?(?:失败|错误|出错)|建立数据库连接时出错|"
    r"Error establishing a database|502 Bad Gateway|504 Gateway|系统发生错误|系统(?:繁忙|异常|出错)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"(?:网站|站点|栏目|页面)(?:正在|正)?(?:进行)?(?:升级|改版|调整)?(?:维护|建设|升级|改版)中(?=$|[\s，。,.!！…、])|"
    r"(?:系统|平台)(?:正在|正)?(?:进行)?(?:升级)?维护中|"
    r"正在(?:进行)?(?:系统|网站)(?:升级|维护|改版|建设)|"
    r"(?:本站|本网站|网站|系统)(?:正在|正|因|将)[^，。！]{0,12}(?:升级|维护|改版|改造|建设)[^，。！]{0,4}[，,][^。！]{0,12}(?:暂停|暂时|无法|稍后|敬请|请您?谅解)|"
    r"(?:网站|站点)(?:已|暂时|临时)(?:经)?关闭"
)
_LONGEST_WALL = 600
# What a page without an article calls itself.
_ERROR_NAME = re.compile(
    r"(?:错误(?:提示|信息|页面?|代码)?|出错[了啦]?|出现错误|(?:系统|错误|操作)提示|提示(?:信息|页面?)|信息提示|"
    r"(?:HTTP\s*|错误\s*)?(?:40[0-9]|410|50[0-9])\W{0,9}"
    r"(?:not found|forbidden|错误|页面?|提示|error|找不到页面|页面(?:不存在|未找到|丢失))?|"
    r"(?:page |file )?not found|error(?: page)?|出错页面?|"
    r"(?:(?:抱歉|对不起)\W{0,9})?(?:[您你](?:所)?(?:访问|查看|请求|浏览)的)?(?:页面|网页|文章|信息|内容)"
    r"(?:不存在|找不到|没有找到|未找到|无法(?:找到|访问)|已(?:被)?删除|丢失|走丢)[了啦]?)",
    re.IGNORECASE,
)
_SIGNS_AROUND = re.compile(r"^\W+|(?<!\W)\W+$")
_SERVER_NAME = re.compile(r"50\d")
# Words that a reader without an account meets, and not the box of an article's comments.
_NOT_FOR_ALL = re.compile(
    r"无权|权限|仅限|登录(?:后|再|之后)?(?:才能|才可|方可|再|可以?|后)?(?:进行)?(?:查看|浏览|访问|阅读)|"
    r"(?:查看|浏览|访问|阅读).{0,8}请先?登录"
)
# A notice of a page about itself is short, and stands before its foot.
_LONGEST_NOTICE, _LONGEST_NAME, _NOTICE_LINES = 40, 20, 8


def refusal(text: str) -> Verdict | None:
    """The verdict on what a page without an article says, or None when it is not a refusal.

    >>> refusal("您访问的页面不存在或已删除！").reason
    'soft-404'
    >>> refusal("正在检查您的浏览器，请稍候").reason
    'waf-page'
    >>> refusal("市总工会召开会议。") is None
    True
    """
    if _FORBIDDEN.search(text):
        return Verdict(outcomes.NO_PERMISSION)
    if _MISSING.search(text):
        return Verdict(outcomes.SOFT_404)
    if len(text) < _LONGEST_WALL and _WALLS.search(text):
        return Verdict(outcomes.WAF_PAGE)
    if _BROKEN.search(text):
        return Verdict(outcomes.SERVER_ERROR)
    if len(text) < _LONGEST_WALL and _AWAY.search(text):
        return Verdict(outcomes.MAINTENANCE)
    if _EMPTY.search(text):
        return Verdict(outcomes.EMPTY_LIST)
    return None


def error_of_name(title: str, text: str) -> Verdict | None:
    """The verdict on a page by what it calls itself; ``text`` says more. None for any other name.

    >>> error_of_name("出错了！", "关于我们").reason, error_of_name("提示信息", "您没有权限查看").reason
    ('soft-404', 'no-permission')
    >>> error_of_name("工会工作中常见的错误", "") is None
    True
    """
    if not _ERROR_NAME.fullmatch(_SIGNS_AROUND.sub("", title)):
        return None
    said = refusal(text)
    if said is not None:
        return said
    return Verdict(outcomes.SERVER_ERROR if _SERVER_NAME.search(title) else outcomes.SOFT_404)


def refusal_before_foot(headline: str, lines: Sequence[str], *, is_anchored: bool) -> Verdict | None:
    """The verdict on a page whose long foot hides what its headline or one of its first lines says.

    Below a headline that is one for sure a line is news; a box that asks to log in says nothing of the
    page. None where no short line speaks of the page itself.

    >>> refusal_before_foot("", ["站点维护中，敬请期待！", "地址：民主路18号"], is_anchored=False).reason
    'maintenance'
    >>> refusal_before_foot("", ["请登录后发表评论"], is_anchored=False) is None
    True
    """
    said = refusal(headline) if len(headline) <= _LONGEST_NAME else None
    if said is not None or is_anchored:
        return None if said is not None and said.reason == outcomes.EMPTY_LIST else said
    for line in lines[:_NOTICE_LINES]:
        said = refusal(line) if len(line) <= _LONGEST_NOTICE else None
        if said is None or said.reason == outcomes.WAF_PAGE:
            continue
        if said.reason != outcomes.NO_PERMISSION or _NOT_FOR_ALL.search(line):
            return said
    return None
