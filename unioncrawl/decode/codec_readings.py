"""A body read in one codec: the text, the bytes that it could not explain, how Chinese it looks.

No byte is swallowed: each byte that the codec cannot explain stands as one
U+FFFD, and the byte after it is read again.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property

from unioncrawl.decode.lost_bytes import LOST, resynchronise
from unioncrawl.language.characters import common_share, judged_characters
from unioncrawl.language.stray_characters import PRIVATE_USE

_MARK = "unioncrawl.mark"
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_ISOLATED_RUN_BYTES = 2
# A strict reading of this quality needs no comparison with anything else.
_SURE_SHARE = 0.5
_SURE_CHARACTERS = 4
_PRIVATE_USE = str.maketrans(PRIVATE_USE)
_MOVED = re.compile("[" + "".join(PRIVATE_USE) + "]")


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    # WHATWG Encoding Standard 10.2.1: byte 0x80 is the euro sign in GBK pages.
    if error.encoding == "gb18030" and error.object[error.start] == 0x80:  # noqa: PLR2004 - the byte
        return "€", error.start + 1
    # Section 9.1 there: the five bytes that windows-1252 leaves open are C1 controls.
    if error.encoding == "charmap":
        return chr(error.object[error.start]), error.start + 1
    return LOST * (error.end - error.start), error.end


codecs.register_error(_MARK, _mark_bytes)


@dataclass(frozen=True)
class Reading:
    """A body as read in one codec.

    ``undecodable`` counts the bytes that stand as U+FFFD, ``cut_bytes`` those of
    them that begin a character which the body's end has cut.
    """

    codec: str
    text: str
    undecodable: int = 0
    cut_bytes: int = 0

    @cached_property
    def share(self) -> float | None:
        """The share of common Chinese characters; ``None`` without a character to judge."""
        return common_share(self.text)

    @property
    def is_sure(self) -> bool:
        """Whether the text has enough characters to judge, half of them common ones."""
        enough = len(judged_characters(self.text, _SURE_CHARACTERS)) == _SURE_CHARACTERS
        return enough and (self.share or 0.0) >= _SURE_SHARE


def read_strictly(body: bytes, codec: str) -> Reading | None:
    """The body in a codec that explains every byte, but for a character cut at the end.

    ``None`` means that some byte before the end has no meaning in the codec.

    >>> read_strictly("工会".encode("gbk"), "utf-8") is None
    True
    >>> read_strictly("工会".encode("utf-8")[:-1], "utf-8")
    Reading(codec='utf-8', text='工��', undecodable=2, cut_bytes=2)
    """
    try:
        return Reading(codec, _today(body.decode(codec), codec))
    except UnicodeDecodeError as error:
        if error.end < len(body) or not _is_cut(body[error.start :], codec):
            return None
        tail = len(body) - error.start
        return Reading(codec, _today(body[: error.start].decode(codec), codec) + LOST * tail, tail, tail)


def read_leniently(body: bytes, codec: str) -> Reading:
    r"""The body in a codec, each byte that has no meaning in it as U+FFFD.

    >>> read_leniently(b"\xb9\xa4\xff\xbb\xe1", "gb18030")
    Reading(codec='gb18030', text='工�会', undecodable=1, cut_bytes=0)
    """
    text = body.decode(codec, _MARK)
    if codec == "gb18030" and LOST in text:
        text = resynchronise(body, text, high_bytes(body))
    text = _today(text, codec)
    genuine = body.count(LOST.encode(codec)) if codec == "utf-8" else 0
    return Reading(codec, text, max(text.count(LOST) - genuine, 0))


def with_losses(reading: Reading, body: bytes) -> Reading:
    r"""The reading of a GB18030 body in which several lost bytes left no byte without meaning.

    >>> body = "职工之家建设工作推进会".encode("gbk")
    >>> with_losses(Reading("gb18030", body.decode("gbk")), body).undecodable
    0
    """
    text = _today(resynchronise(body, reading.text, high_bytes(body)), reading.codec)
    return reading if text == reading.text else Reading(reading.codec, text, text.count(LOST))


def _today(text: str, codec: str) -> str:
    """A reading in the codes of GB18030-2022; Python's codec gives those of 2005."""
    if codec != "gb18030" or not _MOVED.search(text):
        return text
    return text.translate(_PRIVATE_USE)


def high_bytes(body: bytes) -> int:
    """How many bytes of a body are not ASCII.

    >>> high_bytes("工会 ok".encode("gbk"))
    4
    """
    return len(body) - len(body.translate(None, _HIGH))


def stands_alone_share(body: bytes) -> float:
    """The share of non-ASCII bytes that stand alone or in twos between ASCII letters.

    Accented letters of a European page do; Chinese in two bytes a character
    comes in runs of four and more.

    >>> stands_alone_share("déjà vu à Zürich".encode("cp1252"))
    1.0
    >>> stands_alone_share("全国总工会".encode("gbk"))
    0.0
    """
    runs = [len(run) for run in _HIGH_RUN.findall(body)]
    if not runs:
        return 0.0
    return sum(length for length in runs if length <= _ISOLATED_RUN_BYTES) / sum(runs)


_HIGH = bytes(range(0x80, 0x100))


def _is_cut(tail: bytes, codec: str) -> bool:
    """Whether these last bytes are the beginning of a character."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(tail) == "" and len(tail) > 0
    except UnicodeDecodeError:
        return False
