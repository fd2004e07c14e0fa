"""How names were cleaned when schema 0003 gave people columns of their own.

A copy of the cleaners as they were on 28 November 2026, for migration 0003 alone: an archive
that comes forward next year must become what one became that came forward then. So nothing
here changes with ``fields/people/clean.py``, and nothing is imported from other rooms.
"""

from __future__ import annotations

import re

_LONGEST = 40
# The one line that is newer: a value beyond it names nobody, and would keep the patterns busy for hours.
_LONGEST_PRINTED = 1000
# CMS accounts that templates print where a source or a person belongs.
_ACCOUNTS = frozenset(
    """系统管理 系统管理员 管理员 超级管理员 admin administrator system 匿名 未知 佚名 无 暂无 本站编辑
    网站管理员 游客 原创 不详 网络 互联网""".split()
)
_EDGE = " \t\r\n\x1f　\xa0:：|｜,，;；·•、/／\\-—_~*.。"
_CUT = re.compile(
    r"[【〖〔\[|｜\r\n〗】〕\]]|\s{3,}|(?:19|20)\d\d\s?[-/年.]\s?\d{1,2}|打印|字号|字体|分享|收藏|"
    r"关闭|纠错|浏览|点击|阅读|我要评论|手机看|参与互动|"
    r"扫一扫|发布(?:时间|日期)|https?:|\d{1,2}:\d\d|\s[㐀-鿿]{2,6}[:：]"
)
_PEOPLE_CUT = re.compile(
    r"[【〖〔\[|｜〗】〕\]。，,；;]|(?:19|20)\d\d\s?[-/年.]|打印|字号|字体|分享|收藏|关闭|纠错|"
    r"浏览|点击|阅读|我要评论|扫一扫|\d{1,2}:\d\d|https?:|\s(?!记者|通讯员)[㐀-鿿]{2,6}[:：]"
)
_ROLES = re.compile(r"^[㐀-鿿A-Za-z·—－-]{0,12}?(?:记者|記者|通讯员|通訊員)(?!站|团|协会|节)[\s:：/／]*")
_INNER_ROLE = re.compile(r"[\s、]*(?:本报|本网|特约|见习|实习)?(?:记者|記者|通讯员|通訊員)[\s:：/／]*")
# 文/图, 摄影报道 after or before names say what they made, and are no name.
_MADE = re.compile(
    r"^\s*(?:文\s*[/／、]?\s*(?:图|摄影?)|图\s*[/／、]\s*文)\s*[/／:：\s]\s*(?=\S)"
    r"|[\s、,/／]*(?:文\s*[/／并、]?\s*(?:图|摄影?)|图\s*[/／、]?\s*文(?:报道)?|摄影报道)\s*$"
    r"|(?<=[㐀-鿿])\s+(?:供稿|撰稿|撰文|采写|整理|综合|编译|报道)\s*$"
)
# 工人日?qǐng)?bào): a reading whose bracket was lost with bytes closes nothing.
_READING = r"[a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜńňǹḿêɑɡ]{1,7}\s?"
_NOTE = re.compile(rf"(?<=[㐀-鿿])[(（]{_READING}[)）]")
_REST_OF_NOTE = re.compile(rf"[㐀-鿿?？]{_READING}$")
_WITH_UNIT = re.compile(r"(?P<names>[^（()）]+)[（(](?P<unit>[^（()）]+)[）)]")
_REPORTED = re.compile(r"^[据據](?=[㐀-鿿]{1,8}[社报報网網台]$)")  # 据新华社
_ORGANISATION = re.compile(
    r"(?:会|部|处|室|科|局|委|办|办公室|中心|院|校|学院|公司|集团|站|所|队|厂|矿|段|社|报|网|"
    r"团|组|厅|协会|支队|街道|乡|镇|县|区|市|省|馆|电视台|电台)$"
)
_MEDIUM = re.compile(
    r"(?:客户端|公众号|周刊|杂志|频道|融媒体?|发布|微信|微博|本站|原创|党委|支部|组织)$|网|报|社|工会"
)
_NAME = "(?:[㐀-鿿]{2,4}|[㐀-鿿]{1,8}(?:·[㐀-鿿]{1,8}){1,3})"
_PERSON = re.compile(rf"^{_NAME}(?:[\s、,，/　]+{_NAME}){{0,5}}$|^[㐀-鿿]\s[㐀-鿿]$")
_NOT_NAMES = re.compile(
    r"^(?:完|图|略|续|下转|上接|未完|待续|原创|转载|节选|摘要|全文|代|讲话|根据|来源|据|注|附|"
    r"记者|编辑|完结|试行|暂行|修订|综合|整理|本[报网刊台社])"
)
# The surnames of the statistics of that time.
_SURNAMES = frozenset(
    (
        *"丁万丛严乔于亓仇付仝代任伍何余佟侯俞倪储党全兰关冀冉农冯冷凌刁刘包匡华卓单卜占卢卫原古史叶司吉向吕吴周唐商喻夏姚姜娄孔孙孟季宁安宋宗官宫封尚尤尹屈岳崔左巩巴席常"
        "庄应庞康廖张彭徐成戴房揭敖文方施时昌明易晏景曲曹曾朱李杜杨林柏查柯柳柴栾桂桑梁梅楚樊欧武段殷毕毛江池汤汪沈涂温游滕潘焦熊燕牛牟王班甄甘田申白盛石祝秦程穆窦章童符"
        "简管纪罗翁翟耿聂肖胡胥臧舒艾芦花苏苗苟范荣莫葛董蒋蒲蓝蔡薛虞袁裴褚覃解詹计许谢谭谷贺贾赵路车辛边迟逯邓邢邬邱邵邹郎郑郝郭都金钟钱锁闫闵阎阮阳陆陈陶隋雷霍靳韦韩项"
        "顾颜饶马骆高魏鲁鲍鹿麦麻黄黎齐龙龚",
        *"上官 东方 令狐 公孙 南宫 司徒 司马 夏侯 宇文 尉迟 慕容 欧阳 独孤 皇甫 端木 诸葛 轩辕 长孙".split(),
    )
)


def clean_source(printed: str) -> str:
    """Return the source from the text after its label; empty when that is an account or empty."""
    value = re.sub(r"^\s*\x1f|\x1f\s*$", "", printed.strip(_EDGE))
    value = value.split("\x1f", maxsplit=1)[0]
    value = _CUT.split(value, maxsplit=1)[0].strip(_EDGE)
    if len(value) > _LONGEST_PRINTED:
        return ""
    value = " ".join(_unbalanced(value).split())
    value = _REPORTED.sub("", _unwrapped(value))
    return "" if value.lower() in _ACCOUNTS or _is_longer(value) else value


def clean_people(printed: str) -> str:
    """Return the names from the text after a people label, without roles."""
    value = printed.replace("\x1f", " ").strip(_EDGE)
    value = _PEOPLE_CUT.split(value, maxsplit=1)[0]
    if len(value) > _LONGEST_PRINTED:
        return ""
    value = _ROLES.sub("", _unbalanced(value).strip(_EDGE))
    value = _without_made(_unwrapped(_INNER_ROLE.sub(" ", value).strip(_EDGE)))
    value = _without_unit(" ".join(value.split()))
    return "" if value.lower() in _ACCOUNTS or _is_longer(value) else value


def _without_unit(value: str) -> str:
    """The persons before a bracket that says where they work: 李方（雁川市总工会）."""
    found = _WITH_UNIT.fullmatch(value)
    is_unit = found is not None and _names_source(found["unit"]) and _is_person_list(found["names"].strip())
    return found["names"].strip() if found and is_unit else value


def _without_made(value: str) -> str:
    """Drop what the people named made: 文/图, 摄影报道."""
    return _MADE.sub("", value).strip(_EDGE)


def _unwrapped(value: str) -> str:
    """Drop brackets that hold the whole value; a bracket inside it stays."""
    wrapped = re.fullmatch(r"[《<〈“\"（(](?P<inner>[^《》<>〈〉“”\"（）()]+)[》>〉”\"）)]", value)
    return wrapped["inner"].strip() if wrapped else value.lstrip("）)").rstrip("（(")


def _unbalanced(value: str) -> str:
    """Cut at a closing bracket that was opened before the label."""
    depth = 0
    for index, sign in enumerate(value):
        if sign in "（(":
            depth += 1
        elif sign in "）)" and not (depth == 0 and _REST_OF_NOTE.search(value, 0, index)):
            depth -= 1
            if depth < 0:
                return value[:index]
    return value


def _names_source(text: str) -> bool:
    """Whether a short text by itself names a medium, an organisation or a department."""
    bare = re.sub(r"[《》\s]", "", text)
    return 2 <= len(bare) <= 20 and bool(_ORGANISATION.search(bare) or _MEDIUM.search(bare))


def _is_person_list(text: str) -> bool:
    """Whether a closing bracket holds nothing but names of persons."""
    if not _PERSON.fullmatch(text) or _NOT_NAMES.match(text) or _ORGANISATION.search(text):
        return False
    offices = [
        word for word in re.split(r"[\s、,，/]+", text) if len(word) > 2 and _ORGANISATION.search(word)
    ]
    return all(_has_surname(word) for word in offices)


def _has_surname(name: str) -> bool:
    """Whether a word begins as a person's name does, or is one of a people without surnames."""
    return "·" in name or not _SURNAMES.isdisjoint((name[:1], name[:2]))


def _is_longer(value: str) -> bool:
    """Whether a value has more characters than a name, beside the readings in it."""
    return len(value) > _LONGEST and ("(" not in value or len(_NOTE.sub("", value)) > _LONGEST)
