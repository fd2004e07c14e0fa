"""Who is named as what in a byline: reporters, correspondents, photographers.

A byline puts a role before names (通讯员 李方 摄影 王小丫) or after them (李方 摄,
记者 李方 通讯员 王小丫 文/图, 市总工会供图). 文/图, 摄影报道 and the like stand after
all the names.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from unioncrawl.fields.people.clean import clean_people
from unioncrawl.language.label_folding import narrow_signs
from unioncrawl.language.names import has_surname, is_department, is_person_list, names_source


class Credits(NamedTuple):
    """The names of a byline by role, several of a role joined by a space; empty for a role without names.

    ``writer`` is filled where each name is followed by its work (李方/文 王小丫/图).
    """

    correspondent: str = ""
    photographer: str = ""
    writer: str = ""


class _Role(StrEnum):
    WRITER = "writer"
    CORRESPONDENT = "correspondent"
    PHOTOGRAPHER = "photographer"
    OTHER = "other"


_ROLE_WORDS = {
    _Role.CORRESPONDENT: "通讯员 通訊員",
    _Role.PHOTOGRAPHER: """
        摄影记者 摄影 供图 图片提供 图片来源 图片 摄像 摄 图
        攝影記者 攝影 供圖 圖片提供 圖片來源 圖片 攝像 攝 圖""",
    _Role.WRITER: "文字记者 记者 评论员 实习生 作者 撰文 撰稿 文字 文 文字記者 記者 實習生",
    _Role.OTHER: """
        责任编辑 责编 编辑 校对 审核 审校 制图 策划 编 审 校 视频 剪辑 配音
        責任編輯 責編 編輯 校對 審核 審校 製圖 策劃 編 審 視頻""",
}
_ROLE_OF = {word: role for role, words in _ROLE_WORDS.items() for word in words.split()}
# One character is a role only with its sign: 文/李方, 图：王小丫.
_PREFIX = re.compile(
    "(?P<role>"
    + "|".join(
        rf"{word}(?=\s*[/:])" if len(word) == 1 else word for word in sorted(_ROLE_OF, key=len, reverse=True)
    )
    + r")(?!站|团|协会|节|报道|协|協|部|家|展|赛|賽)[\s:/]*"
)
_MADE_BOTH = re.compile(
    r"[\s、,/]*(?:文\s*[/并並、+&]?\s*(?:供?[图圖]片?|[摄攝]影?)|[图圖]\s*[/并並、+&]?\s*文(?:[报報]道)?|[摄攝]影[报報]道"
    r"|[摄攝]影并?文字?)\s*$"
)
# 文/图 李方: both words before the names.
_BOTH_FIRST = re.compile(
    r"^\s*(?:(?:撰?文|文字)\s*[/、]?\s*(?:[图圖]|[摄攝]影?)|[摄攝]影\s*[/、]\s*(?:撰文|文字?)|[图圖]\s*[/、]?\s*文|[摄攝]影[报報]道)\s*[/:\s]\s*(?=\S)"
)
# 李方 摄, 李方摄, 市总工会供图; 现场拍摄 and 比赛现场图 name nobody.
_TOOK = re.compile(
    r"(?:(?P<apart>[\s/]+)(?:供[图圖]|[摄攝]影|[摄攝]|[图圖])|供[图圖]|(?<![拍航录錄翻])[摄攝]影?|提供)\s*$"
)
_EACH = re.compile(
    r"(?:^|[\s,、])(?P<writers>[㐀-鿿·]{2,4}(?:[\s、][㐀-鿿·]{2,4})*)\s*/?\s*文[\s,、/]+(?P<names>[㐀-鿿·\s、]{2,30}?)\s*/?\s*[图圖摄攝]\s*$"
)
_BY = re.compile(
    r"(?:[本文]*(?:[图圖]片|配[图圖]|照片|[图圖])[均皆都]?)由\s*(?P<names>[^，。；,;]{2,20}?)\s*(?:提供|拍摄|摄)"
)
_INSTEAD = re.compile(r"\s*(?:本报|本网|本刊|本台|特约|见习|实习|首席|全媒体|融媒体?)+\s*$")
# Who supplied a picture without being named.
_NOBODY = re.compile(
    r"受访|受訪|当事|當事|资料|資料|网络|網路|网友|網友|本人|企业|单位|主办|视频|視頻|截图|截圖|来自|來自|翻[拍摄攝]|通讯员$"
)
_OFFICE = re.compile(r"工会|[㐀-鿿]{2}(?:局|委|办|部|处|科|中心|公司|集团|学院|医院|支队|街道)(?=[\s、]|$)")
_LONGEST = 80


def read_credits(printed: str) -> Credits:
    """The correspondents and photographers that a byline names.

    >>> read_credits("记者 李方 通讯员 王小丫 文/图")
    Credits(correspondent='王小丫', photographer='李方 王小丫', writer='')
    >>> read_credits("通讯员 李方 摄影 王小丫")
    Credits(correspondent='李方', photographer='王小丫', writer='')
    >>> read_credits("市总工会供图")
    Credits(correspondent='', photographer='市总工会', writer='')
    >>> read_credits("李方/文 王小丫/图")
    Credits(correspondent='', photographer='王小丫', writer='李方')
    >>> read_credits("记者 李方")
    Credits(correspondent='', photographer='', writer='')
    """
    text = narrow_signs(printed).strip(" \t()[]【】□■◎●◇◆○▲△")
    if len(text) > _LONGEST:
        return Credits()
    given = _BY.search(text)
    if given is not None:
        return Credits(photographer=_suppliers(given["names"]))
    each = _EACH.search(text)
    if each is not None:
        before = _by_role(text[: each.start("names")].rstrip(" ,、/文"))
        letters = _joined([before.correspondent, _by_role(each["names"]).correspondent])
        return Credits(letters, _names(each["names"]), _names(each["writers"]))
    return _by_role(text)


def _by_role(text: str) -> Credits:
    both = _MADE_BOTH.search(text)
    first = _BOTH_FIRST.match(text)
    text = text[: both.start()] if both else text[first.end() :] if first else text
    took = None if both or first else _TOOK.search(text)
    text = text[: took.start()] if took else text
    parts = _parts(text)
    named: dict[_Role, list[str]] = {role: [] for role in _Role}
    for role, printed in parts:
        is_nobody = role is _Role.PHOTOGRAPHER and _NOBODY.search(printed) is not None
        named[role].append("" if is_nobody else _names(printed))
    takers = named[_Role.PHOTOGRAPHER]
    if both or first:
        takers = [_names(printed) for role, printed in parts if role is not _Role.OTHER]
    elif took and parts:
        takers = [*takers, _suppliers(parts[-1][1], glued=not took["apart"])]
    return Credits(_joined(named[_Role.CORRESPONDENT]), _joined(takers))


def _parts(text: str) -> list[tuple[_Role, str]]:
    """The pieces of a byline with their roles; the text before the first role names the writer."""
    marks = list(_PREFIX.finditer(text))
    starts = [0, *(mark.end() for mark in marks)]
    stops = [*(mark.start() for mark in marks), len(text)]
    roles = [_Role.WRITER, *(_ROLE_OF[mark["role"]] for mark in marks)]
    pieces = zip(roles, starts, stops, strict=True)
    return [(role, text[start:stop]) for role, start, stop in pieces if text[start:stop].strip()]


def _names(printed: str) -> str:
    """The persons of a piece, without an organisation before them or the next piece's role after them."""
    names = clean_people(_INSTEAD.sub("", printed))
    if is_person_list(names) and not _OFFICE.search(names):
        return names
    return " ".join(word for word in names.split() if is_person_list(word) and not _OFFICE.search(word))


def _suppliers(printed: str, *, glued: bool = False) -> str:
    """Persons, or the organisation that supplied a picture.

    Before 摄 stand the last words of a caption too: of several words, and of one that
    the role is glued to, those with a surname are names.
    """
    value = clean_people(printed)
    if _NOBODY.search(value):
        return ""
    last = value.rpartition(" ")[2]
    if is_department(last) or names_source(last):
        return last
    names = _names(printed)
    words = re.split(r"[\s、]+", names)
    if names == "" or (len(words) == 1 and not glued):
        return names
    known = [word for word in words if has_surname(word)]
    return names if len(known) == len(words) else " ".join(known)


def _joined(values: list[str]) -> str:
    return " ".join(dict.fromkeys(value for value in values if value))
