"""Letters of a code page as the bytes of UTF-8 that they were, with what may have been lost on the way."""

from __future__ import annotations

import re
from functools import cache

from unioncrawl.repair.code_pages.pages import HOLE, CodePage, fill_with
from unioncrawl.repair.utf8_misread.lost_bytes import Loss
from unioncrawl.repair.utf8_misread.units import LOST_SIGNS, Block

_CONTROL = re.compile("[\x80-\x9f]")
_SIGN = re.compile("[^\x00-\xff]")
# A byte that UTF-8 never has.
_NO_BYTE = 0xC0
_FILL = fill_with(_NO_BYTE)
# Letters that stretches of Latin have although their page lacks them; a table is faster than the handler.
_LATIN_TO_ARABIC = range(0x80, 0x800)
# Code page 1254, else like 1252 where UTF-8 has its tails, leaves these open, too.
_HOLES, _TURKISH_HOLES = frozenset("Žž"), frozenset({0x8E, 0x9E})
_CONTROLS = frozenset(range(0x80, 0xA0))


def letters_block(letters: str, start: int, page: CodePage) -> Block:
    """Return the bytes of a run of letters that begins at ``start`` of the text.

    A space inside a character was a no-break space, where the page has that as such a byte.

    >>> from unioncrawl.repair.code_pages.pages import page_of
    >>> letters_block("å·¥", 0, page_of("cp1252")).data.hex()
    'e5b7a5'
    """
    data = page.put_spaces_back(letters.translate(_bytes_of(page)).encode("latin-1", _FILL))
    return Block(data, list(range(start, start + len(letters))), _loss(letters, page), has_pairs=True)


@cache
def _bytes_of(page: CodePage) -> dict[int, int]:
    """The byte of each letter, by code point."""
    known = {ord(letter): byte for letter, byte in page.bytes_of.items()}
    return dict.fromkeys(_LATIN_TO_ARABIC, _NO_BYTE) | known | {ord(sign): HOLE for sign in LOST_SIGNS}


def _loss(letters: str, page: CodePage) -> Loss:
    """Return which bytes may have been dropped: those of the kinds that the letters no longer show."""
    shows_controls = _CONTROL.search(letters) is not None
    return _loss_of(
        page,
        shows_controls=shows_controls,
        shows_signs=shows_controls or _SIGN.search(letters) is not None,
        is_turkish=page.codec == "cp1252" and _HOLES.isdisjoint(letters),
    )


@cache
def _loss_of(page: CodePage, *, shows_controls: bool, shows_signs: bool, is_turkish: bool) -> Loss:
    spaces = frozenset(page.bytes_of[sign] for sign in "\xa0\xad" if sign in page.bytes_of)
    unseen = page.unseen_bytes
    if shows_controls:
        unseen = spaces
    elif page.codec == "cp1252" and not shows_signs:
        unseen = spaces | _CONTROLS
    if is_turkish:
        unseen |= _TURKISH_HOLES
    return Loss(unseen, (page.open_bytes | unseen) if page.open_bytes else frozenset())
