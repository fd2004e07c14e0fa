"""Class C: UTF-8 bytes that were read as GBK.

``宸ヤ細鍔冲姩`` is 工会劳动: three bytes a character were read two by two. A run of
odd length loses its last byte, and byte 80 is lost wherever it leads (see
`unioncrawl.repair.utf8_misread.units`). A character with a lost byte is completed when
its neighbours leave one candidate; otherwise it stays and is flagged.

The rare characters of the page show the damage: read as UTF-8 they are common
ones. Ambiguous: a single character (one and a half of the page's), which is
repaired only on a page with longer damage. Left alone: rare characters in good
text, which are not valid UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from unioncrawl.repair.code_pages.pages import HOLE
from unioncrawl.repair.page_evidence import Page
from unioncrawl.repair.plan import NOTHING, Finding
from unioncrawl.repair.suspicion import Hint
from unioncrawl.repair.utf8_misread.lost_bytes import LOST_AS_GBK
from unioncrawl.repair.utf8_misread.stretches import Restoring, Stretch, stretch_of, swallows
from unioncrawl.repair.utf8_misread.units import Block, read_units

_LIKELY_GAIN = 1.0
_READ_AS_GBK = "UTF-8 bytes read as GBK"
_EURO_PAIR = b"\xa2\xe3"
_EURO_BYTE = b"\x80"
_MARKS_LEAD = 0xE3


def _characters(leads: range, seconds: range) -> str:
    # A line for each pair: decoding them all at once takes a quarter of the time.
    pairs = b"\n".join(bytes((lead, second)) for lead in leads for second in seconds)
    return "".join(line for line in pairs.decode("gb18030", "ignore").split("\n") if len(line) == 1)


# Characters of the page that are the first two bytes of a unit (E2 to EF, of
# Chinese and its marks), and such as hold the end of one and the lead of the next.
_FIRST = _characters(range(0xE2, 0xF0), range(0x80, 0xC0))
_MIDDLE = _characters(range(0x80, 0xC0), range(0xC2, 0xF0))
_HINT = re.compile(f"[{_FIRST}][{_MIDDLE}€?\ufffd]")
HINTS = (Hint(_FIRST, f"[{_MIDDLE}€?\ufffd]"),)
_BEGINNING = re.compile(f"[{_FIRST}]")
_FIRST_BYTES = re.compile(rb"[\xe2-\xef](?=[\x80-\xbf])")
# Whatever two bytes of UTF-8 can give.
_ANY = _FIRST + _characters(range(0x80, 0xF5), range(0x40, 0xF5))
_SINGLE = re.compile("[€?\ufffd]")
# 锟斤拷 is UTF-8 too, of U+FFFD: its original is lost (class F).
_LOST_FOR_GOOD = "(?!锟斤拷)"
_DAMAGED = re.compile(f"{_LOST_FOR_GOOD}[{_FIRST}](?:{_LOST_FOR_GOOD}[{_ANY}€?\ufffd])*")


def suspects_utf8_as_gbk(text: str) -> bool:
    """Whether a text has a character that two bytes of Chinese UTF-8 give, and another such after it.

    >>> suspects_utf8_as_gbk("宸ヤ細"), suspects_utf8_as_gbk("全国总工会")
    (True, False)
    """
    return _HINT.search(text) is not None


def undo_utf8_as_gbk(text: str, page: Page) -> Finding:
    """Read the GBK bytes of damaged stretches as the UTF-8 that they were.

    >>> undo_utf8_as_gbk("宸ヤ細鍔冲姩淇濇姢", Page(("宸ヤ細鍔冲姩淇濇姢",))).edits[0].after
    '工会劳动保护'
    >>> undo_utf8_as_gbk("朱镕基、陶喆、瓷窑", Page(("朱镕基、陶喆、瓷窑",))).edits
    ()
    """
    stretches = _stretches(text)
    if not stretches:
        return NOTHING
    established = any(stretch.is_sure for other in page.texts for stretch in _stretches(other))
    damaged = [s for s in stretches if s.is_sure or (established and s.gain >= _LIKELY_GAIN)]
    restoring = Restoring(text, _READ_AS_GBK, page.work, may_swallow=swallows(damaged))
    for stretch in damaged:
        restoring.restore(stretch)
    return Finding(tuple(restoring.edits), tuple(restoring.unresolved))


@lru_cache(maxsize=64)
def _stretches(text: str) -> tuple[Stretch, ...]:
    return tuple(_find_stretches(text)) if suspects_utf8_as_gbk(text) else ()


def _find_stretches(text: str) -> Iterator[Stretch]:
    """Each stretch; where reading one fails the next character is tried."""
    position = 0
    while (found := _DAMAGED.search(text, position)) is not None:
        block = gbk_block(found[0], found.start())
        position, done = found.end(), found.start()
        for first in _FIRST_BYTES.finditer(block.data):
            index = first.start()
            place = block.owner[index]
            if place < done or not block.starts_character(index) or not _BEGINNING.match(text, place):
                continue
            stretch = stretch_of(text, read_units(block, index))
            if stretch is not None:
                yield stretch
                done = stretch.end


def gbk_block(damaged: str, start: int) -> Block:
    """The bytes of a stretch of the page that begins at ``start``, as GBK has them.

    The euro sign is byte 80, user-defined pairs show as private-use characters. Of
    ``€€`` the first is GBK's own, A2 E3: the end of one unit and the lead of 、 or 。;
    but two bytes 80 are an ideographic space, E3 80 80, after the lead E3.

    >>> gbk_block("宸€?", 0).data.hex()
    'e5b780ff'
    """
    data = bytearray()
    owner: list[int] = []
    position = 0
    while position < len(damaged):
        single = _SINGLE.search(damaged, position)
        end = single.start() if single else len(damaged)
        data += damaged[position:end].encode("gb18030")
        owner += [at for index in range(start + position, start + end) for at in (index, index)]
        if single is None:
            break
        byte = bytes([HOLE])
        if single[0] == "€":
            is_pair = damaged.startswith("€€", end) and data[-1:] != bytes([_MARKS_LEAD])
            byte = _EURO_PAIR if is_pair else _EURO_BYTE
        data += byte
        owner += [start + end] * len(byte)
        position = end + 1
    return Block(bytes(data), owner, LOST_AS_GBK)
