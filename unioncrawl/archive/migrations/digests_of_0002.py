"""The digest of a revision's words as it was when revisions had no exact digest.

A copy of the code and of the table of characters of 29 November 2026, for archives of schema
0001 and 0002 alone: whether a text was changed before its archive comes forward must not
depend on what folds or counts as a stamp next year. So nothing here changes with
``archive/content_hash.py`` or ``language/folding.py``, and nothing is imported from other rooms.
"""

from __future__ import annotations

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

# The columns that the digest covers, in its order.
TEXTS = ("title", "lead_title", "subtitle", "original_title", "body_text")
# Each character that folds, and below it its form.
_TABLE = Path(__file__).with_name("fold_of_0002.txt")

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
_LABELS = ("点击", "浏览", "阅读", "访问", "查看", "人气", "日期", "时间")
_DATE_LINE = re.compile(_DATE_OR_BLANK, re.MULTILINE)
_LOUD = re.compile(r"[^\W_]+")


def words_digest(*texts: str) -> int:
    """Return the signed 64-bit digest of the words of some texts, in order."""
    words = "\x00".join(map(_words, texts))
    digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _words(text: str) -> str:
    folded = text.translate(_fold_table())
    stamps = _STAMPS if any(label in folded for label in _LABELS) else _DATE_LINE
    return "".join(_LOUD.findall(stamps.sub(_blank, folded))) if folded else ""


def _blank(stamp: re.Match[str]) -> str:
    return stamp["blank"] or ""


@cache
def _fold_table() -> dict[int, str]:
    before, after = _TABLE.read_text("utf-8").split("\n")[:2]
    return str.maketrans(before, after)  # type: ignore[return-value]  # from one sign to one
