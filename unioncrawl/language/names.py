"""What a short Chinese text names: a medium, a department, persons."""

from __future__ import annotations

import re

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
    offices = [
        word for word in re.split(r"[\s、,，/]+", text) if len(word) > 2 and _ORGANISATION.search(word)
    ]
    return all(has_surname(word) for word in offices)


def has_surname(name: str) -> bool:
    """Whether a word begins as a person's name does, or is one of a people without surnames.

    >>> has_surname("欧阳海"), has_surname("阿依古丽·买买提"), has_surname("活动现场")
    (True, True, False)
    """
    # The statistics are large: they load when the first caption needs them.
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - see above

    return "·" in name or not load_lexicon().surnames.isdisjoint((name[:1], name[:2]))
