"""Compare readings of the same bytes and choose one.

A reading's worth is its share of common Chinese characters, less the share of
bytes that it cannot explain. A page counts as Big5, HZ or a European encoding only
with evidence: a declaration, or a worth far above that of GB18030.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from unioncrawl.decode.claims import Claim
from unioncrawl.decode.codec_readings import (
    Reading,
    high_bytes,
    read_leniently,
    read_strictly,
    stands_alone_share,
)
from unioncrawl.decode.lost_bytes import LOST
from unioncrawl.language.characters import common_share, judged_characters

# GBK bytes that happen to be valid UTF-8 are taken as GBK when this share of
# common characters comes out; more when somebody declares UTF-8.
_GB_OVER_UTF8 = 0.6
_GB_OVER_DECLARED_UTF8 = 0.8
_GB_OVER_UTF8_LEAD = 0.3
_FEWEST_DIFFERENT = 3
_FEWEST_DIFFERENT_DECLARED = 4
# A reading below this is not Chinese; Big5 that nobody declared must lead by this.
_NOT_CHINESE = 0.3
_BIG5_LEAD = 0.3
_CHINESE = 0.4
_UTF8_WITH_BAD_BYTES = 0.2
_EUROPEAN_ALONE = 0.7
_UTF16_PROBE_BYTES = 4096
_UTF16 = ("utf-16-le", "utf-16-be")
_UTF16_WORTH = 0.7
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_KANA, _HANGUL = re.compile("[\u3041-\u30ff]"), re.compile("[\uac00-\ud7a3]")
_SCRIPTS = {
    **dict.fromkeys(("shift_jis", "cp932", "euc_jp", "iso2022_jp"), _KANA),
    **dict.fromkeys(("euc_kr", "cp949"), _HANGUL),
}
_SCRIPT_SHARE = 0.25
_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


@dataclass(frozen=True, slots=True)
class Choice:
    """A reading (``None``: not chosen yet), what decided, and the reasons before that.

    ``marks`` are byte order marks seen, ``rest`` the body without one.
    """

    reading: Reading | None
    decided: str = ""
    reasons: tuple[tuple[str, str], ...] = ()
    marks: tuple[Claim, ...] = ()
    rest: bytes = b""


def choose_marked(body: bytes, mark: tuple[Claim, int] | None) -> Choice:
    r"""The reading that a byte order mark names, if the bytes after it agree.

    A mark that the bytes contradict is rejected; its bytes are not text either way.

    >>> choose_marked(b"\xef\xbb\xbf" + "工会".encode("gbk"), (Claim("bom", "utf-8", "utf-8"), 3)).rest
    b'\xb9\xa4\xbb\xe1'
    """
    if mark is None:
        return Choice(None, rest=body)
    claim, length = mark
    rest = body[length:]
    reading = read_strictly(rest, claim.codec)
    if reading is None and claim.codec == "utf-8" and not _is_common_gb18030(rest):
        reading = _mostly_utf8(rest)
    if reading is not None and _looks_like_text(reading):
        return Choice(reading, f"bom: {claim.codec}", marks=(claim,))
    lost = Claim("bom", f"{claim.printed}, contradicted by the bytes", claim.codec)
    return Choice(None, marks=(lost,), rest=rest)


def choose_ascii(body: bytes, claims: list[Claim]) -> Choice:
    """ASCII throughout: HZ when its escapes give common characters, otherwise plain.

    >>> choose_ascii(b"~{9$;a~}", []).reading.text
    '工会'
    >>> choose_ascii(b"a ~{ b ~} c", []).reading.text
    'a ~{ b ~} c'
    """
    hz = read_strictly(body, "hz") if b"~{" in body else None
    if hz is not None and (names(claims, "hz") or (hz.share or 0.0) >= _CHINESE):
        return Choice(hz, "bytes: HZ escapes around common characters")
    declared = next((claim for claim in claims if _writes_ascii(claim.codec)), None)
    codec = declared.codec if declared else "utf-8"
    reason = f"{declared.rule}: {declared.printed}" if declared else "bytes: ASCII throughout"
    return Choice(read_strictly(body, codec), reason, (("bytes", "ASCII throughout"),))


def choose_utf8(utf8: Reading, gb18030: Reading | None, claims: list[Claim]) -> Choice:
    """Valid UTF-8, unless a page reads as much better Chinese in GB18030.

    >>> body = "说挺猛".encode("gbk")
    >>> readings = read_strictly(body, "utf-8"), read_strictly(body, "gb18030")
    """
    reasons: tuple[tuple[str, str], ...] = (("bytes", "valid UTF-8"),)
    if gb18030 is not None and not gb18030.undecodable:
        reasons += (_score(utf8, gb18030),)
        declared = names(claims, "utf-8")
        need = _GB_OVER_DECLARED_UTF8 if declared else _GB_OVER_UTF8
        fewest = _FEWEST_DIFFERENT_DECLARED if declared else _FEWEST_DIFFERENT
        share = gb18030.share or 0.0
        leads = share >= need and share >= (utf8.share or 0.0) + _GB_OVER_UTF8_LEAD
        if leads and (
            len(set(judged_characters(gb18030.text))) >= fewest or _only_gb_named(utf8, gb18030, claims)
        ):
            return Choice(gb18030, "score: common characters as GB18030 only", reasons)
    return Choice(utf8, "bytes: valid UTF-8", reasons)


def _only_gb_named(utf8: Reading, gb18030: Reading, claims: list[Claim]) -> bool:
    """Whether only GB18030 is declared and gives only common characters, and UTF-8 gives no common ones."""
    return {claim.codec for claim in claims} == {"gb18030"} and gb18030.share == 1.0 and not utf8.share


def choose_rival(body: bytes, gb18030: Reading, claims: list[Claim]) -> Choice:
    """The best of all readings that the bytes and the declarations allow."""
    high = high_bytes(body)
    utf8 = read_leniently(body, "utf-8")
    cut = read_strictly(body, "utf-8")
    rivals = [cut or utf8, gb18030, _read(body, "big5hkscs")]
    reasons = (("bytes", "neither clean UTF-8 nor common GB18030"), _score(*rivals))
    big5_named = names(claims, "big5hkscs")
    best_other = max(_worth(rival, high) for rival in rivals[1 : 3 if big5_named else 2])
    foreign_script = _choose_foreign_script(body, claims)
    if foreign_script is not None and _worth(gb18030, high) < _CHINESE:
        return Choice(*foreign_script, reasons)
    few_bad = utf8.undecodable <= _UTF8_WITH_BAD_BYTES * high
    if few_bad and best_other <= max(_worth(utf8, high), _NOT_CHINESE):
        return Choice(utf8, "score: UTF-8 but for a few bytes", reasons)
    lead = 0.0 if big5_named else _BIG5_LEAD
    if _worth(rivals[2], high) > max(_worth(gb18030, high) + lead, _CHINESE if not big5_named else 0.0):
        return Choice(rivals[2], "score: common characters as Big5 only", reasons)
    if _worth(gb18030, high) < _NOT_CHINESE:
        foreign = _choose_foreign(body, claims)
        if foreign is not None:
            return Choice(foreign[0], foreign[1], reasons)
    return Choice(gb18030, "score: GB18030 is the best reading", reasons)


def names(claims: list[Claim], codec: str) -> bool:
    """Whether a declaration names a codec."""
    return any(claim.codec == codec for claim in claims)


def _choose_foreign_script(body: bytes, claims: list[Claim]) -> tuple[Reading, str] | None:
    """A declared reading with many kana or hangul, which no Chinese page has."""
    for claim in claims:
        script = _SCRIPTS.get(claim.codec)
        reading = read_strictly(body, claim.codec) if script else None
        if script is None or reading is None:
            continue
        judged = judged_characters(reading.text)
        if judged and len(script.findall(judged)) >= _SCRIPT_SHARE * len(judged):
            return reading, f"{claim.rule}: {claim.printed}, and the bytes are of that script"
    return None


def _choose_foreign(body: bytes, claims: list[Claim]) -> tuple[Reading, str] | None:
    """A reading that is not Chinese: as declared, or European by the places of its bytes."""
    european = stands_alone_share(body) >= _EUROPEAN_ALONE
    for claim in claims:
        if claim.codec in {"", "utf-8", "gb18030", "big5hkscs", "hz"}:
            continue
        if claim.codec == "cp1252" and not european:
            continue
        reading = _read(body, claim.codec)
        if not reading.undecodable:
            return reading, f"{claim.rule}: {claim.printed}, and the bytes are not Chinese"
    if european:
        return read_leniently(body, "cp1252"), "bytes: single accented letters among ASCII"
    return None


def _read(body: bytes, codec: str) -> Reading:
    return read_strictly(body, codec) or read_leniently(body, codec)


def _worth(reading: Reading, high: int) -> float:
    """Score a reading from 0 to 1; signs alone are just Chinese, private-use characters are bad."""
    share = _CHINESE if reading.share is None else reading.share
    bad = reading.undecodable + 2 * len(_PRIVATE_USE.findall(reading.text))
    return share * max(1 - bad / max(high, 1), 0.0)


def _score(*readings: Reading) -> tuple[str, str]:
    parts = (
        f"{r.codec} {'-' if r.share is None else format(r.share, '.2f')} ({r.undecodable} bad)"
        for r in readings
    )
    return "score", "common characters: " + ", ".join(parts)


def _is_common_gb18030(body: bytes) -> bool:
    reading = read_strictly(body, "gb18030")
    return reading is not None and (reading.share or 0.0) >= _GB_OVER_UTF8


def _mostly_utf8(body: bytes) -> Reading | None:
    reading = read_leniently(body, "utf-8")
    return reading if reading.undecodable <= _UTF8_WITH_BAD_BYTES * high_bytes(body) else None


def _looks_like_text(reading: Reading) -> bool:
    """Whether a marked reading is text: markup, or common characters."""
    text = reading.text
    ascii_share = sum(map(str.isascii, text[:2000])) / max(len(text[:2000]), 1)
    if reading.codec == "utf-8" or not text:
        return True
    return (
        reading.share is None or reading.share >= _NOT_CHINESE or ascii_share >= _CHINESE
    ) and LOST not in text[:-1]


def choose_unmarked_utf16(body: bytes, claims: list[Claim]) -> Choice | None:
    """UTF-16 without a mark: declared, or seen by the NUL bytes beside ASCII, and it gives text.

    >>> choose_unmarked_utf16("<p>工会</p>".encode("utf-16-le"), []).reading.text
    '<p>工会</p>'
    >>> choose_unmarked_utf16(b"ab", []) is None
    True
    """
    named = [claim for claim in claims if claim.codec in _UTF16]
    if (b"\0" not in body[:_UTF16_PROBE_BYTES] and not named) or not body:
        return None
    readings = [reading for codec in _UTF16 if (reading := read_strictly(body, codec)) and _is_text(reading)]
    if not readings:
        return None
    best = max(readings, key=lambda reader: _utf16_worth(reader.text))
    reason = f"{named[0].rule}: {named[0].printed}" if named else "bytes: a NUL beside each ASCII letter"
    return Choice(best, f"{reason}, {best.codec}")


def _is_text(reading: Reading) -> bool:
    """Whether a reading is ASCII and common characters throughout."""
    text = reading.text
    return _utf16_worth(text) >= _UTF16_WORTH * len(text) and not _CONTROLS.search(text)


def _utf16_worth(text: str) -> float:
    """How many characters are ASCII, signs or common Chinese characters."""
    ascii_count = len(text.encode("ascii", "ignore"))
    judged = judged_characters(text, len(text))
    signs = len(text) - ascii_count - len(judged)
    return ascii_count + signs + len(judged) * (common_share(text, len(text)) or 0.0)


def _writes_ascii(codec: str) -> bool:
    try:
        return bool(codec) and "<a>~\\".encode(codec) == b"<a>~\\"
    except UnicodeError:
        return False
