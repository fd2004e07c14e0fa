"""Class G: ``(dòng )`` and ``(🕤)`` put into simplified text at random.

Spam mirrors break up sentences with a reading in brackets that ends in a space,
or with a clock or another picture in brackets, so that copies differ. They are
dropped. Left alone: notes without the space (甪(lù)直, which a writer wrote),
notes on rare characters that give their reading, lines where half of the
characters have one (primers, poems), pictures without brackets, and pictures at
the end of a sentence on a page that shows no other insertion. A clock is dropped
anywhere but after a time (九点半(🕤)). Ambiguous: another lone picture inside a
sentence; it is dropped when it splits a word, flagged otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from unioncrawl.language.characters import character_cost
from unioncrawl.language.pinyin import DICTIONARY_LETTERS, readings_of
from unioncrawl.model import Unresolved
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding
from unioncrawl.repair.suspicion import Hint

_SPACE = "[ \u00a0\u2002-\u200a\u3000]"
_NOTE = f"[(（]{_SPACE}*(?P<reading>[{DICTIONARY_LETTERS}]{{1,6}}){_SPACE}+[)）]"
# Ticks, boxes and addresses that forms have in brackets, though GBK lacks them.
_SIGNS_OF_FORMS = frozenset("✓✔✕✖✗✘☐☑☒☎☏✆✉✍✎✏♠♡♢♣♤♥♦♧♩♪♫♬♭♮♯♲♻⚠⚡")
# Technical signs, dingbats and arrows; what follows is all of pictures, also of later Unicode versions.
_SYMBOLS, _PICTURES = range(0x2300, 0x2C00), "\U0001f000-\U0001faff"


def _is_picture(sign: str) -> bool:
    """Whether a symbol is no sign of Chinese text: GBK lacks it, and it stands for no letters (℃, ㎡, ①).

    >>> [_is_picture(sign) for sign in "✌☀★√℃✓"]
    [True, True, False, False, False, False]
    """
    return (
        unicodedata.category(sign) in ("So", "Sk")
        and not unicodedata.decomposition(sign)
        and not sign.encode("gbk", "ignore")
        and sign not in _SIGNS_OF_FORMS
    )


_PICTURE_SIGNS = "".join(filter(_is_picture, map(chr, _SYMBOLS))) + _PICTURES
_PICTURE = f"[(（]{_SPACE}*(?P<picture>[{_PICTURE_SIGNS}][\ufe0f\u200d{_PICTURE_SIGNS}]*){_SPACE}*[)）]"
_INSERTION = re.compile(f"{_NOTE}|{_PICTURE}")
# Two patterns that begin with one sign are far faster to look for than one with either.
_HINTS = tuple(
    re.compile(f"{sign}(?:[^()（）]{{1,7}}{_SPACE}|{_SPACE}*[{_PICTURE_SIGNS}][^()（）]{{0,4}})[)）]")
    for sign in ("\\(", "（")
)
_CLOCK = re.compile("[\U0001f550-\U0001f567\U0001f570]")
_TIME = re.compile("[0-9点點时時分刻半钟鐘间間晚早午夜][：:]?$|[时時]间?[：:]?$")
HINTS = (Hint(_SPACE[1:-1], "[)）]"), Hint(_PICTURE_SIGNS))
_HAN = re.compile("[\u3400-\u9fff]")
_SENTENCE_ENDS = ("", "\n", "\r", "。", "！", "？", "!", "?", "<")
# A primer has a reading at nearly every character; so have neighbours in a line of one.
_PRIMER_SHARE = 0.8
_NEIGHBOURS_SHARE = 0.6
_FEWEST_NEIGHBOURS = 4
_ESTABLISHED_INSERTIONS = 2
# A character that costs more than this is rare enough for a writer to give its reading.
_RARE_COST = 10.0
_CONFIDENCE_ESTABLISHED = 0.98
_CONFIDENCE_ALONE = 0.92


def suspects_insertions(text: str) -> bool:
    """Whether a text has a bracket that holds a spaced reading or a picture.

    >>> suspects_insertions("劳动(dòng )竞赛"), suspects_insertions("甪(lù)直镇")
    (True, False)
    """
    return any(hint.search(text) for hint in _HINTS)


def drop_insertions(text: str, page: Page) -> Finding:
    """Drop readings and pictures that were put in at random.

    >>> page = Page(("劳动(dòng )竞赛，职(🕤)工参加",))
    >>> [(edit.start, edit.end) for edit in drop_insertions(page.texts[0], page).edits]
    [(2, 9), (13, 16)]
    >>> drop_insertions("甪(lù)直镇总工会", Page(("甪(lù)直镇总工会",))).edits
    ()
    """
    if not suspects_insertions(text):
        return NOTHING
    established = sum(map(_count_inside, page.texts)) >= _ESTABLISHED_INSERTIONS
    confidence = _CONFIDENCE_ESTABLISHED if established else _CONFIDENCE_ALONE
    edits: list[Edit] = []
    unresolved: list[Unresolved] = []
    for found in _insertions(text):
        why = _judge(text, found, established=established)
        if why:
            edits.append(Edit(*found.span(), "", confidence, why))
        elif found["picture"] and not _shows_time(text, found) and _stands_inside_a_sentence(text, found):
            unresolved.append(Unresolved(*found.span(), "perhaps a picture put in by a mirror"))
    return Finding(tuple(edits), tuple(unresolved))


def _judge(text: str, found: re.Match[str], *, established: bool) -> str:
    """Return why an insertion is dropped; empty when it stays."""
    host = text[found.start() - 1 : found.start()]
    if found["picture"]:
        if established:
            return "a picture in brackets, as elsewhere on the page"
        if _CLOCK.match(found["picture"]):
            return "" if _shows_time(text, found) else "a clock in brackets"
        return "a picture inside a word" if _splits_word(text, found) else ""
    if not _HAN.match(host):
        return "a reading that follows no character" if established else ""
    is_rare = character_cost(host) > _RARE_COST and found["reading"] in readings_of(host)
    if is_rare and not established:
        return ""
    return "a reading with a space, put in at random"


@lru_cache(maxsize=64)
def _insertions(text: str) -> tuple[re.Match[str], ...]:
    """The insertions of a text, without those of lines that teach reading."""
    found: list[re.Match[str]] = []
    start = 0
    for line in text.splitlines(keepends=True):
        end = start + len(line)
        here = [found for found in _INSERTION.finditer(text, start, end) if _is_reading_or_picture(found)]
        if not _is_primer(here, len(_HAN.findall(line))):
            found += here
        start = end
    return tuple(found)


def _is_primer(found: list[re.Match[str]], characters: int) -> bool:
    """Whether a line teaches reading: few characters lack a reading, and it has no picture."""
    readings = [one for one in found if one["reading"]]
    if len(readings) < len(found) or not readings:
        return False
    neighbours = sum(one.end() + 1 == other.start() for one, other in pairwise(readings))
    side_by_side = neighbours >= max(_FEWEST_NEIGHBOURS, _NEIGHBOURS_SHARE * len(readings))
    return side_by_side or len(readings) >= _PRIMER_SHARE * characters


def _is_reading_or_picture(found: re.Match[str]) -> bool:
    """Whether letters are a reading: by a tone mark, or of the character: 的(de ), not 分(cm )."""
    reading = found["reading"]
    if not reading or not reading.isascii():
        return True
    return reading in readings_of(found.string[found.start() - 1])


def _count_inside(text: str) -> int:
    if not suspects_insertions(text):
        return 0
    found = _insertions(text)
    return sum(
        bool(one["reading"]) or (_is_inside(text, one) and not _shows_time(text, one)) for one in found
    )


def _shows_time(text: str, found: re.Match[str]) -> bool:
    return bool(
        _CLOCK.match(found["picture"]) and _TIME.search(text[max(found.start() - 2, 0) : found.start()])
    )


def _is_inside(text: str, found: re.Match[str]) -> bool:
    """Whether an insertion stands between two Chinese characters."""
    around = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    return all(map(_HAN.match, around))


def _stands_inside_a_sentence(text: str, found: re.Match[str]) -> bool:
    after = text[found.end() : found.end() + 1]
    return _HAN.match(text[found.start() - 1 : found.start()]) is not None and after not in _SENTENCE_ENDS


def _splits_word(text: str, found: re.Match[str]) -> bool:
    from unioncrawl.language.lexicon import load_lexicon  # noqa: PLC0415 - clean text never reads it

    if not _is_inside(text, found):
        return False
    word = text[found.start() - 1] + text[found.end()]
    return load_lexicon().word_log_prob(word) is not None
