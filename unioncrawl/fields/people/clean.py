"""Clean the names of sources and people as metadata lines print them."""

from __future__ import annotations

import re

from unioncrawl.language.label_folding import is_longer
from unioncrawl.language.names import is_person_list, join_spaced_names, names_persons, names_source
from unioncrawl.language.pinyin import PRINTED_READING

_LONGEST = 40
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
# A longer text names nobody, even with a reading after each character and roles between the names.
_LONGEST_PRINTED = 1000
_BLANKS = re.compile(r"\s{2,}")
_PEOPLE_CUT = re.compile(
    r"[【〖〔\[|｜〗】〕\]。]|(?:19|20)\d\d\s?[-/年.]|打印|字号|字体|分享|收藏|关闭|纠错|"
    r"浏览|点击|阅读|我要评论|扫一扫|\d{1,2}:\d\d|https?:|\s(?!记者|通讯员)[㐀-鿿]{2,6}[:：]"
)
_BETWEEN = re.compile(r"\s?[，,；;]\s?")
_ROLE = r"(?:记者|記者|通讯员|通訊員|评论员|評論員|撰稿人)(?!站|团|协会|节|文章)"
_ROLES = re.compile(rf"^(?:《[^《》]{{2,12}}》\s*|[㐀-鿿A-Za-z·—－-]{{0,12}}?){_ROLE}[\s:：/／]*")
_INNER_ROLE = re.compile(rf"[\s、]*(?:本报|本网|特约|見習|见习|实习)?{_ROLE}[\s:：/／]*")
# A CMS's name of a user: tw, zgh_01, ADMIN2; a foreigner's first name is written Tom.
_USER = re.compile(r"(?![A-Z][a-z]+$)[A-Za-z0-9_.@-]+")
# 文/图, 摄影报道 after or before names say what these people made; they are not names.
_MADE = re.compile(
    r"^\s*(?:文\s*[/／、]?\s*(?:图|摄影?)|图\s*[/／、]\s*文)\s*[/／:：\s]\s*(?=\S)"
    r"|[\s、,/／]*(?:文\s*[/／并、]?\s*(?:图|摄影?)|图\s*[/／、]?\s*文(?:报道)?|摄影报道)\s*$"
    r"|(?<=[㐀-鿿])\s*[/／]\s*[文图圖摄攝]\s*$"
    r"|(?<=[㐀-鿿])\s+(?:供稿|撰稿|撰文|采写|整理|整合|综合|编译|报道|[摄攝]影?)\s*$"
)
# 工人日?qǐng)?bào): a reading whose bracket was lost with bytes closes nothing.
_REST_OF_NOTE = re.compile(rf"[㐀-鿿?？]{PRINTED_READING}$")
_WITH_UNIT = re.compile(r"(?P<names>[^（()）]+)[（(](?P<unit>[^（()）]+)[）)]")
_REPORTED = re.compile(r"^(?:[据據]|[综綜]合)(?=[㐀-鿿]{1,8}[社报報网網台]$)")  # 据新华社


def clean_source(printed: str) -> str:
    """The source in the text after its label; empty when that text is an account or empty.

    >>> clean_source("《工人日报》")
    '工人日报'
    >>> clean_source("《工人日报》（2024年3月5日 02版）")
    '工人日报'
    >>> clean_source("系统管理")
    ''
    >>> clean_source("广西云-广西日报")
    '广西云-广西日报'
    """
    value = re.sub(r"^\s*\x1f|\x1f\s*$", "", printed.strip(_EDGE))
    value = value.split("\x1f", maxsplit=1)[0]
    value = _CUT.split(value, maxsplit=1)[0].strip(_EDGE)
    if len(value) > _LONGEST_PRINTED:
        return ""
    value = " ".join(_unbalanced(value).split())
    value = _REPORTED.sub("", _unwrapped(value))
    return "" if value.lower() in _ACCOUNTS or is_longer(value, _LONGEST) else value


def clean_people(printed: str) -> str:
    """The names in the text after a people label, without roles.

    >>> clean_people("晚报记者 林翰 通讯员 谢庆胜")
    '林翰 谢庆胜'
    >>> clean_people("单芳、陈悦)"), clean_people("李强 供稿")
    ('单芳、陈悦', '李强')
    >>> clean_people("本报记者 王建国 方 敏"), clean_people("特约评论员 李方")
    ('王建国 方敏', '李方')
    >>> clean_people("李方，王敏"), clean_people("李方，市总工会副主席")
    ('李方、王敏', '李方')
    """
    value = _BLANKS.sub(" ", printed.replace("\x1f", " ")).strip(_EDGE)
    value = _named_first(_PEOPLE_CUT.split(value, maxsplit=1)[0])
    if len(value) > _LONGEST_PRINTED:
        return ""
    value = _ROLES.sub("", _unbalanced(value).strip(_EDGE))
    value = without_made(_unwrapped(_INNER_ROLE.sub(" ", value).strip(_EDGE)))
    value = _without_unit(join_spaced_names(" ".join(value.split())))
    return "" if value.lower() in _ACCOUNTS or is_longer(value, _LONGEST) else value


def _named_first(value: str) -> str:
    """A value up to the comma after which something else than a person's name stands: an office, a clause."""
    first, *further = _BETWEEN.split(value[: _LONGEST_PRINTED + 1])
    names = [first]
    for part in further:
        if not names_persons(_INNER_ROLE.sub(" ", part).strip(_EDGE)):
            break
        names.append(part)
    return "、".join(names)


def is_account(value: str) -> bool:
    """Whether a value is a CMS's name of a user, which says nothing of who wrote the text.

    >>> is_account("tw"), is_account("zgh_01"), is_account("李方"), is_account("Demi Xia")
    (True, True, False, False)
    """
    return _USER.fullmatch(value) is not None


def _without_unit(value: str) -> str:
    """The persons before a bracket that says where they work: 李方（雁川市总工会）."""
    found = _WITH_UNIT.fullmatch(value)
    is_unit = found is not None and names_source(found["unit"]) and is_person_list(found["names"].strip())
    return found["names"].strip() if found and is_unit else value


def without_made(value: str) -> str:
    """Drop what the people named made: 文/图, 摄影报道.

    >>> without_made("李方 文/图"), without_made("文/图 李方"), without_made("文图")
    ('李方', '李方', '')
    """
    return _MADE.sub("", value).strip(_EDGE)


def _unwrapped(value: str) -> str:
    """Drop brackets that hold the whole value or are left open at its ends; a bracket inside it stays."""
    value = value.lstrip("）)").rstrip("（(")
    wrapped = re.fullmatch(r"[《<〈“\"（(](?P<inner>[^《》<>〈〉“”\"（）()]+)[》>〉”\"）)]", value)
    return wrapped["inner"].strip() if wrapped else value


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
