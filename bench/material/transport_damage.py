"""What happens to a text on its way, class by class: the forward models of B, B2, C, E and G.

The tests and the benchmark damage clean text with them; repair is the inverse of
each. Class A, the mirrors' own, is in `unioncrawl.repair.mirror_model.forward`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from html.entities import codepoint2name
from random import Random

from unioncrawl.language.pinyin import readings_of
from unioncrawl.repair.utf8_misread.lost_bytes import is_lost_lead

_ASCII_END = 0x80
_PAIR_LEADS = range(0xC2, 0xE0)
_CONTINUATION = range(0x80, 0xC0)
CLOCKS = "🕐🕑🕒🕓🕔🕕🕖🕗🕘🕙🕚🕛🕜🕤🕥🕰"


class GbkReader(StrEnum):
    """How a program reads bytes that are not GBK: what it shows for a lead byte without a second.

    ``MARKING`` shows U+FFFD and reads the next byte again, ``QUESTIONING`` does the
    same with ``?``, ``SWALLOWING`` shows one ``?`` for both bytes, ``DROPPING`` shows
    nothing, ``WINDOWS`` shows byte 80 as € and user-defined pairs as private-use
    characters, and ``?`` for the rest.
    """

    MARKING = "marking"
    QUESTIONING = "questioning"
    SWALLOWING = "swallowing"
    DROPPING = "dropping"
    WINDOWS = "windows"


def read_as_latin(text: str, codec: str = "cp1252") -> str:
    """Class B: the text's GBK bytes read as a European encoding; open bytes are C1 controls.

    >>> read_as_latin("中国标准时间")
    'ÖÐ¹ú±ê×¼Ê±¼ä'
    """
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode("gbk"))


def read_utf8_as_latin(text: str, codec: str = "cp1252") -> str:
    """The text's UTF-8 bytes read as a European encoding; open bytes are C1 controls.

    >>> read_utf8_as_latin("工会")
    'å·¥ä¼š'
    """
    return "".join(bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in text.encode())


def read_pairs_as_utf8(text: str) -> str:
    """Class B2: the same, but GBK pairs that happen to be valid UTF-8 are read as UTF-8.

    >>> read_pairs_as_utf8("这种统一口径")
    'ÕâÖÖͳһ¿Ú¾¶'
    """
    pairs = (character.encode("gbk") for character in text)
    return "".join(pair.decode("utf-8" if _is_utf8_pair(pair) else "latin-1") for pair in pairs)


def _is_utf8_pair(pair: bytes) -> bool:
    return len(pair) == 2 and pair[0] in _PAIR_LEADS and pair[1] in _CONTINUATION


def read_utf8_as_gbk(text: str, reader: GbkReader = GbkReader.QUESTIONING) -> str:
    r"""Class C: the text's UTF-8 bytes read as GBK.

    >>> read_utf8_as_gbk("工会劳动保护")
    '宸ヤ細鍔冲姩淇濇姢'
    >>> read_utf8_as_gbk("第二", GbkReader.WINDOWS), read_utf8_as_gbk("第二", GbkReader.SWALLOWING)
    ('绗\ue0ff簩', '绗?簩')
    """
    data = text.encode("utf-8")
    codec = "gb18030" if reader is GbkReader.WINDOWS else "gbk"
    shown: list[str] = []
    position = 0
    while position < len(data):
        lead = data[position]
        pair = data[position : position + 2]
        if lead < _ASCII_END:
            shown.append(chr(lead))
            position += 1
        elif len(pair) > 1 and (character := _pair(pair, codec)):
            shown.append(character)
            position += 2
        else:
            shown.append(_SHOWN[reader](lead))
            position += 2 if reader is GbkReader.SWALLOWING else 1
    return "".join(shown)


def _pair(pair: bytes, codec: str) -> str:
    if codec == "gbk" and is_lost_lead(pair[0], pair[1]):
        return ""
    decoded = pair.decode(codec, "ignore")
    return decoded if len(decoded) == 1 and not decoded.isascii() else ""


_SHOWN: dict[GbkReader, Callable[[int], str]] = {
    GbkReader.MARKING: lambda _: "\ufffd",
    GbkReader.QUESTIONING: lambda _: "?",
    GbkReader.SWALLOWING: lambda _: "?",
    GbkReader.DROPPING: lambda _: "",
    GbkReader.WINDOWS: lambda lead: "€" if lead == _ASCII_END else "?",
}


def escape_entities(text: str, layers: int = 2, *, numbers: bool = False) -> str:
    """Class E: signs as named entities (or all as numbers), escaped as often as asked for.

    >>> escape_entities("“工会”", 1), escape_entities("“工会”")
    ('&ldquo;工会&rdquo;', '&amp;ldquo;工会&amp;rdquo;')
    """

    def escape(character: str) -> str:
        name = codepoint2name.get(ord(character))
        if numbers and not character.isascii():
            return f"&#{ord(character)};"
        return f"&{name};" if name else character

    escaped = "".join(map(escape, text))
    for _ in range(layers - 1):
        escaped = escaped.replace("&", "&amp;")
    return escaped


def insert_at_random(text: str, rng: Random, share: float = 0.1) -> str:
    """Class G: readings with a space, and clocks in brackets, after characters at random."""
    damaged: list[str] = []
    for character in text:
        damaged.append(character)
        if "\u4e00" <= character <= "\u9fff" and rng.random() < share:
            reading = min(readings_of(character))
            damaged.append(rng.choice((f"({reading} )", f"({rng.choice(CLOCKS)})")))
    return "".join(damaged)
