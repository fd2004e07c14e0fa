"""A page in two encodings: a template in GBK around a text in UTF-8, or the reverse.

Includes, caches and databases put pages together from parts that were never decoded. No
character of either encoding goes over a tag, so each stretch between tags is read alone.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from unioncrawl.decode.codec_readings import Reading, high_bytes, read_leniently, read_strictly
from unioncrawl.decode.lost_bytes import LOST

# Four Chinese characters in UTF-8; bytes of GBK that look so are rare characters.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){4}")
_STRETCH = re.compile(rb"[^<>\n]+|[<>\n]+")
_UTF8, _GB18030 = "utf-8", "gb18030"


class Mixed(NamedTuple):
    """A page read by stretches, and how many bytes beyond ASCII were read in each encoding."""

    reading: Reading
    high_bytes: dict[str, int]


def read_stretches(body: bytes) -> Mixed | None:
    """Read a page in two encodings; None when its stretches do not show both beyond doubt.

    Beyond doubt is a stretch that only one encoding explains, with four characters or more,
    half of them common ones, for each of the two.

    >>> body = "<h1>工会要闻</h1>".encode("gbk") + "<p>职工代表大会</p>".encode()
    >>> read_stretches(body).reading.text
    '<h1>工会要闻</h1><p>职工代表大会</p>'
    >>> read_stretches("<h1>工会要闻</h1>".encode("gbk")) is None
    True
    """
    if not _UTF8_RUN.search(body):
        return None
    stretches = _STRETCH.findall(body)
    kinds = {stretch: _sure_codec(stretch) for stretch in stretches if not stretch.isascii()}
    sure = Counter(kinds.values())
    if not (sure[_UTF8] and sure[_GB18030]):
        return None
    main = _main_codec(kinds)
    text, lost, bytes_read = [], 0, Counter[str]()
    for stretch in stretches:
        reading = _read(stretch, kinds.get(stretch) or main)
        text.append(reading.text)
        lost += reading.undecodable
        bytes_read[reading.codec] += high_bytes(stretch)
    return Mixed(Reading(main, "".join(text), lost), dict(bytes_read))


def _sure_codec(stretch: bytes) -> str:
    """The encoding of a stretch beyond doubt; empty when it is open."""
    utf8, gb18030 = read_strictly(stretch, _UTF8), read_strictly(stretch, _GB18030)
    if utf8 is not None and utf8.is_sure and LOST not in utf8.text:
        return _UTF8
    if utf8 is None and gb18030 is not None and not gb18030.undecodable and gb18030.is_sure:
        return _GB18030
    return ""


def _main_codec(kinds: dict[bytes, str]) -> str:
    weight = Counter[str]()
    for stretch, kind in kinds.items():
        weight[kind] += high_bytes(stretch)
    return max((_UTF8, _GB18030), key=weight.__getitem__)


def _read(stretch: bytes, codec: str) -> Reading:
    """A short stretch in the encoding that explains it; where both do, the one given."""
    if stretch.isascii():
        return Reading(_UTF8, stretch.decode("ascii"))
    other = _GB18030 if codec == _UTF8 else _UTF8
    strict = (read_strictly(stretch, name) for name in (codec, other))
    explained = next((reading for reading in strict if reading and not reading.undecodable), None)
    return explained or read_leniently(stretch, codec)
