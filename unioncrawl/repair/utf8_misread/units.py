"""UTF-8 read in another encoding, taken apart: characters of the page to bytes, bytes to UTF-8 units.

A unit is a stretch of the original: characters of which no byte is lost, or one
that lacks some. GBK decoders lose a byte that leads no pair: 80 always (涓 and a
sign for 一, E4 B8 80), the last byte of a run of odd length (鐗 and a sign for 物,
E7 89 A9), and pairs that GBK leaves open. They write ``?`` or U+FFFD for it, or no
sign at all. Latin-1 loses what is invisible: soft hyphens, no-break spaces, controls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, pairwise

from unioncrawl.language.characters import FIRST_LEVEL_COST, character_cost
from unioncrawl.repair.code_pages.pages import HOLE
from unioncrawl.repair.utf8_misread.lost_bytes import (
    CHINESE_BYTES,
    CHINESE_LEADS,
    LOST_AS_GBK,
    LOST_LEAD,
    Loss,
    candidates,
)

LOST_SIGNS = "?\ufffd"
_CONTINUATION = range(0x80, 0xC0)
_LENGTHS = ((range(0xC2, 0xE0), 2), (range(0xE0, 0xF0), 3), (range(0xF0, 0xF5), 4))
_LENGTH_OF = {lead: length for leads, length in _LENGTHS for lead in leads}
_FIRST_LONG_LEAD = 0xE2
# The letters and signs of two bytes that Chinese text has.
_SHORT_SIGNS = frozenset("·×÷°±§®©¥áéíóúàèìòùāēīōūǎěǐǒǔǖǘǚǜüâêîôûäëïöçñãõøåæßÀÁÉÈÖÜ")
_PAIR = len("é".encode())
_TAIL, _TAIL_OR_LOST = rb"[\x80-\xbf]", rb"[\x80-\xbf\xff]"
_BEYOND = rb"\xf0[\x90-\xbf]%b%b" % (_TAIL, _TAIL)
# Chinese, its signs and kana; every character of the BMP.
_CHINESE = rb"[\xe2-\xe9\xef]%b%b" % (_TAIL, _TAIL)
_LONG = rb"\xe0[\xa0-\xbf]%b|[\xe1-\xec\xee\xef]%b%b|\xed[\x80-\x9f]%b" % ((_TAIL,) * 4)
_WHOLE = re.compile(b"(?:%b|%b|[\x00-\x7f])+" % (_CHINESE, _BEYOND))
_WHOLE_OR_PAIRS = re.compile(rb"(?:%b|%b|[\x00-\x7f]|[\xc2-\xdf]%b)+" % (_LONG, _BEYOND, _TAIL))

# Bytes of a unit of two, three or four; a sign of loss may stand for the lead of Chinese, too.
_READABLE = re.compile(
    rb"[\x00-\x7f]+|[\xe0-\xef\xff](?:%b%b?)?(?:(?<=\xff)%b%b?)*"
    rb"|[\xc2-\xdf]%b|[\xf0-\xf4]%b{3}" % (*(_TAIL_OR_LOST,) * 4, _TAIL, _TAIL)
)


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the page as the bytes that it was, each with the character it comes from.

    ``has_pairs`` says that units of two bytes are as good as longer ones; else a unit of
    two bytes that is one character of the page is probably good text.
    """

    data: bytes
    owner: list[int]
    loss: Loss
    has_pairs: bool = False

    def length_of(self, lead: int) -> int:
        """How many bytes a unit has by its first byte; 0 when that byte begins no unit."""
        length = _LENGTH_OF.get(lead, 0)
        return length if self.has_pairs or length != CHINESE_BYTES or lead in CHINESE_LEADS else 0

    def starts_character(self, position: int) -> bool:
        """Whether a byte begins a character of the page."""
        return not 0 < position < len(self.owner) or self.owner[position - 1] != self.owner[position]


@dataclass(frozen=True, slots=True)
class Unit:
    """One character of the original with bytes lost, or several characters without a loss.

    ``start`` and ``end`` are code points of the page: those that hold any of its
    bytes. ``data`` has None for a lost byte, ``signs`` counts those that left a
    sign. ``aligned`` says that it does not share a character of the page with its
    neighbours.
    """

    start: int
    end: int
    data: tuple[int | None, ...]
    following: int | None
    aligned: bool
    signs: int = 0
    text: str = ""
    loss: Loss = LOST_AS_GBK

    def candidates(self) -> tuple[str, ...]:
        """The characters that fit the bytes and would have lost the bytes that are lost, likeliest first."""
        return candidates(self.data, self.following, self.signs, self.loss)


def read_units(block: Block, position: int = 0) -> list[Unit]:
    """The units of a block from a byte on, up to the first byte that can't begin one.

    >>> from unioncrawl.repair.utf8_misread.as_gbk import gbk_block
    >>> [unit.text for unit in read_units(gbk_block("宸ヤ細", 0))]
    ['工会']
    >>> [unit.data for unit in read_units(gbk_block("绗?簩", 0))]
    [(231, 172, None), (None, 186, 140)]
    """
    units: list[Unit] = []
    pattern = _WHOLE_OR_PAIRS if block.has_pairs else _WHOLE
    while position < len(block.data):
        whole = pattern.match(block.data, position)
        if whole is not None:
            units += _whole_units(block, position, whole.end())
            position = whole.end()
            continue
        length = block.length_of(block.data[position])
        if not length and units and _is_swallowed(units[-1], block, position):
            units[-1] = replace(units[-1], following=LOST_LEAD)
            units.append(_unit(block, position, position + CHINESE_BYTES - 1, swallowed=True))
            position = position + CHINESE_BYTES - 1
            continue
        end = _end_of_unit(block, position, length)
        if not length or (length == _PAIR and _is_good_text(block, position, end)):
            return _without_good_text(block, units, position)
        units.append(_unit(block, position, end, missing=position + length - end))
        position = end
    return units


def _without_good_text(block: Block, units: list[Unit], end: int) -> list[Unit]:
    """The units before good text, which the program that lost bytes has not read.

    A last character that took the first byte of a good one lacks that byte.
    """
    if not units:
        return units
    if not units[-1].text or block.starts_character(end):
        return [*units[:-1], replace(units[-1], following=None)]
    last = units.pop()
    size = len(last.text[-1].encode())
    start, border = end - size, end - 1
    if len(last.text) > 1:
        units.append(_unit(block, start - len(last.text[:-1].encode()), start, text=last.text[:-1]))
    if border > start:
        units.append(replace(_unit(block, start, border, missing=1), following=None))
    return units


def whole_bytes(data: bytes) -> int:
    """How many of the bytes are whole UTF-8 as they stand; a quick check for text without damage."""
    return sum(map(len, _WHOLE_OR_PAIRS.findall(data)))


def readable_bytes(data: bytes) -> int:
    """How many of the bytes may be part of a character that is whole, or is Chinese and lacks bytes.

    No reading finds more; it is quick, and GBK has fewer.

    >>> readable_bytes("工会".encode()), readable_bytes("工会".encode()[:5])
    (6, 5)
    >>> readable_bytes("市总工会召开会议".encode("gbk"))
    7
    """
    return sum(map(len, _READABLE.findall(data)))


def _whole_units(block: Block, position: int, end: int) -> Iterator[Unit]:
    """A whole stretch as units; a part that shares a character of the page with a neighbour is split off."""
    data = block.data
    cuts = {position, end, *_first_border(block, range(position, end))}
    if not block.starts_character(end):
        cuts.update(_first_border(block, range(position, end)[::-1]))
    for first, last in pairwise(sorted(cuts)):
        yield _unit(block, first, last, text=data[first:last].decode())


def _first_border(block: Block, places: range) -> Iterator[int]:
    """Yield the first of some places where a unit and a character of the page begin; nothing without one."""
    borders = (at for at in places if block.data[at] not in _CONTINUATION and block.starts_character(at))
    yield from islice(borders, 1)


def _end_of_unit(block: Block, position: int, length: int) -> int:
    end = position + 1
    while end < min(position + length, len(block.data)) and _continues(block.data[end]):
        end += 1
    return end


def _is_good_text(block: Block, position: int, end: int) -> bool:
    """Whether a unit of two bytes is a character of the page by itself, and no damage follows it."""
    if block.has_pairs:
        return False
    character = block.data[position:end].decode("utf-8", "ignore")
    is_one = block.starts_character(position) and block.starts_character(end)
    return character not in _SHORT_SIGNS or (is_one and not _WHOLE.match(block.data, end))


def _continues(byte: int) -> bool:
    return byte in _CONTINUATION or byte == HOLE


def _is_swallowed(last: Unit, block: Block, position: int) -> bool:
    """Whether the sign of loss before this byte stands for the lead byte too (绗?簩 is 第二)."""
    ends_in_loss = bool(last.data) and last.data[-1] is None and block.data[position - 1] == HOLE
    end = position + CHINESE_BYTES - 1
    rest = block.data[position:end]
    if not ends_in_loss or len(rest) < CHINESE_BYTES - 1 or not all(map(_continues, rest)):
        return False
    if end == len(block.data):
        return character_cost(rest.decode("gb18030", "replace")[0]) > FIRST_LEVEL_COST
    return block.data[end] >= _FIRST_LONG_LEAD and all(map(_continues, block.data[end + 1 : end + 2]))


def _unit(  # noqa: PLR0913 - the parts of a unit
    block: Block, position: int, end: int, *, text: str = "", missing: int = 0, swallowed: bool = False
) -> Unit:
    data: tuple[int | None, ...] = ()
    if not text:
        data = tuple(None if byte == HOLE else byte for byte in block.data[position:end])
        text = _decoded(data) if not (missing or swallowed) else ""
    if swallowed:
        data = (None, *data)
    signs = data.count(None)
    first = block.owner[position - 1] if swallowed else block.owner[position]
    following = block.data[end] if end < len(block.data) else None
    return Unit(
        first,
        block.owner[end - 1] + 1,
        data + (None,) * missing,
        None if following == HOLE else following,
        block.starts_character(position) and block.starts_character(end) and not swallowed,
        signs,
        text,
        block.loss,
    )


def _decoded(data: tuple[int | None, ...]) -> str:
    """The character of a unit; empty when a byte is lost or the bytes are no character."""
    return "" if None in data else bytes(byte for byte in data if byte is not None).decode("utf-8", "ignore")
