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
from collections.abc import Iterator
from functools import lru_cache

from unioncrawl.language.characters import character_cost
from unioncrawl.repair.code_pages import CODE_PAGES, has_latin_letters
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, Finding
from unioncrawl.repair.suspicion import Hint
from unioncrawl.repair.utf8_misread.lost_bytes import Loss
from unioncrawl.repair.utf8_misread.stretches import Restoring, Stretch, stretch_of
from unioncrawl.repair.utf8_misread.units import HOLE, LOST_SIGNS, Block, read_units, whole_bytes

_READ_AS_LATIN = "UTF-8 bytes read as Latin-1"
_BYTES = CODE_PAGES["cp1252"].bytes_of
_TAIL = f"[{re.escape(''.join(letter for letter, byte in _BYTES.items() if byte < 0xC0))}]"  # noqa: PLR2004 - bytes of UTF-8
# A letter that the code page lacks shows that the run is something else.
_LETTER = f"[\x80-\u07ff{re.escape(''.join(letter for letter in _BYTES if ord(letter) > 0x7FF))}]"  # noqa: PLR2004 - bytes of UTF-8
_RUN = re.compile(f"{_LETTER}(?:[ ?\ufffd]{{0,2}}{_LETTER})*[ ?\ufffd]{{0,2}}")
# A leading letter and what may follow it; one class at the front is searched fastest.
_HINT = re.compile(
    f"[\xc2\xc3\xe0-\xf0](?:{_TAIL})(?:(?<=[\xe0-\xf0].)|(?<=[\xc2\xc3].)[\xc2-\xdf])", re.DOTALL
)
HINTS = (Hint("\xc2\xc3\xe0-\xf0", _TAIL),)
_CONTROL = re.compile("[\x80-\x9f]")
_SIGN = re.compile("[^\x00-\xff]")
# A space inside a unit was a no-break space (A0).
_SPACES = (
    (re.compile(rb"([\xe0-\xef]) (?=[\x80-\xbf])"), b"\\1\xa0"),
    (re.compile(rb"([\xe0-\xef][\x80-\xbf]) "), b"\\1\xa0"),
)
# So much of a run is UTF-8, so common are its characters, and so many accents stand in a row.
_COVERED = 0.8
_WHOLE = 0.4
_CHINESE_LENGTH = 3
_BEFORE_CHINESE, _BEYOND = "\u2e7f", "\U00010000"
_CHINESE_SIGNS = frozenset("“”‘’—…·")
_COMMON_COST = 9.5
_FEWEST_ACCENTS = 2
_LOST_FOR_GOOD = "\ufffd"
# A byte that UTF-8 never has.
_NO_BYTE = 0xC0


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
    if not any(map(suspects_utf8_as_latin, page.texts)):
        return NOTHING
    established = any(_is_damage(run) for other in page.texts for run in _runs(other))
    restoring = Restoring(text, _READ_AS_LATIN, page.work)
    for run in _runs(text):
        if _is_damage(run) or (established and _is_covered(run)):
            for stretch in run[1]:
                restoring.restore(stretch)
    return Finding(tuple(restoring.edits), tuple(restoring.unresolved))


# How many letters a run has, and its stretches.
_Run = tuple[int, tuple[Stretch, ...]]


@lru_cache(maxsize=64)
def _runs(text: str) -> tuple[_Run, ...]:
    found = (_run(text, run[0], run.start()) for run in _RUN.finditer(text) if _HINT.search(run[0]))
    return tuple(found)


def _run(text: str, letters: str, start: int) -> _Run:
    block = latin_block(letters, start)
    if whole_bytes(block.data) < _WHOLE * len(block.data):
        return len(block.data), ()
    return len(block.data), tuple(_stretches(text, block))


def _stretches(text: str, block: Block) -> Iterator[Stretch]:
    index = 0
    while index < len(block.data):
        units = read_units(block, index)
        stretch = stretch_of(text, [unit for unit in units if unit.text != _LOST_FOR_GOOD])
        if stretch is None:
            index += 1
            continue
        yield stretch
        index = max(stretch.end - block.owner[0], index + 1)


def latin_block(letters: str, start: int) -> Block:
    """The bytes of a run of letters of the page that begins at ``start``.

    >>> latin_block("å·¥", 0).data.hex()
    'e5b7a5'
    """
    data = bytes(_byte(letter) for letter in letters)
    for pattern, space in _SPACES:
        data = pattern.sub(space, data)
    return Block(data, list(range(start, start + len(letters))), _loss(letters), has_pairs=True)


def _loss(letters: str) -> Loss:
    """Return which bytes may have been dropped: those of the kinds that the letters no longer show."""
    if _CONTROL.search(letters):
        return Loss.SPACES
    return Loss.CP1252 if _SIGN.search(letters) else Loss.LATIN


def _byte(letter: str) -> int:
    if letter == " ":
        return ord(letter)
    return HOLE if letter in LOST_SIGNS else _BYTES.get(letter, _NO_BYTE)


def _is_covered(run: _Run) -> bool:
    """Whether nearly all of a run is UTF-8, and half of it is whole."""
    letters, stretches = run
    units = [unit for stretch in stretches for unit in stretch.units]
    whole = sum(unit.end - unit.start for unit in units if unit.text)
    broken = sum(unit.end - unit.start for unit in units if len(unit.data) == _CHINESE_LENGTH)
    return whole >= _WHOLE * letters and whole + broken >= _COVERED * letters


def _is_damage(run: _Run) -> bool:
    """Whether a run is UTF-8 beyond doubt."""
    if not _is_covered(run):
        return False
    characters = "".join(unit.text for stretch in run[1] for unit in stretch.units)
    chinese = [c for c in characters if _BEFORE_CHINESE < c < _BEYOND or c in _CHINESE_SIGNS]
    if not chinese and max(characters) < _BEYOND:
        return len(characters) - len(characters.encode("ascii", "ignore")) >= _FEWEST_ACCENTS
    return sum(map(character_cost, chinese)) <= _COMMON_COST * len(chinese)
