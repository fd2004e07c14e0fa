"""UTF-8 bytes that were read as Latin-1 or code page 1252.

``å·¥ä¼š`` is 工会, ``â€œ`` a quotation mark; three bytes of UTF-8 became three
letters each. Read twice, ``å`` stands as ``Ã¥``, and letters that were GBK before stand
as ``Ã–Ã``. No-break spaces may have become spaces, and soft hyphens and controls may
have been dropped on the way.

A run of letters is damage when nearly all of it is UTF-8 of common characters, or
at least two accented letters in a row. Ambiguous: one of those (Ã» is 没
on a page of class B); it is repaired on a page with longer damage. Left alone:
accents of European languages, which are not valid UTF-8.
"""

from __future__ import annotations

import re
from functools import lru_cache

from unioncrawl.language.characters import character_cost
from unioncrawl.model import Unresolved
from unioncrawl.repair.code_pages.judge import judge
from unioncrawl.repair.code_pages.pages import CODE_PAGES, has_latin_letters
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, Edit, Finding
from unioncrawl.repair.suspicion import Hint
from unioncrawl.repair.utf8_misread.lost_bytes import CHINESE_BYTES
from unioncrawl.repair.utf8_misread.page_block import letters_block
from unioncrawl.repair.utf8_misread.stretches import Stretch, restore_or_leave, stretches_in
from unioncrawl.repair.utf8_misread.units import readable_bytes, whole_bytes

_READ_AS_LATIN = "UTF-8 bytes read as Latin-1"
_PAGE = CODE_PAGES["cp1252"]
_BYTES = _PAGE.bytes_of
_TAIL = f"[{re.escape(''.join(letter for letter, byte in _BYTES.items() if byte < 0xC0))}]"  # noqa: PLR2004 - bytes of UTF-8
# A letter that the code page lacks shows that the run is something else.
_LETTER = f"[\x80-\u07ff{re.escape(''.join(letter for letter in _BYTES if ord(letter) > 0x7FF))}]"  # noqa: PLR2004 - bytes of UTF-8
_RUN = re.compile(f"{_LETTER}(?:[ ?\ufffd]{{0,2}}{_LETTER})*[ ?\ufffd]{{0,2}}")
# A leading letter and what may follow it; one class at the front is searched fastest.
_HINT = re.compile(
    f"[\xc2\xc3\xe0-\xf0](?:{_TAIL})(?:(?<=[\xe0-\xf0].)|(?<=[\xc2\xc3].)[\xc2-\xdf])", re.DOTALL
)
HINTS = (Hint("\xc2\xc3\xe0-\xf0", _TAIL),)
# So much of a run is UTF-8, so common are its characters, and so many accents stand in a row.
_COVERED = 0.8
_WHOLE = 0.4
_CHINESE = re.compile("[\u2e80-\uffff“”‘’—…·]")
_BEYOND = "\U00010000"
_COMMON_COST = 9.5
_FEWEST_ACCENTS = 2


def suspects_utf8_as_latin(text: str) -> bool:
    """Whether a text has two letters that may be the first bytes of Chinese UTF-8.

    >>> suspects_utf8_as_latin("å·¥ä¼š"), suspects_utf8_as_latin("全国总工会"), suspects_utf8_as_latin("déjà")
    (True, False, False)
    """
    return has_latin_letters(text) and _HINT.search(text) is not None


def shows_layer(text: str) -> bool:
    """Whether nearly all letters of a text are UTF-8, so that no other damage need be looked for yet.

    >>> shows_layer("å·¥ä¼š"), shows_layer("ÖÐ¹ú±ê×¼Ê±¼ä")
    (True, False)
    """
    letters = sum(map(len, _RUN.findall(text)))
    units = [unit for run in _runs(text) if _is_damage(run) for stretch in run[1] for unit in stretch.units]
    return sum(unit.end - unit.start for unit in units if unit.text) >= _COVERED * letters > 0


def undo_utf8_as_latin(text: str, page: Page) -> Finding:
    """Read the letters of damaged runs as the UTF-8 bytes that they were.

    >>> undo_utf8_as_latin("å·¥ä¼š", Page(("å·¥ä¼š",))).edits[0].after
    '工会'
    >>> undo_utf8_as_latin("Ã à la française", Page(("Ã à la française",))).edits
    ()
    """
    if not any(map(suspects_utf8_as_latin, page.texts)) or judge(page.texts) is not None:
        return NOTHING
    established = any(_is_damage(run) for other in page.texts for run in _runs(other))
    edits: list[Edit] = []
    unresolved: list[Unresolved] = []
    for run in _runs(text):
        if _is_damage(run) or (established and _is_covered(run)):
            restored, left = restore_or_leave(text, run[1], _READ_AS_LATIN, page.work)
            edits += restored
            unresolved += left
    return Finding(tuple(edits), tuple(unresolved))


# How many letters a run has, and its stretches.
_Run = tuple[int, tuple[Stretch, ...]]


@lru_cache(maxsize=64)
def _runs(text: str) -> tuple[_Run, ...]:
    found = (_run(text, run[0], run.start()) for run in _RUN.finditer(text) if _HINT.search(run[0]))
    return tuple(found)


def _run(text: str, letters: str, start: int) -> _Run:
    block = letters_block(letters, start, _PAGE)
    letters_read = readable_bytes(block.data)
    if letters_read < _COVERED * len(block.data) or whole_bytes(block.data) < _WHOLE * len(block.data):
        return len(block.data), ()
    return len(block.data), tuple(stretches_in(text, block))


def _is_covered(run: _Run) -> bool:
    """Whether nearly all of a run is UTF-8, and half of it is whole."""
    letters, stretches = run
    units = [unit for stretch in stretches for unit in stretch.units]
    whole = sum(unit.end - unit.start for unit in units if unit.text)
    broken = sum(unit.end - unit.start for unit in units if len(unit.data) == CHINESE_BYTES)
    return whole >= _WHOLE * letters and whole + broken >= _COVERED * letters


def _is_damage(run: _Run) -> bool:
    """Whether a run is UTF-8 beyond doubt."""
    if not _is_covered(run):
        return False
    characters = "".join(unit.text for stretch in run[1] for unit in stretch.units)
    chinese = _CHINESE.findall(characters)
    if not chinese and max(characters) < _BEYOND:
        return len(characters) - len(characters.encode("ascii", "ignore")) >= _FEWEST_ACCENTS
    return sum(map(character_cost, chinese)) <= _COMMON_COST * len(chinese)
