"""Stretches of letters of the code pages: where they stand, and whether somebody may have written them.

Bytes of Chinese that were read in a code page become a dense stretch of its upper half, in
which letters change case inside a word and stand beside fractions, currencies and
the corners of frames. What people write keeps its letters in words and its signs between them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from unioncrawl.repair.code_pages.pages import CODECS, letter_class, page_of
from unioncrawl.repair.suspicion import Hint

# Signs that good Chinese text has, alone and in rows (leaders, frames, marks of lists).
CHINESE_SIGNS = frozenset("“”‘’„…—–―·•°±×÷§¶√≈≠≤≥∞∩∫∑∏№℃™©®¥£€¢■▬▲►▼◄●○◆★♦♠♣♥─│┌┐└┘├┤┬┴┼═║█▓▒░\xa0\xad")
_ALL = frozenset[str]().union(*(page_of(codec).letters for codec in CODECS))
_TELLING_LETTERS = _ALL - CHINESE_SIGNS
# Code page 1258 has its tones apart; programs compose them to the letters of this block.
_COMPOSED = "\u1ea0-\u1eff"
_LETTER = f"[{letter_class(_ALL)}{_COMPOSED}\ufffd]"
_TELLING = letter_class(_TELLING_LETTERS) + _COMPOSED
# ASCII between the letters may be second bytes of GBK, digits of a date, a lost byte's ``?``.
_BETWEEN = "\\?*[ -~]{0,4}"
_STRETCH = re.compile(f"\\?{{0,4}}{_LETTER}(?:{_BETWEEN}{_LETTER})*\\?{{0,4}}")
_NEIGHBOURS = re.compile(f"[{_TELLING}][@-~]?{_LETTER}")
_FRAMES = range(0x2500, 0x25A0)
# Two characters of Chinese have at least so many letters, and so many different ones.
_FEWEST_LETTERS = 4
_FEWEST_KINDS = 3

HINTS = (Hint(_TELLING, f"[@-~]?{_LETTER}"),)
# Marks that stand beside words: quotation marks, and what begins a Spanish question.
_WORD_MARKS = frozenset("«»‹›“”‘’„‚¿¡…—–·'’ʼ؟،؛")


def suspects_letters(text: str) -> bool:
    """Whether a text has a dense stretch of letters that are neither ASCII nor Chinese.

    >>> suspects_letters("х╚╧Звэ╧╓╩Ау"), suspects_letters("ÊÐ×Ü¹€»á"), suspects_letters("全国总工会——café")
    (True, True, False)
    """
    return _NEIGHBOURS.search(text) is not None and any(find_stretches(text))


def find_stretches(text: str) -> Iterator[tuple[int, str]]:
    """Each dense stretch of letters and where it begins.

    >>> list(find_stretches("来源：ÊÐ×Ü¹€»á（2024年）"))
    [(3, 'ÊÐ×Ü¹€»á')]
    >>> list(find_stretches("à la française — 全国"))
    []
    """
    for found in _STRETCH.finditer(text):
        if is_dense(found[0]):
            yield found.start(), found[0]


def longest_stretches(texts: Iterable[str]) -> Iterator[str]:
    """The dense stretches of the texts that are suspected, the longest first.

    >>> list(longest_stretches(["来源：ÊÐ×Ü¹€»á", "х╚╧Звэ╧╓╩Ау，х╚"]))
    ['х╚╧Звэ╧╓╩Ау', 'ÊÐ×Ü¹€»á']
    """
    found = [run[0] for text in texts if _NEIGHBOURS.search(text) for run in _STRETCH.finditer(text)]
    return filter(is_dense, sorted(found, key=len, reverse=True))


def is_dense(stretch: str) -> bool:
    """Whether most of a stretch are letters that are not ASCII, and several different ones."""
    of_ascii = len(stretch.encode("ascii", "ignore"))
    letters = len(stretch) - of_ascii
    if letters < _FEWEST_LETTERS or letters < of_ascii - stretch.count("?"):
        return False
    return any(len(_TELLING_LETTERS.intersection(part)) >= _FEWEST_KINDS for part in (stretch[:16], stretch))


# So large a share of neighbours that nobody writes side by side, and so many of them.
_BREAK_SHARE = 0.25
_FEWEST_BREAKS = 3
# No word has six accented letters in a row (żółć has four).
_ACCENTED = re.compile("[\u00c0-\u024f\u1e00-\u1eff]{6,}")


def looks_written(stretch: str) -> bool:
    """Whether the letters of a stretch stand as people write them: words in one case, signs between.

    >>> looks_written("Профсоюзы России"), looks_written("ÀÁÂÃÄÅ àáâãäå"), looks_written("╔══╦══╗")
    (True, True, True)
    >>> looks_written("х╚╧Звэ╧╓╩Ауы"), looks_written("äžæ²³å¿æ»å·¥äŒå¬åŒäŒè®®")
    (False, False)
    """
    if all(ord(sign) in _FRAMES for sign in stretch if not sign.isascii()):
        return True
    if any(map(_is_disordered, _ACCENTED.findall(stretch))):
        return False
    pairs = [*pairwise(map(_kind, stretch))]
    breaks = sum(map(_BREAKS.__contains__, pairs))
    return breaks < _FEWEST_BREAKS or breaks < _BREAK_SHARE * len(pairs)


def _is_disordered(letters: str) -> bool:
    """Whether letters are no list of an alphabet, which goes upwards."""
    rising = sum(one < other for one, other in pairwise(letters))
    return rising <= len(letters) - rising


# What nobody writes side by side: a question mark before a letter, a small letter before a capital, a
# letter beside a sign, a final letter inside a word, a mark on nothing, a control anywhere.
_LETTER_KINDS = "luof"
_BREAKS = frozenset(
    {
        ("l", "u"),
        ("f", "o"),
        ("f", "f"),
        ("o", "u"),
        ("o", "l"),
        ("l", "o"),
        ("u", "o"),
        ("f", "l"),
        ("f", "u"),
    }
    | {pair for kind in _LETTER_KINDS for pair in ((kind, "s"), ("s", kind))}
    | {(kind, "m") for kind in "sc "}
    | {("?", kind) for kind in "luofsm?"}
    | {pair for kind in "luofsm " for pair in ((kind, "c"), ("c", kind))}
)
# Letters that only end a word, in Arabic, Hebrew, Greek and Thai.
_FINALS = frozenset("ةىךםןףץςๆๅ")


@cache
def _kind(letter: str) -> str:
    """A letter's kind: lower, upper, without case, final, a sign, a mark, a control; a space for the rest."""
    if letter == "?":
        return letter
    if letter in _WORD_MARKS or letter.isspace() or letter.isascii():
        return letter.islower() * "l" or letter.isupper() * "u" or " "
    return "f" if letter in _FINALS else _KINDS.get(unicodedata.category(letter), "s")


_KINDS = {"Ll": "l", "Lu": "u", "Lo": "o", "Lm": "o", "Mn": "m", "Mc": "m", "Cc": "c", "Cn": "c", "Co": "c"}
