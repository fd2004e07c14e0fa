"""What a short Chinese text names: a medium, a department, persons."""

from __future__ import annotations

import re

from unioncrawl.language.folding import simplified_characters

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
    r"^(?:完|图|略|续|下转|上接|未完|待续|原创|转载|连载|节选|摘要|全文|代|讲话|根据|来源|据|注|附|"
    r"记者|编辑|完结|试行|暂行|修订|综合|整理|本[报网刊台社])"
)

# One character, a space, one character, and nothing more of either word.
_SPACED_NAME = re.compile(r"(?<![㐀-鿿·])[㐀-鿿][ \u3000][㐀-鿿](?![㐀-鿿·])")
# 李方 文, 图 王小丫: what somebody made, beside a name.
_WORKS = frozenset("文图圖摄攝编編审審校")
_LONGEST_GIVEN_NAME = 2
# 何况 has -11.9, 章程 -11.6; 王毅 has -12.0, 李强 -12.4, and most names fewer or none.
_EVERYDAY_NATS = -11.9
# Further surnames; the statistics' list has about three hundred.
_RARER_SURNAMES = frozenset(
    "洪丘连岑卞茅米戚鞠苑晋佘狄辜练巫尧姬乌屠闻惠戈邝凤鄢厉隗逄仲冼阙禤郜亢荆蔺谌粟楼栗竺浦裘缪宓晁暨邸郗訾"
)


def is_department(text: str) -> bool:
    """Whether a closing bracket names an organisation or a department.

    >>> is_department("海南州总工会"), is_department("赵梦真")
    (True, False)
    """
    return len(text) <= 20 and " " not in text and bool(_ORGANISATION.search(text)) and len(text) >= 3


def names_source(text: str) -> bool:
    """Whether a short text by itself names a medium, an organisation or a department.

    >>> names_source("《工人日报》"), names_source("市总宣教部"), names_source("活动现场")
    (True, True, False)
    """
    bare = re.sub(r"[《》\s]", "", text)
    return 2 <= len(bare) <= 20 and bool(_ORGANISATION.search(bare) or _MEDIUM.search(bare))


def is_person_list(text: str) -> bool:
    """Whether a closing bracket holds only names of persons.

    >>> is_person_list("杜乘风 李新鸽"), is_person_list("下转第二版"), is_person_list("市总办 李方")
    (True, False, False)
    """
    if not _PERSON.fullmatch(text) or _NOT_NAMES.match(text) or _ORGANISATION.search(text):
        return False
    offices = [word for word in _words(text) if len(word) > 2 and _ORGANISATION.search(word)]
    return all(has_surname(word) for word in offices)


def names_persons(text: str) -> bool:
    """Whether each word has the form of a person's name: a surname, and no word of everyday Chinese.

    This is for text that no label and no role announces as a name.

    >>> names_persons("杜乘风 李新鸽"), names_persons("欧阳海"), names_persons("阿依古丽·买买提")
    (True, True, True)
    >>> names_persons("特殊打法"), names_persons("高度重视"), names_persons("时间")
    (False, False, False)
    >>> names_persons("章程"), names_persons("何况"), names_persons("王毅"), names_persons("李强")
    (False, False, True, True)
    """
    return is_person_list(text) and all(_has_form(word) for word in _words(text))


def may_name_persons(text: str) -> bool:
    """Whether each word has the form of a name or is no word of Chinese, as rare names are not.

    This is for a bracket that closes a story, where names stand, and remarks.

    >>> may_name_persons("张衍 崇江"), may_name_persons("娜仁花"), may_name_persons("李方")
    (True, True, True)
    >>> may_name_persons("特殊打法"), may_name_persons("有感"), may_name_persons("连载")
    (False, False, False)
    """
    if not is_person_list(text):
        return False
    return all(_has_form(word) or _is_no_word(word) for word in _words(text))


def join_spaced_names(text: str) -> str:
    """A name of two characters that papers set with a space, to align it with longer ones, without it.

    >>> join_spaced_names("王建国 方 敏"), join_spaced_names("方　敏、王建国")
    ('王建国 方敏', '方敏、王建国')
    >>> join_spaced_names("李方 文 图"), join_spaced_names("王建国 李方")
    ('李方 文 图', '王建国 李方')
    """
    return _SPACED_NAME.sub(lambda found: _joined_name(found[0]), text)


def has_surname(name: str) -> bool:
    """Whether a word begins as a person's name does, or is one of a people without surnames.

    >>> has_surname("欧阳海"), has_surname("阿依古丽·买买提"), has_surname("活动现场")
    (True, True, False)
    >>> has_surname("陳嘉寧"), has_surname("洪小方")
    (True, True)
    """
    return "·" in name or bool(surname_of(name))


def _words(text: str) -> list[str]:
    return re.split(r"[\s、,，/]+", join_spaced_names(text.strip()))


def _has_form(word: str) -> bool:
    """Whether a word is as long as its surname allows, and not as common as everyday words are."""
    if "·" in word:
        return True
    surname = surname_of(word)
    if not surname or not 1 <= len(word) - len(surname) <= _LONGEST_GIVEN_NAME:
        return False
    # The statistics are large: they load when the first caption needs them.
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - see above

    nats = load_lexicon().word_log_prob(word)
    return nats is None or nats < _EVERYDAY_NATS


def _is_no_word(word: str) -> bool:
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - as above

    return len(word) <= 1 + _LONGEST_GIVEN_NAME and load_lexicon().word_log_prob(word) is None


def surname_of(name: str) -> str:
    """The surname that a name begins with, two characters before one; empty without one.

    >>> surname_of("欧阳海"), surname_of("陳嘉寧"), surname_of("活动现场")
    ('欧阳', '陳', '')
    """
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - as above

    known = load_lexicon().surnames
    first = name[:2].translate(simplified_characters(name[:2]))
    if first in known:
        return name[:2]
    return name[:1] if first[:1] in known or first[:1] in _RARER_SURNAMES else ""


def _joined_name(spaced: str) -> str:
    return spaced if spaced[-1] in _WORKS or not surname_of(spaced) else spaced[0] + spaced[-1]
