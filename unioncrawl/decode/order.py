"""From a page's bytes and headers to text: which encoding, and what decided.

The order of the evidence, which is the order of the code:

1. a byte order mark, unless the bytes after it contradict it; UTF-16 without one;
2. bytes that are ASCII throughout (or HZ, which hides in ASCII);
3. strict UTF-8: Chinese text in another encoding hardly ever is valid UTF-8.
   Where both are valid, the share of common characters is compared;
4. both, stretch by stretch, where each of the two alone explains some;
5. GB18030 (for pages that declare gb2312, gbk or gb18030, and for pages
   without a declaration), if its reading is common Chinese;
6. otherwise all possible readings are compared: UTF-8 and GB18030 with a
   few bad bytes, the codecs that header and meta declare, Big5, windows-1252.

Declarations (header before meta, in their order) only break ties: of real pages,
headers say utf-8 over GBK, metas say gb2312 over UTF-8, and servers send
iso-8859-1 for anything.
"""

from __future__ import annotations

from dataclasses import dataclass

from unioncrawl.decode.claims import (
    PRINTED_NAMES,
    Claim,
    Headers,
    byte_order_mark,
    header_claims,
    meta_claims,
)
from unioncrawl.decode.codec_readings import Reading, high_bytes, read_leniently, read_strictly, with_losses
from unioncrawl.decode.rivals import (
    Choice,
    choose_ascii,
    choose_marked,
    choose_rival,
    choose_unmarked_utf16,
    choose_utf8,
    names,
)
from unioncrawl.decode.stretches import read_stretches
from unioncrawl.errors import DecodeError
from unioncrawl.model import DecodedPage, Evidence, RawPage

# A page is rejected when more than this share of its non-ASCII bytes, and more than a
# handful of bytes, has no meaning in the best encoding: GBK with one byte lost stays
# under it, a picture or random bytes do not.
MAX_UNDECODABLE_SHARE = 0.2
MAX_UNDECODABLE_BYTES_ANYWHERE = 4
# Control characters, other than white space and escape, that text may hold.
MAX_CONTROL_SHARE = 0.02

_BINARY_STARTS = {
    b"%PDF-": "a PDF file",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"PK\x03\x04": "a ZIP archive (or an Office file)",
    b"\x1f\x8b\x08": "gzip data",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"Rar!": "a RAR archive",
}
_CONTROLS = bytes(set(range(0x20)) - set(b"\0\t\n\x0b\x0c\r\x1b")) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, the encoding, the evidence in the order considered, and the bytes lost."""

    text: str
    encoding: str
    evidence: tuple[Evidence, ...]
    undecodable: int = 0


def decode_page(body: bytes, headers: Headers | None = None) -> Decoded:
    """Decode a page; the bytes decide, declarations break ties.

    ``headers`` is a mapping or pairs, names in any case. ``undecodable`` counts
    the bytes that stand as U+FFFD: a few bad bytes in a long page, or a
    character cut at the end. NUL bytes are dropped, as browsers drop them (HTML
    standard, 13.2.6.4.7), and reported in the evidence. The last piece of evidence
    has the rule ``decided``. Raises `DecodeError` for a body that is not text:
    a known binary format, or more than `MAX_UNDECODABLE_SHARE` of its non-ASCII
    bytes without meaning in every encoding.

    >>> decode_page("朱镕基".encode("gb18030"), {"Content-Type": "text/html; charset=gb2312"}).text
    '朱镕基'
    >>> page = decode_page("工会要闻".encode("gbk"), {"Content-Type": "text/html; charset=utf-8"})
    >>> page.text, page.encoding, page.evidence[-1].rule
    ('工会要闻', 'gb18030', 'decided')
    >>> decode_page(b"<p>ACFTU</p>").text
    '<p>ACFTU</p>'
    """
    _refuse_binary(body)
    claims = header_claims(headers)
    claims += meta_claims(body)
    choice = choose_marked(body, byte_order_mark(body))
    if choice.reading is None and not choice.marks:
        choice = choose_unmarked_utf16(body, claims) or choice
    evidence = [Evidence("encoding", piece.rule, piece.printed) for piece in (*choice.marks, *claims)]
    if choice.reading is None:
        rest = choice.rest
        if b"\0" in rest:
            evidence.append(Evidence("encoding", "bytes", f"{rest.count(0)} NUL bytes dropped"))
            rest = rest.replace(b"\0", b"")
        choice = _choose(rest, claims)
    reading = choice.reading
    if reading is None:
        raise DecodeError("no encoding explains the bytes.", next_step=_NEXT_STEP, stage="decode")
    _refuse_undecodable(reading, body)
    evidence += [Evidence("encoding", rule, raw) for rule, raw in choice.reasons]
    evidence += _damage_evidence(reading)
    evidence.append(Evidence("encoding", "decided", choice.decided))
    name = PRINTED_NAMES.get(reading.codec, reading.codec)
    return Decoded(reading.text, name, tuple(evidence), reading.undecodable)


def decode_raw(raw: RawPage) -> DecodedPage:
    """Decode a fetched page, everything else about it kept; errors name its URL.

    >>> decode_raw(RawPage(url="http://a.example/", body="劳模".encode("gbk"))).text
    '劳模'
    """
    try:
        decoded = decode_page(raw.body, raw.headers)
    except DecodeError as error:
        error.url = raw.url
        raise
    return DecodedPage(
        url=raw.url,
        text=decoded.text,
        encoding=decoded.encoding,
        evidence=decoded.evidence,
        status=raw.status,
        headers=raw.headers,
        fetched_at=raw.fetched_at,
        undecodable=decoded.undecodable,
    )


def _choose(body: bytes, claims: list[Claim]) -> Choice:
    """Steps 2 to 6 of the order of evidence."""
    if body.isascii():
        return choose_ascii(body, claims)
    utf8 = read_strictly(body, "utf-8")
    gb18030 = read_strictly(body, "gb18030")
    if utf8 is not None:
        return choose_utf8(utf8, gb18030, claims)
    mixed = read_stretches(body)
    if mixed is not None:
        shares = ", ".join(f"{count} bytes in {codec}" for codec, count in mixed.high_bytes.items() if count)
        return Choice(mixed.reading, f"stretches: {shares}", (("bytes", "two encodings in one page"),))
    if gb18030 is not None and gb18030.is_sure and not names(claims, "big5hkscs"):
        return Choice(
            with_losses(gb18030, body),
            "bytes: valid GB18030 of common characters",
            (("bytes", "not UTF-8"),),
        )
    return choose_rival(body, gb18030 or read_leniently(body, "gb18030"), claims)


def _damage_evidence(reading: Reading) -> list[Evidence]:
    found = []
    if reading.cut_bytes:
        found.append(Evidence("encoding", "bytes", f"cut inside a character, {reading.cut_bytes} bytes left"))
    if reading.undecodable > reading.cut_bytes:
        bad = reading.undecodable - reading.cut_bytes
        found.append(Evidence("encoding", "bytes", f"{bad} bytes without meaning in {reading.codec}"))
    return found


_NEXT_STEP = (
    "Check whether the address serves a file instead of a page; a crawl keeps its bytes as a capture."
)


def _refuse_binary(body: bytes) -> None:
    for start, kind in _BINARY_STARTS.items():
        if body.startswith(start):
            raise DecodeError(f"the body is {kind}, not text.", next_step=_NEXT_STEP, stage="decode")


def _refuse_undecodable(reading: Reading, body: bytes) -> None:
    lost = reading.undecodable
    # Hardly any page has lost bytes, and counting the high ones takes an eighth of its decoding.
    if lost > MAX_UNDECODABLE_BYTES_ANYWHERE and lost > MAX_UNDECODABLE_SHARE * high_bytes(body):
        message = f"{reading.undecodable} of {len(body)} bytes have no meaning in {reading.codec}."
        raise DecodeError(message, next_step=_NEXT_STEP, stage="decode")
    if not reading.codec.startswith("utf-16"):
        controls = len(body) - len(body.translate(None, _CONTROLS))
        if controls > max(MAX_UNDECODABLE_BYTES_ANYWHERE, MAX_CONTROL_SHARE * len(body)):
            message = f"{controls} of {len(body)} bytes are control characters."
            raise DecodeError(message, next_step=_NEXT_STEP, stage="decode")
