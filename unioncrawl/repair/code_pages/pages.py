"""The single-byte code pages that Chinese bytes were read as: which byte a letter stands for."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import cache, cached_property
from typing import NamedTuple

_HIGH = range(0x80, 0x100)
_C1_CONTROLS = range(0x80, 0xA0)
_TWO_BYTE_UTF8 = range(0x80, 0x800)
# ASCII, and the signs that good Chinese text has: ° ± · ×.
_NO_LETTERS = bytes(range(0x80)) + b"\xb0\xb1\xb7\xd7"
_UTF8_LETTER = "unioncrawl.utf8-letter"
# What may be dropped on the way although the code page has it: it can't be seen.
_NO_BREAK_SPACE = "\xa0"
_UNSEEN = frozenset({_NO_BREAK_SPACE, "\xad", *map(chr, _C1_CONTROLS)})
# The byte that stands for a sign of loss: neither UTF-8 nor GBK has it.
HOLE = 0xFF


def _encode_letter(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return error.object[error.start : error.end].encode("utf-8", "replace"), error.end


codecs.register_error(_UTF8_LETTER, _encode_letter)


def fill_with(byte: int) -> str:
    """The name of a codec's error handler that writes one byte for each letter it can't encode.

    >>> "工会".encode("latin-1", fill_with(HOLE)).hex()
    'ffff'
    """

    def fill(error: UnicodeError) -> tuple[bytes, int]:
        if not isinstance(error, UnicodeEncodeError):
            raise error
        return bytes([byte]) * (error.end - error.start), error.end

    name = f"unioncrawl-fill-{byte:02x}"
    codecs.register_error(name, fill)
    return name


_HOLES = fill_with(HOLE)


_GB2312_BYTES = frozenset(range(0xA1, 0xFF))
_SOFT_HYPHEN, _AS_LATIN = "\xad", 0xAD
_CONTINUATION = range(0x80, 0xC0)
_REPLACEMENT, _NO_LATIN = 0xFFFD, "\uffff"
# Where a space stands for a continuation byte.
_SPACES = (re.compile(rb"([\xe0-\xef]) (?=[\x80-\xbf])"), re.compile(rb"([\xe0-\xef][\x80-\xbf]) "))


class LetterBytes(NamedTuple):
    """One way to take a letter: its one byte in the code page, or the two of its UTF-8 form."""

    data: bytes
    is_rival: bool = False


class CodePage:
    """A code page whose open bytes are C1 controls, as the WHATWG Encoding Standard (9.1) has them.

    Latin-1 needs no page of its own: its C1 controls are taken as code page 1252 has them.

    >>> CodePage("cp1252").encode("ÖÐ¹ú").decode("gbk")
    '中国'
    >>> CodePage("koi8_r").to_bytes("х╚╧З").decode("gbk")
    '全国'
    """

    def __init__(self, codec: str) -> None:
        self.codec = codec
        found = [bytes([byte]).decode(codec, "ignore") for byte in _HIGH]
        self.open_bytes = frozenset(byte for byte, letter in zip(_HIGH, found, strict=True) if not letter)
        upper = [letter or chr(byte) for byte, letter in zip(_HIGH, found, strict=True)]
        self.bytes_of = {chr(byte): byte for byte in _C1_CONTROLS} | dict(zip(upper, _HIGH, strict=True))
        # A page may drop these without a sign: open bytes, controls, soft hyphen, no-break space.
        unseen = (self.bytes_of[letter] for letter in upper if letter in _UNSEEN)
        self.unseen_bytes = self.open_bytes.union(unseen)
        self._map = codecs.charmap_build("".join(map(chr, range(0x80))) + "".join(upper))
        self._controls = dict(zip(_C1_CONTROLS, upper, strict=False))
        # A letter of Latin-1 that the page lacks must not pass for the byte of its number.
        self._bytes = dict.fromkeys(_HIGH, _NO_LATIN) | {
            ord(sign): byte for sign, byte in self.bytes_of.items()
        }
        self._bytes[_REPLACEMENT] = HOLE

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters and signs of the page's upper half."""
        return frozenset(self.bytes_of)

    @cached_property
    def no_break_space(self) -> int | None:
        """The byte of the no-break space, which programs turn into a space; None when the page has none."""
        return self.bytes_of.get(_NO_BREAK_SPACE)

    def encode(self, letters: str) -> bytes:
        """The bytes of letters; one that the page lacks as the bytes of its UTF-8 form (B2)."""
        return codecs.charmap_encode(letters.translate(self._controls), _UTF8_LETTER, self._map)[0]

    def to_bytes(self, letters: str) -> bytes:
        r"""The bytes of letters of this page, one each; U+FFFD is `HOLE`, and so is a letter that it lacks.

        >>> CodePage("koi8_r").to_bytes("хé\ufffd").hex(), CodePage("cp1252").to_bytes("é").hex()
        ('c8ffff', 'e9')
        """
        return letters.translate(self._bytes).encode("latin-1", _HOLES)

    def put_spaces_back(self, data: bytes) -> bytes:
        r"""Bytes of UTF-8 in which a space inside a character is the no-break space that it was.

        >>> CodePage("cp1252").put_spaces_back(b"\xe5\x8a ").decode()
        '加'
        """
        if b" " not in data or self.no_break_space is None or self.no_break_space not in _CONTINUATION:
            return data
        for pattern in _SPACES:
            data = pattern.sub(rb"\1" + bytes([self.no_break_space]), data)
        return data

    def spell(self, letters: str) -> str:
        """The letters as the page has them: one that was composed (NFC) of two of the page's taken apart.

        Code page 1258 has its tones apart, and programs compose them: ể is ê and a hook.

        >>> CodePage("cp1258").spell("ể") == "ê\u0309", CodePage("cp1252").spell("ể")
        (True, 'ể')
        """
        strange = {letter for letter in set(letters) - self.letters if not letter.isascii()}
        if not strange or not self._combining:
            return letters
        return letters.translate({ord(letter): self._apart(letter) for letter in strange})

    def has_all(self, kinds: frozenset[str]) -> bool:
        """Whether the page has letters, those that were composed taken apart.

        >>> page_of("cp1258").has_all(frozenset("ểê")), page_of("cp1252").has_all(frozenset("ểê"))
        (True, False)
        """
        strange = kinds - self.letters
        if not strange or not self._combining:
            return not strange
        return all(one.isascii() or one in self.letters for letter in strange for one in self._apart(letter))

    @cached_property
    def _combining(self) -> bool:
        return any(unicodedata.combining(letter) for letter in self.letters)

    @cache  # noqa: B019 - there are eight such pages, and the letters of all pages
    def _apart(self, letter: str) -> str:
        if letter in self.bytes_of:
            return letter
        *base, mark = list(unicodedata.normalize("NFD", letter))
        spelled = unicodedata.normalize("NFC", "".join(base)) + mark
        if self.letters.issuperset(spelled):
            return spelled
        for at in range(len(base)):
            tone, rest = base[at], "".join([*base[:at], *base[at + 1 :], mark])
            spelled = unicodedata.normalize("NFC", rest) + tone
            if self.letters.issuperset(character for character in spelled if not character.isascii()):
                return spelled
        return letter

    def may_have_lost(self, letters: str) -> bool:
        """Whether bytes of common characters may have been dropped: no letter shows what became of them."""
        if "\ufffd" in letters:
            return False
        lost = self.unseen_bytes.intersection(_GB2312_BYTES)
        shown = {self.bytes_of[letter] for letter in _UNSEEN.intersection(letters) if letter in self.bytes_of}
        return bool(lost - {self.bytes_of.get(_SOFT_HYPHEN, 0)} - shown) or (
            self.bytes_of.get(_SOFT_HYPHEN, _AS_LATIN) != _AS_LATIN and _SOFT_HYPHEN not in letters
        )

    @cached_property
    def lost_space(self) -> int:
        """The byte of the no-break space, where characters of GB2312 have it; else 0."""
        space = self.no_break_space or 0
        return space if space in _GB2312_BYTES else 0

    @cache  # noqa: B019 - there are some fifty pages, made once
    def options(self, letter: str) -> tuple[LetterBytes, ...]:
        """The bytes that a letter can stand for, the likelier way first."""
        if letter.isascii():
            space = [LetterBytes(bytes([self.lost_space]))] if letter == " " and self.lost_space else []
            return (LetterBytes(letter.encode()), *space)
        single = [LetterBytes(bytes([self.bytes_of[letter]]))] if letter in self.bytes_of else []
        if ord(letter) in _TWO_BYTE_UTF8:
            single.append(LetterBytes(letter.encode(), is_rival=bool(single)))
        return tuple(single)


# The single-byte code pages that programs read web pages in, by family, the commoner ones first: of two
# that explain a text alike the first is named. Codecs of Python's that repeat another one are left out.
CODECS = (
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp1257", "cp1258", "cp1253", "cp1255", "cp1256"),
    *("iso8859_15", "iso8859_2", "iso8859_9", "iso8859_5", "iso8859_7", "iso8859_4", "iso8859_10"),
    *("iso8859_13", "iso8859_14", "iso8859_16", "iso8859_3", "iso8859_6", "iso8859_8", "cp874"),
    *("cp437", "cp850", "cp858", "cp852", "cp866", "cp855", "cp857", "cp737", "cp775", "cp720"),
    *("cp860", "cp861", "cp862", "cp863", "cp864", "cp865", "cp869", "cp1125"),
    *("koi8_r", "koi8_u", "koi8_t", "kz1048", "ptcp154"),
    *("mac_roman", "mac_cyrillic", "mac_latin2", "mac_turkish", "mac_greek", "mac_iceland"),
    *("mac_croatian", "mac_romanian", "iso8859_11"),
)


@cache
def page_of(codec: str) -> CodePage:
    """The code page of a codec, made on first use."""
    return CodePage(codec)


# The pages whose lost bytes and pairs of UTF-8 are searched without more evidence.
CODE_PAGES: dict[str, CodePage] = {codec: page_of(codec) for codec in ("cp1252", "cp1250")}


def letter_class(letters: frozenset[str]) -> str:
    """The inside of a regular expression's class that holds just these letters."""
    return re.escape("".join(sorted(letters)))


def has_latin_letters(text: str) -> bool:
    """Whether a text has any letter of Latin-1; quick, because most Chinese text lacks them.

    >>> has_latin_letters("ÖÐ¹ú"), has_latin_letters("全国总工会·2024")
    (True, False)
    """
    return not text.isascii() and bool(text.encode("latin-1", "ignore").translate(None, _NO_LETTERS))
