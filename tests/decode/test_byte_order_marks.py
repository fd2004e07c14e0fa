"""Decoding pages: every conflict of bytes, BOM, header and meta seen on real sites."""

from __future__ import annotations

import codecs

import pytest

from tests.decode.encoded_pages import STORY, page, rules, typed
from unioncrawl.decode.order import decode_page


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "gb18030"),
        (codecs.BOM_UTF16_LE, "gb18030"),
        (codecs.BOM_UTF16_BE, "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
    ],
)
def test_a_bom_the_bytes_contradict_loses(mark: bytes, encoding: str) -> None:
    """The bytes after a byte order mark decide whether it is believed; it is never text."""
    text = page("big5")
    decoded = decode_page(mark + text.encode(encoding), typed("iso-8859-1"))
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert rules(decoded)[0] == "bom"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("marked", [True, False])
def test_utf16_decodes(encoding: str, marked: bool) -> None:  # noqa: FBT001 - a parameter of the case
    """UTF-16 is believed by its mark, or by the NUL bytes beside its markup."""
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[encoding]
    text = page("gb2312")
    decoded = decode_page((mark if marked else b"") + text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [page("") + STORY * 20, STORY[3:60], "工会劳动保护条例"])
def test_utf16_without_a_mark_is_seen_in_long_and_bare_text(encoding: str, text: str) -> None:
    """More Chinese than markup, or no markup at all but a declaration, is read as UTF-16."""
    declared = None if "<" in text else typed("utf-16")
    assert decode_page(text.encode(encoding), declared).text == text


def test_a_utf8_mark_before_short_gbk_loses() -> None:
    """A few characters of GBK that are half valid UTF-8 are still read as GBK."""
    text = page("gb2312", "药品监督")
    assert decode_page(codecs.BOM_UTF8 + text.encode("gbk")).text == text
