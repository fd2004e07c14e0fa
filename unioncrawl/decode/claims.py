"""The declarations of a page's encoding, read before its bytes are tried: BOM, header, meta.

Each claim is kept as it was printed, with the codec that it means. Names mean
what browsers take them for (WHATWG Encoding Standard, section 4.2), with one
widening: ``gb2312`` and ``gbk`` are read as GB18030, because pages that declare
them contain 镕, 喆 and €.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

from unioncrawl.guard.bounds import CLAIMS

# A page's headers: a mapping or pairs.
Headers = Mapping[str, str] | Iterable[tuple[str, str]]

# Longest first: the UTF-32 mark begins with the UTF-16 one.
BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (b"\x84\x31\x95\x33", "gb18030"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Names that Python does not know, or knows as something narrower than pages mean.
_CODECS: dict[str, str] = {
    **dict.fromkeys(("gb2312", "gb_2312", "gb_2312-80", "gb2312-80", "gbk", "x-gbk", "cp936"), "gb18030"),
    **dict.fromkeys(("ms936", "936", "windows-936", "euc-cn", "x-euc-cn", "chinese", "gb"), "gb18030"),
    **dict.fromkeys(("iso-8859-1", "iso8859-1", "latin1", "latin-1", "l1", "us-ascii", "ascii"), "cp1252"),
    **dict.fromkeys(
        ("big5", "big-5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950", "big5-eten"), "big5hkscs"
    ),
    **dict.fromkeys(("hz-gb-2312", "hz-gb2312", "hz"), "hz"),
    **dict.fromkeys(("utf8", "utf-8", "utf_8", "unicode-1-1-utf-8", "utf-8mb4", "utf8mb4", "u8"), "utf-8"),
    **dict.fromkeys(("x-sjis", "windows-31j", "ms932"), "cp932"),
    **dict.fromkeys(("windows-874", "tis-620", "dos-874"), "cp874"),
    **dict.fromkeys(("utf-16", "unicode", "ucs-2", "utf-16le"), "utf-16-le"),
}

# The encodings of the WHATWG Encoding Standard (section 4) as Python names them, and HZ, in which old
# pages of Chinese sites are. A label can't name any other codec: Python has some that don't encode
# text (undefined, idna, unicode_escape) or that hide markup in ASCII (utf-7).
_ENCODINGS = frozenset(
    (
        *("utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "hz"),
        *("euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr", "cp949", "koi8-r", "koi8-u"),
        *(f"iso8859-{number}" for number in (*range(2, 9), 10, *range(13, 17))),
        *("cp866", "cp874", *(f"cp{number}" for number in range(1250, 1259)), "mac-roman", "mac-cyrillic"),
    )
)
# No name of an encoding is longer; the longest of the standard has 19 characters.
_LONGEST_LABEL = 40

# What the codecs are called in reports: the names that pages use.
PRINTED_NAMES: dict[str, str] = {"big5hkscs": "big5", "cp1252": "windows-1252"}

_HEADER_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:+-]{1,100})", re.IGNORECASE)
# Run over the lower-cased page, so that the literal prefix makes it fast. No further than the next
# tag: a page of ``<meta`` alone would be searched to its end once for each of them.
_META_CHARSET = re.compile(rb"<(?:meta|\?xml)\b[^<>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:+-]{1,100})")


@dataclass(frozen=True, slots=True)
class Claim:
    """One declaration: where it stands, as printed, and the codec meant (``""`` when unknown)."""

    rule: str
    printed: str
    codec: str


def codec_of(label: str) -> str:
    """The Python codec that a printed charset name means; ``""`` when it does not name a text encoding.

    >>> codec_of("GB2312")
    'gb18030'
    >>> codec_of("iso-8859-1")
    'cp1252'
    >>> codec_of("x-user-defined"), codec_of("undefined"), codec_of("工会")
    ('', '', '')
    """
    name = label.strip().lower()
    if name in _CODECS:
        return _CODECS[name]
    if len(name) > _LONGEST_LABEL or not name.isascii() or not name.isprintable():
        return ""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    codec = _CODECS.get(found, found)
    return codec if codec in _ENCODINGS else ""


def byte_order_mark(body: bytes) -> tuple[Claim, int] | None:
    """The byte order mark a body begins with and its length; ``None`` without a mark.

    >>> byte_order_mark("工会".encode("utf-8-sig"))
    (Claim(rule='bom', printed='utf-8', codec='utf-8'), 3)
    """
    for mark, codec in BOMS:
        if body.startswith(mark):
            return Claim("bom", codec, codec), len(mark)
    return None


def header_claims(headers: Headers | None) -> list[Claim]:
    """Every charset of the Content-Type headers, in order, repeats dropped.

    XunRui sends the header's value twice in one line; names come in any case,
    values as text, bytes or (from Scrapy) lists of bytes.

    >>> header_claims({"content-type": "text/html; charset=utf-8, text/html; charset=UTF-8"})
    [Claim(rule='header', printed='utf-8', codec='utf-8')]
    >>> header_claims([(b"Content-Type", b"text/html;charset=gb2312")])
    [Claim(rule='header', printed='gb2312', codec='gb18030')]
    """
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(headers, Mapping):
        pairs = headers.items()
    elif headers is not None:
        pairs = headers
    labels = [
        label
        for name, value in pairs
        if _as_text(name).strip().lower() == "content-type"
        for label in _HEADER_CHARSET.findall(_as_text(value))
    ]
    return _claims("header", labels)


def meta_claims(body: bytes) -> list[Claim]:
    """Every charset that the page's own markup declares, in order, repeats dropped.

    The whole page is searched, not its first kilobyte: templates put 60 kB of
    script before the meta. An XML declaration counts as one.

    >>> [claim.printed for claim in meta_claims(b'<META charset=GBK><meta charset="utf-8">')]
    ['gbk', 'utf-8']
    """
    return _claims("meta", [label.decode("ascii") for label in _META_CHARSET.findall(body.lower())])


def _claims(rule: str, labels: list[str]) -> list[Claim]:
    unique = dict.fromkeys(label.lower() for label in labels)
    return [Claim(rule, label, codec_of(label)) for label in islice(unique, CLAIMS.default)]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, Iterable):
        return ", ".join(_as_text(item) for item in value)
    return ""
