"""Compare what two texts say: the content hash of deduplication.

The hash covers the characters, letters and digits of a text, folded; punctuation,
spaces, width and script don't count, nor do stamps that change by themselves (a
print date on its own line, a hit count). Digits of the story count: "52 人"
turned into "53 人" is an edit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b

from unioncrawl.language.folding import fold

# Below this many characters of body a text says too little to call two pages the same story: picture
# news has captions alone under a title like 图片新闻, and where its text was taken from the foot of the
# site (telephone, QQ and mail: 43 characters; with an address: 58) all of it is alike.
MIN_BODY_CHARACTERS = 60

# Blanks are taken at once and never given back, so that no run of them is tried in every division.
_DAY = r"\d{2,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}"
_MINUTE = r"\s*+(?:t\s*+)?\d{1,2}\s*[:时]\s*\d{1,2}"
_DATE = rf"{_DAY}\s*+日?(?:{_MINUTE}(?:\s*[:分]\s*\d{{1,2}}\s*+秒?|\s*分)?)?"
_WHOLE_DATE = rf"{_DAY}(?:\s*+日)?(?:{_MINUTE}(?:\s*[:分]\s*\d{{1,2}}(?:\s*+秒)?|\s*分)?)?"
# What may stand before the date of a line, lines of blanks too, is taken at once, date or not.
_DATE_OR_BLANK = rf"^[\[【〖(\s]*+{_WHOLE_DATE}[\]】〗)\s]*$|^(?P<blank>[\[【〖(\s]++)"
_COUNT_LABEL = r"(?:点击|浏览|阅读|访问|查看)(?:次数|人次|数量|量|数|率|人数|次)?|人气(?:指数)?"
_STAMPS = re.compile(
    rf"(?:{_COUNT_LABEL})\s*:\s*\d*\s*次?"
    rf"|(?:本文|此文|已|共)(?:已)?被?(?:{_COUNT_LABEL})\s*\d+\s*次?"
    rf"|(?:发布|更新|发表|打印|录入|编辑|当前)(?:日期|时间)\s*:\s*{_DATE}"
    rf"|{_DATE_OR_BLANK}",
    re.MULTILINE,
)
# Without one of these the only possible stamp is a line that is a date; a pattern of its own finds that.
# Four texts in ten have the words, one in fifty with a colon or a number, and the whole pattern takes
# 200 µs where this look takes 8.
_LABELS = re.compile(
    r"(?:点击|浏览|阅读|访问|查看|人气|日期|时间)(?:次数|人次|数量|人数|指数|[量数率次])?\s*[:\d]"
)
_DATE_LINE = re.compile(_DATE_OR_BLANK, re.MULTILINE)
_LOUD = re.compile(r"[^\W_]+")
_DIGEST_NAME = re.compile("[0-9a-fA-F]{16}")


def normal_text(text: str) -> str:
    r"""Return the characters of a text that count when two texts are compared.

    >>> normal_text("点击量：１２３\n本报讯  （记者 张三）５２人參加。")
    '本报讯记者张三52人参加'
    >>> normal_text("五一劳动节")
    '五一劳动节'
    """
    return normal_folded(fold(text))


def normal_folded(folded: str, runs: Sequence[str] | None = None) -> str:
    """Return `normal_text` of a text that is already folded.

    ``runs``: its runs of letters and digits (`unioncrawl.archive.search.index.fulltext_index`), where they
    are known; without a stamp they are what counts.
    """
    if not folded:
        return ""
    stamps = _STAMPS if _LABELS.search(folded) else _DATE_LINE
    told = stamps.sub(_blank, folded)
    if runs is not None and told == folded:
        return "".join(runs).replace("·", "")
    return "".join(_LOUD.findall(told))


def _blank(stamp: re.Match[str]) -> str:
    return stamp["blank"] or ""


def content_hash(title: str, body_text: str) -> int | None:
    """Return a signed 64-bit digest of title and body; ``None`` when the body says too little.

    >>> text = "总工会领导慰问一线职工，送去清凉。" * 5
    >>> content_hash("慰问", text) == content_hash("慰问", text.replace("，", ", "))
    True
    >>> content_hash("图片新闻", "电话：0731-00000000，QQ：00000000") is None
    True
    """
    return content_digest(normal_text(title), normal_text(body_text))


def content_digest(normal_title: str, normal_body: str) -> int | None:
    """Return the `content_hash` of normal texts."""
    return digest64(normal_title, normal_body) if len(normal_body) >= MIN_BODY_CHARACTERS else None


def digest64(*texts: str) -> int:
    """Return a signed 64-bit digest of some texts in order."""
    digest = blake2b("\x00".join(texts).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def digest_name(digest: int) -> str:
    """A digest as people write it: sixteen hexadecimal digits.

    >>> digest_name(-1), digest_name(255)
    ('ffffffffffffffff', '00000000000000ff')
    """
    return f"{digest % (1 << 64):016x}"


def digest_number(name: str) -> int | None:
    """The digest of its name; ``None`` for what is not such a name.

    >>> digest_number("ffffffffffffffff"), digest_number("00000000000000FF"), digest_number("ff")
    (-1, 255, None)
    """
    if not _DIGEST_NAME.fullmatch(name):
        return None
    number = int(name, 16)
    return number - (1 << 64) if number >> 63 else number
