"""UTF-8 read as GBK, taken apart: characters of the page to bytes, bytes to UTF-8 units.

A unit is one character of the original: its bytes, some of which may be lost.
GBK decoders lose a byte that leads no pair: 80 always (涓 and a sign for 一, E4
B8 80), the last byte of a run of odd length (鐗 and a sign for 物, E7 89 A9), and
pairs that GBK leaves open. The sign for it is ``?`` or U+FFFD, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import product

LOST_SIGNS = "?\ufffd"
_CONTINUATION = range(0x80, 0xC0)
_FIRST_NOT_ASCII = 0x80
_LENGTHS = ((range(0xC2, 0xE0), 2), (range(0xE0, 0xF0), 3), (range(0xF0, 0xF5), 4))
_PAIR = 2
# A byte (None: lost) and the character of the page that it comes from.
_Byte = tuple[int | None, int]
_CHINESE_LENGTH = 3
_MOST_LOST = 2
# Leads of Chinese and its marks; one of them was swallowed together with the byte before.
_LEADS = (0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEF)
LOST_LEAD = -1
_EURO_PAIR = b"\xa2\xe3"
_MARKS_LEAD = 0xE3


@dataclass(frozen=True, slots=True)
class Unit:
    """One character of the original.

    ``start`` and ``end`` are code points of the page: those that hold any of its
    bytes. ``data`` has None for a lost byte, ``signs`` counts those that left a
    sign. ``aligned`` tells that it shares no character of the page with its
    neighbours.
    """

    start: int
    end: int
    data: tuple[int | None, ...]
    following: int | None
    aligned: bool
    signs: int = 0

    @property
    def text(self) -> str:
        """The character, if no byte is lost and the bytes are one; else empty."""
        if None in self.data:
            return ""
        return bytes(byte for byte in self.data if byte is not None).decode("utf-8", "ignore")

    def candidates(self) -> list[str]:
        """The characters that fit the bytes and would have lost the bytes that are lost."""
        found: dict[str, None] = {}
        for layout in self._layouts():
            holes = [index for index, byte in enumerate(layout) if byte is None]
            for filling in product(*(_LEADS if hole == 0 else _CONTINUATION for hole in holes)):
                filled = iter(filling)
                data = [next(filled) if byte is None else byte for byte in layout]
                if self._would_lose(data, holes):
                    found[bytes(data).decode("utf-8", "ignore")] = None
        return [text for text in found if len(text) == 1]

    def _layouts(self) -> list[tuple[int | None, ...]]:
        """Where the lost bytes may have been: as signs tell, or anywhere behind the lead."""
        lost = self.data.count(None)
        if not 1 <= lost <= _MOST_LOST or lost == len(self.data):
            return []
        if self.signs:
            return [self.data]
        known = tuple(byte for byte in self.data if byte is not None)
        return [(*known[:at], None, *known[at:]) for at in range(1, len(self.data))] if lost == 1 else []

    def _would_lose(self, data: list[int], holes: list[int]) -> bool:
        """Whether a GBK decoder would have lost just these bytes.

        One sign for two bytes is a pair that GBK leaves open, swallowed whole.
        """
        following: list[int | None] = [*data, self.following]
        checked = holes[:1] if len(holes) > self.signs > 0 else holes
        return all(hole == 0 or is_lost_lead(data[hole], following[hole + 1]) for hole in checked)


@cache
def is_lost_lead(lead: int, second: int | None) -> bool:
    """Whether GBK makes no character of these two bytes, so that the first is lost.

    >>> is_lost_lead(0x80, 0xE4), is_lost_lead(0xA9, 0x3C), is_lost_lead(0x89, 0xA9)
    (True, True, False)
    """
    if second is None:
        return True
    if second == LOST_LEAD:
        return any(is_lost_lead(lead, swallowed) for swallowed in _LEADS)
    try:
        bytes([lead, second]).decode("gbk")
    except UnicodeDecodeError:
        return True
    return False


@cache
def gbk_bytes(character: str) -> bytes:
    """The bytes that Windows code page 936 (or GB18030) shows as this character; empty if none.

    The euro sign is byte 80, user-defined pairs show as private-use characters.

    >>> gbk_bytes("宸").hex(), gbk_bytes("€").hex(), gbk_bytes("😀")
    ('e5b7', '80', b'')
    """
    if character == "€":
        return b"\x80"
    data = character.encode("gb18030", "ignore")
    return data if len(data) <= _PAIR else b""


def read_units(text: str, start: int) -> list[Unit]:
    """The units of a damaged stretch that begins at a character of the page.

    It ends before the first byte that can't begin a unit, at ASCII that is no
    sign of loss, and at a character that no GBK decoder makes.

    >>> [unit.text for unit in read_units("在宸ヤ細 ok", 1)]
    ['工', '会']
    >>> [unit.data for unit in read_units("绗?簩", 0)]
    [(231, 172, None), (None, 186, 140)]
    """
    stream = _ByteStream(text, start)
    units: list[Unit] = []
    position = 0
    while (first := stream.get(position)) is not None:
        length = _length(first, text)
        if not length and units and _is_swallowed(units[-1], stream, position):
            units[-1] = replace(units[-1], following=LOST_LEAD)
            stream.insert_lost(position)
            length = _CHINESE_LENGTH
        if not length:
            break
        end = position + 1
        while end < position + length and _continues(stream.get(end)):
            end += 1
        units.append(_unit(stream, position, end, length))
        position = end
    return units


class _ByteStream:
    """Each byte from a character of the page on, with the character that it comes from."""

    def __init__(self, text: str, start: int) -> None:
        self._text = text
        self._next = start
        self._bytes: list[_Byte] = []

    def get(self, position: int) -> _Byte | None:
        """The byte at a position; None behind the end."""
        while position >= len(self._bytes) and self._next < len(self._text):
            character = self._text[self._next]
            if character in LOST_SIGNS:
                self._bytes.append((None, self._next))
            elif character.isascii():
                self._bytes.append((ord(character), self._next))
            else:
                data = _EURO_PAIR if self._is_euro_pair() else gbk_bytes(character)
                self._bytes += [(byte, self._next) for byte in data]
                self._next = self._next if data else len(self._text)
            self._next += 1
        return self._bytes[position] if position < len(self._bytes) else None

    def _is_euro_pair(self) -> bool:
        """Whether a euro sign here is GBK's own, A2 E3, the end of one unit and the lead of 、 or 。.

        Then byte 80, a euro sign too, stands behind it; two bytes 80 are an
        ideographic space, E3 80 80, behind the lead E3.
        """
        after_lead = bool(self._bytes) and self._bytes[-1][0] == _MARKS_LEAD
        return self._text.startswith("€€", self._next) and not after_lead

    def insert_lost(self, position: int) -> None:
        """Put a lost byte in: it was swallowed by the sign before."""
        self._bytes.insert(position, (None, self._bytes[position - 1][1]))


def _is_swallowed(last: Unit, stream: _ByteStream, position: int) -> bool:
    """Whether the sign of loss before this byte stands for the lead byte too (绗?簩 is 第二)."""
    before = stream.get(position - 1)
    ends_in_loss = last.data[-1] is None and before is not None and before[0] is None
    rest = [stream.get(position + offset) for offset in range(_CHINESE_LENGTH - 1)]
    return ends_in_loss and all(byte is not None and _continues(byte) for byte in rest)


def _unit(stream: _ByteStream, position: int, end: int, length: int) -> Unit:
    found = [byte for at in range(position, end) if (byte := stream.get(at)) is not None]
    first, last = found[0][1], found[-1][1]
    following = stream.get(end)
    before = stream.get(position - 1) if position else None
    data = tuple(byte for byte, _ in found)
    shares_first = before is not None and before[1] == first
    shares_last = following is not None and following[1] == last
    after = following[0] if following else None
    signs = data.count(None)
    data += (None,) * (position + length - end)
    return Unit(first, last + 1, data, after, not shares_first and not shares_last, signs)


def _continues(byte: _Byte | None) -> bool:
    return byte is not None and (byte[0] is None or byte[0] in _CONTINUATION)


def _length(first: _Byte, text: str) -> int:
    """How many bytes a unit has by its first byte; 0 when that begins no unit.

    ASCII is a unit only as the second byte of a character of the page.
    """
    byte, index = first
    if byte is None:
        return 0
    if byte < _FIRST_NOT_ASCII:
        return 0 if text[index].isascii() else 1
    return next((length for leads, length in _LENGTHS if byte in leads), 0)
