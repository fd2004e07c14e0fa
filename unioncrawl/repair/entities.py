"""Class E: HTML entities that stand in the text: ``&amp;ldquo;``, ``&ldquo;``, ``&#24037;``.

A page whose text was escaped twice shows ``&amp;ldquo;`` in its source and
``&ldquo;`` once its HTML is read; escaped three times it shows one layer more.
All layers are undone at once. Names are those of the HTML standard (13.5), with
their semicolon, which mirrors also write full-width. Numbers and the names of HTML 4
are known without it too, where no letter, digit or ``=`` goes on.

Ambiguous: a text about HTML that means ``&lt;``; it is taken for damage. Left
alone: ``R&D``, ``?a=1&copy=2`` in a URL, numbers that don't name a character, names
that don't name an entity.
"""

from __future__ import annotations

import html
import re
import string
import sys
import unicodedata
from collections.abc import Iterator
from html.entities import html5, name2codepoint

from unioncrawl.model import Unresolved
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding
from unioncrawl.repair.suspicion import Hint

_NAME = "#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30}"
# ``&amp`` alone stands in names of companies; it is a layer before another name.
_BARE_NAMES = "|".join(sorted(name2codepoint.keys() - {"amp"}, key=len, reverse=True))
# After these an entity needs its semicolon: a word, a parameter of a URL.
_WORD = frozenset(f"{string.ascii_letters}=?/")
# Marks of Chinese text: a digit or a capital may follow them.
_MARKS = "[lr][ds]quo|[mn]dash|hellip|middot|nbsp|e[mn]sp"
_LAYERS = "(?:amp[;；]?)*"
_ENTITY = re.compile(
    # A character beyond the BMP written as two numbers, one for each surrogate.
    "&(?:amp[;；])*#(?P<high>5(?:5[2-9]|6[0-2])[0-9]{2})[;；]&(?:amp[;；])*#(?P<low>5[67][0-9]{3})[;；]"
    f"|&(?P<layers>(?:amp[;；])*)(?P<name>{_NAME})[;；]"
    f"|&(?P<more>{_LAYERS})(?P<mark>{_MARKS})(?![a-z=;；])"
    f"|&(?P<others>{_LAYERS})(?P<bare>{_BARE_NAMES})(?![A-Za-z0-9=;；])"
    f"|&(?P<most>{_LAYERS})#(?:(?P<digits>[0-9]{{2,12}})|[xX](?P<hex>[0-9a-fA-F]{{2,12}}))(?![;；])"
)
# The beginning of an entity at the end of the text.
_CUT = re.compile("&(?:amp[;；])*(?:#[0-9xX]?[0-9a-fA-F]{0,6}|[a-z]{2,8})$")
_CUT_NAMES = frozenset(
    {"amp", "nbsp", "ldquo", "rdquo", "lsquo", "rsquo", "mdash", "hellip", "middot", "quot"}
)
# How many digits a number without semicolon has when it is a Chinese character or sign.
_CHINESE = range(0x2E80, 0x10000)
_CHINESE_DIGITS = {10: 5, 16: 4}
_WHOLE_NUMBER = re.compile("#(?:[0-9]{5}|8[12][0-9]{2}|[xX][0-9a-fA-F]{4})")
# Dashes, quotation marks and spaces: four digits in either base.
_PUNCTUATION = range(0x2000, 0x2070)
_PUNCTUATION_DIGITS = 4
_CONFIDENCE_LAYERS = 0.995
_CONFIDENCE_ONE_LAYER = 0.97
_FIRST_PRINTABLE = 0xA0
_WHITE_SPACE = frozenset("\t\n\r")

HINTS = (Hint("&"),)


def suspects_entities(text: str) -> bool:
    """Whether a text holds an ampersand.

    >>> suspects_entities("&ldquo;"), suspects_entities("全国总工会")
    (True, False)
    """
    return "&" in text


def unescape_entities(text: str, page: Page) -> Finding:
    """Put the characters back that entities stand for.

    >>> [edit.after for edit in unescape_entities("&amp;ldquo;工会&amp;rdquo;&amp;#24037;", Page(())).edits]
    ['“', '”', '工']
    >>> unescape_entities("R&D中心 http://a.example/?a=1&copy=2", Page(())).edits
    ()
    """
    del page
    if "&" not in text:
        return NOTHING
    cut = _CUT.search(text)
    end = cut.start() if cut is not None and _is_cut_entity(cut[0]) else len(text)
    edits = tuple(_edits(text, end))
    if end == len(text):
        return Finding(edits)
    return Finding(edits, (Unresolved(end, len(text), "an entity cut off by the end"),))


def _edits(text: str, end: int) -> Iterator[Edit]:
    after = 0
    for found in _ENTITY.finditer(text, 0, end):
        before = text[found.start() - 1 : found.start()] if found.start() > after else ""
        is_word = before in _WORD or (found["bare"] and before.isdigit())
        if before and is_word and (found["mark"] or found["bare"]):
            continue
        edit = _edit(found)
        if edit is not None:
            after = edit.end
            yield edit


def _edit(found: re.Match[str]) -> Edit | None:
    character, end = _character(found)
    if not character:
        return None
    layers = (found["layers"] or found["more"] or found["others"] or found["most"] or "").count("amp") + 1
    confidence = _CONFIDENCE_LAYERS if layers > 1 else _CONFIDENCE_ONE_LAYER
    evidence = f"HTML entity, escaped {layers} times" if layers > 1 else "HTML entity left in the text"
    return Edit(found.start(), end, character, confidence, evidence)


def _character(found: re.Match[str]) -> tuple[str, int]:
    """The character that an entity stands for, or an empty string, and where the entity ends."""
    if found["high"]:
        pair = (int(found["high"]), int(found["low"]))
        data = b"".join(unit.to_bytes(2, "big") for unit in pair)
        return data.decode("utf-16-be", "ignore"), found.end()
    if found["digits"] or found["hex"]:
        return _bare_number(found)
    name = found["name"] or found["mark"] or found["bare"]
    if not name.startswith("#"):
        return html5.get(f"{name};", ""), found.end()
    return _printable(html.unescape(f"&{name};")), found.end()


def _printable(character: str) -> str:
    """The character when text may hold it; else empty."""
    printable = character >= chr(_FIRST_PRINTABLE) or character in _WHITE_SPACE or character.isprintable()
    return character if len(character) == 1 and printable and character != "\ufffd" else ""


def _bare_number(found: re.Match[str]) -> tuple[str, int]:
    """The character of a number without semicolon; digits of the text may follow it.

    At the end of the text a short number may be the beginning of a longer one.
    """
    group, base = ("digits", 10) if found["digits"] else ("hex", 16)
    digits, size = found[group], _CHINESE_DIGITS[base]
    if len(digits) >= size and int(digits[:size], base) in _CHINESE:
        return chr(int(digits[:size], base)), found.start(group) + size
    value, mark = int(digits, base), int(digits[:_PUNCTUATION_DIGITS], base)
    if mark in _PUNCTUATION and (mark == value or not _is_text(value)):
        return chr(mark), found.start(group) + _PUNCTUATION_DIGITS
    is_whole = found.end() < len(found.string) and not digits.startswith("0")
    return chr(value) if is_whole and _is_text(value) else "", found.end()


def _is_text(value: int) -> bool:
    """Whether a number is that of an assigned character beyond ASCII."""
    if not _FIRST_PRINTABLE <= value <= sys.maxunicode:
        return False
    return unicodedata.category(chr(value)) not in {"Cn", "Cs", "Co"}


def _is_cut_entity(cut: str) -> bool:
    name = cut.rpartition("&")[2].rpartition(";")[2]
    if name.startswith("#"):
        return _WHOLE_NUMBER.match(name) is None
    return any(known.startswith(name) and known != name for known in _CUT_NAMES)
