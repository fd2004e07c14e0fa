"""The reporters that a line names by itself, without label and without brackets.

Papers print them between headline and text (雁川日报记者 李方), agencies after the lead
(新华社记者李方、王小丫), others at the start of the first sentence (记者李方报道), and papers of
Taiwan with the place of the report (記者李方／台北報導).
"""

from __future__ import annotations

import re

from unioncrawl.fields.people.clean import clean_people
from unioncrawl.language.names import has_surname, is_person_list, join_spaced_names, names_persons

_ORGAN = r"(?:《[^《》]{2,12}》\s*|[㐀-鿿A-Za-z0-9·—－-]{0,14}?\s*?)"
_ROLE = r"(?:[记記]者|通[讯訊][员員]|[评評][论論][员員])"
_NAME = r"[㐀-鿿·]{1,9}"
_NAMES = rf"{_NAME}(?:(?:\s{{0,4}}[、，,和/／]\s{{0,4}}|\s{{1,4}}){_NAME}){{0,9}}?"
_REPORT = r"[報报][導导道]"
# 台北報導 after the names, 19日電 after the place: where the report is from.
_WHOLE = re.compile(
    rf"[\s（(〔【\[□■◎●◇◆○▲]*{_ORGAN}{_ROLE}(?P<gap>[\s:：／/]*)(?P<names>{_NAMES})"
    rf"(?:\s*[／/]\s?[㐀-鿿]{{2,8}}{_REPORT}|\s+(?:综合)?报道)?[\s）)〕】\]]*"
)
_OPENING = re.compile(
    rf"[\s（(〔【\[□■]*{_ORGAN}{_ROLE}(?P<gap>\s*)(?P<names>{_NAMES})\s*(?:[综綜]合)?{_REPORT}(?=[\s:：，,）)】〕])"
)
_PLACED = re.compile(rf"(?P<names>{_NAMES})(?:[／/]\s?[㐀-鿿]{{2,8}}{_REPORT}|(?P<day>\d{{1,2}}日[電电]))")
# The central agency of Taiwan prints 記者李方台北19日電; elsewhere nothing says where the name ends.
_TAIWAN = re.compile(
    "(?:[台臺][北中南東东]|新北|桃[園园]|高雄|基隆|新竹|嘉[義义]|苗栗|彰化|南投|[雲云]林|屏[東东]|宜[蘭兰]|花[蓮莲]|澎湖|金[門门]|[連连]江|[馬马]祖)"
    "[市縣县]?$"
)
_LONGEST_LINE = 80


def line_reporters(line: str) -> str:
    """The reporters of a line that holds nothing but them, or that opens with them; empty for any other.

    >>> line_reporters("新华社记者张立方、李小明、王丁"), line_reporters("本报记者 王建国 方 敏")
    ('张立方、李小明、王丁', '王建国 方敏')
    >>> line_reporters("记者李方报道　市总工会近日召开会议。"), line_reporters("記者李方／台北報導")
    ('李方', '李方')
    >>> line_reporters("记者走访发现，司机们都说好。"), line_reporters("本报记者站")
    ('', '')
    """
    whole = _WHOLE.fullmatch(line.strip()) if len(line) <= _LONGEST_LINE else None
    found = whole or _OPENING.match(line[:_LONGEST_LINE])
    return _persons(found["names"], glued=not found["gap"]) if found else ""


def is_placed(printed: str) -> bool:
    """Whether the place of a report follows the names of a bracket.

    >>> is_placed("李方／台北報導"), is_placed("张加华盛顿19日电"), is_placed("李方 王小丫")
    (True, True, False)
    """
    return _PLACED.match(printed) is not None


def placed_reporters(printed: str) -> str:
    """The reporters after 記者 in a bracket that also names the place of the report.

    Empty where nothing says which characters are the place.

    >>> placed_reporters("李方／台北報導"), placed_reporters("李方、王小丫台北19日電")
    ('李方', '李方、王小丫')
    >>> placed_reporters("张加华盛顿19日电")
    ''
    """
    found = _PLACED.match(printed)
    if found is None:
        return ""
    names = found["names"]
    if found["day"]:
        place = _TAIWAN.search(names)
        names = names[: place.start()] if place else ""
    return _persons(names, glued=True)


def leading_persons(names: str) -> str:
    """Names without the words after them that are none: 整合, 发自北京.

    >>> leading_persons("李方 整合"), leading_persons("李方、王小丫"), leading_persons("娜仁花 李方")
    ('李方', '李方、王小丫', '娜仁花 李方')
    >>> leading_persons("现场报道组一行")
    ''
    """
    words = list(re.finditer(r"[^\s、,，/／]+", names))
    known = [has_surname(word[0]) for word in words]
    if known and known[0] and not all(known):
        return names[: words[known.index(False) - 1].end()]
    return names if is_person_list(names) else ""


def _persons(printed: str, *, glued: bool) -> str:
    """The names of a piece: glued to their role they need the form of names, else a surname."""
    names = clean_people(join_spaced_names(printed))
    if glued:
        return names if names_persons(names) else ""
    words = re.split(r"[\s、,，/／]+", names)
    return names if is_person_list(names) and all(map(has_surname, words)) else ""
