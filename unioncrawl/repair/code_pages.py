"""The European code pages that GBK bytes were read as: which bytes a letter may stand for."""

from __future__ import annotations

import codecs
from functools import cache
from typing import NamedTuple

_HIGH = range(0x80, 0x100)
_C1_CONTROLS = range(0x80, 0xA0)
_TWO_BYTE_UTF8 = range(0x80, 0x800)
# ASCII, and the signs that good Chinese text has: ° ± · ×.
_NO_LETTERS = bytes(range(0x80)) + b"\xb0\xb1\xb7\xd7"
_UTF8_LETTER = "unioncrawl.utf8-letter"


def _encode_letter(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].encode("utf-8", "replace"), error.end


codecs.register_error(_UTF8_LETTER, _encode_letter)


class LetterBytes(NamedTuple):
    """One way to take a letter: its one byte in the code page, or the two of its UTF-8 form."""

    data: bytes
    is_rival: bool = False


class CodePage:
    """A code page whose open bytes are C1 controls, as the WHATWG Encoding Standard (9.1) has them.

    Latin-1 needs no page of its own: its C1 controls are taken as code page 1252 has them.

    >>> CodePage("cp1252").encode("ÖÐ¹ú").decode("gbk")
    '中国'
    """

    def __init__(self, codec: str) -> None:
        self.codec = codec
        upper = [bytes([byte]).decode(codec, "ignore") or chr(byte) for byte in _HIGH]
        self.bytes_of = {chr(byte): byte for byte in _C1_CONTROLS} | dict(zip(upper, _HIGH, strict=True))
        self._map = codecs.charmap_build("".join(map(chr, range(0x80))) + "".join(upper))
        self._controls = dict(zip(_C1_CONTROLS, upper, strict=False))

    def encode(self, letters: str) -> bytes:
        """The bytes of letters; one that the page lacks as the bytes of its UTF-8 form (B2)."""
        return codecs.charmap_encode(letters.translate(self._controls), _UTF8_LETTER, self._map)[0]

    @cache  # noqa: B019 - there are two pages, made once
    def options(self, letter: str) -> tuple[LetterBytes, ...]:
        """The bytes that a letter can stand for, the likelier way first."""
        if letter.isascii():
            return (LetterBytes(letter.encode()),)
        single = [LetterBytes(bytes([self.bytes_of[letter]]))] if letter in self.bytes_of else []
        if ord(letter) in _TWO_BYTE_UTF8:
            single.append(LetterBytes(letter.encode(), is_rival=bool(single)))
        return tuple(single)


CODE_PAGES: dict[str, CodePage] = {codec: CodePage(codec) for codec in ("cp1252", "cp1250")}


def has_latin_letters(text: str) -> bool:
    """Whether a text has any letter of Latin-1; quick, because most Chinese text lacks them.

    >>> has_latin_letters("ÖÐ¹ú"), has_latin_letters("全国总工会·2024")
    (True, False)
    """
    return not text.isascii() and bool(text.encode("latin-1", "ignore").translate(None, _NO_LETTERS))
