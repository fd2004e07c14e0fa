"""Which bytes of UTF-8 a program lost, and which characters may therefore have stood there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from unioncrawl.language.characters import BEYOND_GB2312_COST, FIRST_LEVEL_COST, character_cost

_CONTINUATION = range(0x80, 0xC0)
_MOST_CANDIDATES = 64
# The bytes of a character of Chinese: no more than two of them can be lost.
CHINESE_BYTES = len("工".encode())
# Leads of Chinese and its marks; one of them was swallowed together with the byte before.
CHINESE_LEADS = (0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEF)
LOST_LEAD = 0x100
# The bytes of a character (None: lost), in order.
_Data = tuple[int | None, ...]


class Loss(NamedTuple):
    """Which bytes may be lost: those of ``unseen``; None stands for what a GBK decoder loses.

    A page drops soft hyphens and no-break spaces, the bytes that its code page leaves open, and
    controls. It shows U+FFFD or ``?`` for bytes that are ``marked``.
    """

    unseen: frozenset[int] | None
    marked: frozenset[int] = frozenset()


LOST_AS_GBK = Loss(None)
_ANY_BYTE = frozenset(range(0x80, 0x100))


@lru_cache(maxsize=1 << 14)
def candidates(data: _Data, following: int | None, signs: int, loss: Loss) -> tuple[str, ...]:
    """The characters that fit and would have lost just these bytes, the commonest first.

    ``following`` is the byte after them (None: not known, `LOST_LEAD`: a lead that
    was swallowed), ``signs`` how many of the lost bytes left a sign.

    >>> candidates((0xE4, 0xB8, None), 0xE7, 1, LOST_AS_GBK)[:3]
    ('一', '中', '个')
    """
    if len(data) == CHINESE_BYTES == data.count(None) + 1:
        return tuple(_likeliest_of_two(data, following, signs, loss))
    found: dict[str, None] = {}
    for layout in _layouts(data, signs):
        holes = [index for index, byte in enumerate(layout) if byte is None]
        for filling in product(*(CHINESE_LEADS if hole == 0 else _CONTINUATION for hole in holes)):
            filled = iter(filling)
            whole = [next(filled) if byte is None else byte for byte in layout]
            if _would_lose(whole, holes, following, signs, loss):
                found[bytes(whole).decode("utf-8", "ignore")] = None
    # Where no sign shows a loss, more may be lost than expected: then only common characters are tried.
    most_cost = BEYOND_GB2312_COST if signs else FIRST_LEVEL_COST
    likely = (text for text in found if len(text) == 1 and character_cost(text) <= most_cost)
    characters = sorted(likely, key=character_cost)
    return tuple(characters[:_MOST_CANDIDATES])


def _likeliest_of_two(data: _Data, following: int | None, signs: int, loss: Loss) -> Iterator[str]:
    """The candidates where two bytes are lost: the commonest are tried first, a few are enough."""
    if not signs:
        return
    holes = [index for index, byte in enumerate(data) if byte is None]
    known = next(index for index, byte in enumerate(data) if byte is not None)
    left = _MOST_CANDIDATES
    for character in _with_byte(known, data[known] or 0):
        if _would_lose(list(character.encode()), holes, following, signs, loss):
            yield character
            left -= 1
            if not left:
                return


@cache
def _with_byte(place: int, byte: int) -> tuple[str, ...]:
    """The characters of Chinese that have a byte at a place of their UTF-8, the commonest first."""
    rests: list[Sequence[int]] = [CHINESE_LEADS if at == 0 else _CONTINUATION for at in range(CHINESE_BYTES)]
    rests[place] = (byte,)
    found = (bytes(whole).decode("utf-8", "ignore") for whole in product(*rests))
    likely = (text for text in found if len(text) == 1 and character_cost(text) <= BEYOND_GB2312_COST)
    return tuple(sorted(likely, key=character_cost))


def _layouts(data: _Data, signs: int) -> Iterator[_Data]:
    """Yield where the lost bytes may have been: where the signs are, or anywhere after the lead."""
    lost = data.count(None)
    if not 1 <= lost < CHINESE_BYTES or lost == len(data):
        return
    if signs:
        yield data
    elif lost == 1:
        known = tuple(byte for byte in data if byte is not None)
        yield from ((*known[:at], None, *known[at:]) for at in range(1, len(data)))


def _would_lose(whole: list[int], holes: list[int], following: int | None, signs: int, loss: Loss) -> bool:
    """Whether the program would have lost just these bytes.

    One sign for two bytes is a pair that GBK leaves open, swallowed whole.
    """
    if loss.unseen is not None:
        lost = (loss.marked or _ANY_BYTE) if signs else loss.unseen
        return all(whole[hole] in lost for hole in holes)
    after: list[int | None] = [*whole, following]
    checked = holes[:1] if len(holes) > signs > 0 else holes
    return all(hole == 0 or is_lost_lead(whole[hole], after[hole + 1]) for hole in checked)


@cache
def is_lost_lead(lead: int, second: int | None) -> bool:
    """Whether these two bytes are not a character of GBK, so that the first is lost.

    >>> is_lost_lead(0x80, 0xE4), is_lost_lead(0xA9, 0x3C), is_lost_lead(0x89, 0xA9)
    (True, True, False)
    """
    if second is None:
        return True
    if second == LOST_LEAD:
        return any(is_lost_lead(lead, swallowed) for swallowed in CHINESE_LEADS)
    try:
        bytes([lead, second]).decode("gbk")
    except UnicodeDecodeError:
        return True
    return False
