"""What a mirror does to a page: class A damage, forwards and byte by byte.

Mirrors take a page as GBK bytes and treat every two of them as a character,
aligned or not. ``damage`` does the same; a ``Mirror`` record holds what differs
from mirror to mirror. So a restored text can be checked: damaged again, it must
give the page. The order is the mirrors' own: conversion,
encoding, cutting, annotation, decoding, width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from unioncrawl.repair.mirror_model.script_lookups import READING_OF, WRITTEN_FOR

CUT_MARKS = "！？；。，、"
# A list, as in ``to_simplified``: it is faster than a dictionary that lacks most characters.
_CONVERSION = [WRITTEN_FOR.get(code, code) for code in range(0x10000)]
_NARROWED = {ord(wide): narrow for wide, narrow in zip("，：；（）！？", ",:;()!?", strict=True)}
# Marks that some mirrors put an ASCII comma before.
COMMA_MARKS = "，。、；：！？"
_BEFORE_MARK = re.compile(f"(?=[{COMMA_MARKS}])")
_WIDE_MARK = re.compile("(?<!\\?)[，：；（）！？]")

PAIR_BYTES = len("工".encode("gbk"))
# Stands between pieces while they are annotated at once; no pair and no note holds it.
_EDGE = b"\0"
FIRST_LEAD, LAST_LEAD = 0x81, 0xFE
_HIGH_SECONDS, _LOW_SECONDS = bytes(range(0xA1, 0xFF)), bytes((*range(0x40, 0x7F), *range(0x80, 0xA1)))
# The second bytes that are user-defined after a lead byte.
_USER_DEFINED = {
    **dict.fromkeys((*range(0xAA, 0xB0), *range(0xF8, 0xFF)), _HIGH_SECONDS),
    **dict.fromkeys(range(0xA1, 0xA8), _LOW_SECONDS),
}


class Decoder(StrEnum):
    """What a mirror does with a lead byte that no valid second byte follows.

    ``SWALLOWING`` writes ``?`` for both bytes, ``DROPPING`` skips the lead byte
    silently and reads the next byte again.
    """

    SWALLOWING = "swallowing"
    DROPPING = "dropping"


@dataclass(frozen=True)
class Mirror:
    """What differs from mirror to mirror.

    ``annotated`` are the traditional characters that get their reading after
    them; ``readings`` are the readings that differ from the usual first one;
    ``narrow`` says whether an archive turned full-width marks into ASCII,
    ``commas`` whether the mirror puts an ASCII comma before each mark.
    """

    annotated: frozenset[str] = frozenset()
    decoder: Decoder = Decoder.SWALLOWING
    narrow: bool = False
    readings: Mapping[str, str] = field(default_factory=dict)
    cut_marks: str = CUT_MARKS
    commas: bool = False

    @cached_property
    def notes(self) -> list[tuple[bytes, bytes]]:
        """The annotated characters' bytes, ascending, and the note that is put after each."""
        readings = ((char, self.readings.get(char) or READING_OF[char]) for char in self.annotated)
        return sorted((char.encode("gbk"), f"({reading})".encode("gbk")) for char, reading in readings)


def damage(text: str, mirror: Mirror) -> str:
    """Do to a simplified text what the mirror does.

    >>> damage("全国总工会", Mirror(frozenset("國會")))
    '全國(guó)總工會(huì)'
    >>> damage("各省（区、市）", Mirror(frozenset("區")))
    '各?。▍^(qū)、市）'
    >>> damage("工人日报", Mirror(frozenset("區"), narrow=True))
    '工人日報'
    >>> damage("伟业。”党的", Mirror(commas=True))
    '偉業,?！秉h的'
    """
    written = _BEFORE_MARK.sub(",", text) if mirror.commas else text
    pieces = _annotated(cut(encode(convert(written)), mirror.cut_marks), mirror)
    damaged = "".join([decode_piece(piece, mirror.decoder) for piece in pieces])
    return narrow_marks(damaged) if mirror.narrow else damaged


def convert(text: str) -> str:
    """Turn simplified characters into what mirrors write, one by one.

    >>> convert("国务院发展后勤")
    '國務院發展后勤'
    >>> convert("工人")
    '工人'
    """
    return text.translate(_CONVERSION)


def encode(text: str) -> bytes:
    """Encode to GBK; a character that it lacks, and a no-break space, becomes ``?``."""
    return text.replace("\N{NO-BREAK SPACE}", "?").encode("gbk", "replace")


def cut(data: bytes, marks: str = CUT_MARKS) -> list[bytes]:
    """Cut before and after the bytes of each mark, whether they are a mark or not.

    The marks are taken in order: a ！ found across 。” hides that 。 .

    >>> [piece.hex() for piece in cut("省（区".encode("gbk"))]
    ['ca', 'a1a3', 'a8c7f8']
    """
    pieces = [data] if data else []
    for mark, pattern in _cutters(marks):
        if mark in data:
            pieces = [part for piece in pieces for part in _parts(pattern, piece)]
    return pieces


@lru_cache(maxsize=8)
def _cutters(marks: str) -> list[tuple[bytes, re.Pattern[bytes]]]:
    return [
        (mark, re.compile(b"(" + re.escape(mark) + b")")) for mark in (sign.encode("gbk") for sign in marks)
    ]


def _parts(pattern: re.Pattern[bytes], piece: bytes) -> list[bytes]:
    if len(piece) == PAIR_BYTES:
        return [piece]
    return [part for part in pattern.split(piece) if part]


def _annotated(pieces: list[bytes], mirror: Mirror) -> list[bytes]:
    """Annotate each piece by itself; all at once, since no pair reaches over the edge between them."""
    whole = _EDGE.join(pieces)
    if whole.count(_EDGE) >= len(pieces):
        return [annotate(piece, mirror.notes) for piece in pieces]
    return annotate(whole, mirror.notes).split(_EDGE)


def annotate(piece: bytes, notes: list[tuple[bytes, bytes]]) -> bytes:
    """Put a note after every occurrence of an annotated character's two bytes.

    >>> annotate("獎章".encode("gbk"), Mirror(frozenset("務")).notes).hex(" ")
    'aa 84 d5 28 77 a8 b4 29 c2'
    """
    for pair, note in notes:
        piece = piece.replace(pair, pair + note)
    return piece


def decode_piece(piece: bytes, decoder: Decoder) -> str:
    r"""Decode one piece as the mirror does.

    >>> decode_piece(b"\xca", Decoder.SWALLOWING), decode_piece(b"\xca", Decoder.DROPPING)
    ('?', '')
    >>> decode_piece("工会".encode("gbk"), Decoder.DROPPING)
    '工会'
    """
    try:
        text = piece.decode("gbk")
    except UnicodeDecodeError:
        return "".join(_decoded(piece, decoder))
    return text


def _decoded(piece: bytes, decoder: Decoder) -> Iterator[str]:
    position = 0
    while position < len(piece):
        lead = piece[position]
        if lead < FIRST_LEAD or lead > LAST_LEAD:
            yield decode_single(lead)
            position += 1
            continue
        character = decode_pair(piece[position : position + 2])
        if character is None and decoder is Decoder.DROPPING:
            position += 1
            continue
        yield "?" if character is None else character
        position += 2


def decode_single(byte: int) -> str:
    """Decode a byte that does not lead a pair: ASCII, the euro sign of cp936, else lost."""
    if byte < FIRST_LEAD - 1:
        return chr(byte)
    return "€" if byte == FIRST_LEAD - 1 else "?"


def decode_pair(pair: bytes) -> str | None:
    r"""Decode a lead byte and its second byte; empty in the user-defined areas, None if it is not a pair.

    >>> decode_pair(b"\xb9\xa4"), decode_pair(b"\xaa\xa1"), decode_pair(b"\xb9\x28")
    ('工', '', None)
    """
    if is_user_defined(pair):
        return ""
    try:
        return pair.decode("gbk")
    except UnicodeDecodeError:
        return None


def is_user_defined(pair: bytes) -> bool:
    """Whether two bytes lie in GBK's user-defined areas, which mirrors drop.

    The areas are AAA1 to AFFE, F8A1 to FEFE and A140 to A7A0.
    """
    return len(pair) == PAIR_BYTES and pair[1] in _USER_DEFINED.get(pair[0], b"")


def narrow_marks(text: str) -> str:
    """Turn full-width marks into ASCII, as page archives do, though not right after a ``?``.

    >>> narrow_marks("省（区，市）"), narrow_marks("各?，")
    ('省(区,市)', '各?，')
    """
    return _WIDE_MARK.sub(lambda mark: mark[0].translate(_NARROWED), text)
