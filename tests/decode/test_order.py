"""Decoding pages: every conflict of bytes, BOM, header and meta seen on real sites."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decode.encoded_pages import STORY, TRADITIONAL, page, rules, typed
from tests.recordings import RecordedCms
from unioncrawl.decode.claims import codec_of
from unioncrawl.decode.order import decode_page, decode_raw
from unioncrawl.errors import DecodeError
from unioncrawl.guard.bounds import CLAIMS
from unioncrawl.model import RawPage


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb_2312-80", "gb18030"])
@pytest.mark.parametrize("rare", ["朱镕基", "陶喆", "二〇二四年", "100€", "㐂𠮷"])
def test_gb_names_mean_gb18030(declared: str, rare: str) -> None:
    """Characters beyond GB2312 and GBK decode whatever GB name the page declares."""
    text = page(declared, STORY + rare)
    decoded = decode_page(text.encode("gb18030"), typed(declared))
    assert decoded.text == text
    assert decoded.encoding == "gb18030"
    assert decoded.undecodable == 0


@pytest.mark.parametrize(
    ("code", "sign"), [("a6da", "︒"), ("fe59", "龴"), ("a8bc", "ḿ"), ("a3a0", "\u3000")]
)
def test_positions_that_the_standard_moved_decode_as_today(code: str, sign: str) -> None:
    """GB18030-2022 names characters where editions before it had private use."""
    decoded = decode_page(STORY.encode("gbk") + bytes.fromhex(code) + "工会".encode("gbk"))
    assert decoded.text == f"{STORY}{sign}工会"


def test_the_old_euro_byte_decodes() -> None:
    """Byte 0x80, the euro sign of Windows code page 936, is one character and no loss."""
    decoded = decode_page(STORY.encode("gbk") + b"\x80" + "一百".encode("gbk"))
    assert decoded.text == STORY + "€一百"
    assert decoded.undecodable == 0


@pytest.mark.parametrize(
    ("encoding", "header", "meta"),
    [
        ("gb18030", "utf-8", "gb2312"),
        ("gb18030", "utf-8", "utf-8"),
        ("gb18030", "iso-8859-1", ""),
        ("gb18030", "iso-8859-1", "gb2312"),
        ("gb18030", "big5", ""),
        ("gb18030", "shift_jis", "euc-kr"),
        ("gb18030", "", ""),
        ("utf-8", "", "gb2312"),
        ("utf-8", "gbk", "gb2312"),
        ("utf-8", "iso-8859-1", ""),
        ("utf-8", "", ""),
        ("utf-8", "no-such-charset", "x-user-defined"),
    ],
)
@pytest.mark.parametrize("cut", [None, 12])
def test_the_bytes_win_over_declarations(encoding: str, header: str, meta: str, cut: int | None) -> None:
    """Long pages and pages of ten characters decode right under every wrong declaration."""
    text = page(meta) if cut is None else page(meta, "")[:-14] + STORY[6 : 6 + cut]
    decoded = decode_page(text.encode(encoding), typed(header) if header else None)
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert rules(decoded)[-1] == "decided"


def test_two_metas_that_disagree_are_both_reported() -> None:
    """Both metas stand in the evidence in page order and the bytes decide."""
    text = (
        '<meta charset="utf-8"><meta http-equiv="Content-Type" content="text/html; charset=gb2312">' + STORY
    )
    decoded = decode_page(text.encode("gbk"))
    assert decoded.text == text
    assert [e.raw for e in decoded.evidence if e.rule == "meta"] == ["utf-8", "gb2312"]


@pytest.mark.parametrize(("encoding", "lost"), [("utf-8", 1), ("utf-8", 2), ("gb18030", 1)])
def test_a_page_cut_inside_a_character_decodes(encoding: str, lost: int) -> None:
    """The cut character's bytes are counted and flagged, and all else is text."""
    whole = STORY + "工会"
    body = whole.encode(encoding)[:-lost]
    decoded = decode_page(body, typed(encoding))
    left = len(body) - len(whole[:-1].encode(encoding))
    assert decoded.text == whole[:-1] + "\ufffd" * left
    assert decoded.undecodable == left
    assert any("cut inside a character" in e.raw for e in decoded.evidence)


def test_a_long_script_before_the_first_chinese_character() -> None:
    """Sixty kilobytes of ASCII before the meta change nothing."""
    text = "<script>" + "var a = 1; // menu\n" * 3200 + "</script>" + page("gb2312")
    assert len(text) > 60_000
    for encoding in ("utf-8", "gb18030"):
        decoded = decode_page(text.encode(encoding))
        assert decoded.text == text
        assert [e.raw for e in decoded.evidence if e.rule == "meta"] == ["gb2312"]


@pytest.mark.parametrize("text", ["统一学习", "执业医师", "全员参与希望"])
def test_gbk_that_is_valid_utf8_by_chance(text: str) -> None:
    """Short GBK text whose bytes happen to be valid UTF-8 is still read as Chinese."""
    decoded = decode_page(text.encode("gbk"), typed("gb2312"))
    assert (decoded.text, decoded.encoding) == (text, "gb18030")


@pytest.mark.parametrize(
    "text", ["Профсоюзы России", "Συνδικάτο", "© 2024 ACFTU · é", "Nguyễn Đình Khang", "إتحاد"]
)
def test_genuine_utf8_of_other_scripts_stays(text: str) -> None:
    """UTF-8 of two-byte characters is not taken for GBK."""
    assert decode_page(text.encode("utf-8")).text == text


@pytest.mark.parametrize("bad", [b"\xff", b"\xb0", b"\xe5\xb7"])
@pytest.mark.parametrize("length", [12, 80])
def test_stray_bytes_do_not_change_the_encoding(bad: bytes, length: int) -> None:
    """A bad byte inside valid UTF-8 is one U+FFFD a byte, counted, and nothing else changes."""
    story = STORY[3 : 3 + length]
    decoded = decode_page(story[:6].encode() + bad + story[6:].encode(), typed("gbk"))
    assert decoded.encoding == "utf-8"
    assert decoded.text == story[:6] + "\ufffd" * len(bad) + story[6:]
    assert decoded.undecodable == len(bad)


def test_a_replacement_character_of_the_page_is_no_loss() -> None:
    """U+FFFD that the page itself holds is text, not an undecodable byte."""
    decoded = decode_page((STORY + "\ufffd").encode() + b"\xff" + STORY.encode())
    assert decoded.undecodable == 1
    assert decoded.text.count("\ufffd") == 2


def test_nul_bytes_are_dropped_and_reported() -> None:
    """NUL bytes leave the text as in a browser, and the evidence counts them."""
    decoded = decode_page(STORY.encode("gbk").replace("，".encode("gbk"), b"\0" + "，".encode("gbk")))
    assert decoded.text == STORY
    assert any("NUL" in e.raw for e in decoded.evidence)


@pytest.mark.parametrize("declared", [True, False])
def test_big5_decodes_declared_or_not(declared: bool) -> None:  # noqa: FBT001 - a parameter of the case
    """Genuine Big5 is recognised by its declaration or by its characters alone."""
    decoded = decode_page(TRADITIONAL.encode("big5"), typed("big5") if declared else None)
    assert (decoded.text, decoded.encoding) == (TRADITIONAL, "big5")


def test_hz_decodes() -> None:
    """HZ, which hides in ASCII, is recognised; braces after a tilde in a script are not HZ."""
    assert decode_page(STORY.encode("hz")).text == STORY
    script = "if (~{}.x) { y = '~}'; }"
    assert decode_page(script.encode()).text == script


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "iso-8859-1"), ("cp1252", ""), ("utf-8", "utf-8")])
def test_european_pages_decode(encoding: str, name: str) -> None:
    """A page of a foreign federation keeps its accents, declared or not."""
    text = "<p>Les fédérations ont décidé une grève générale à Genève, le 1er février.</p>"
    assert decode_page(text.encode(encoding), typed(name) if name else None).text == text


def test_a_declared_foreign_encoding_is_believed_when_the_bytes_are_not_chinese() -> None:
    """A Japanese federation's Shift_JIS page decodes as it declares."""
    text = "<p>労働組合の春闘について、連合が方針を決めました。</p>"
    assert decode_page(text.encode("shift_jis"), typed("Shift_JIS")).text == text


@pytest.mark.parametrize("body", [b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n....", bytes(range(256)) * 40])
def test_binary_bodies_are_refused_with_the_next_step(body: bytes) -> None:
    """A file served instead of a page raises DecodeError, which says what to look at."""
    with pytest.raises(DecodeError, match="capture"):
        decode_page(body)


def test_random_bytes_are_no_text() -> None:
    """Bytes that no encoding explains raise DecodeError."""
    with pytest.raises(DecodeError):
        decode_page(random.Random(7).randbytes(4000))  # noqa: S311 - a seeded test body


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/html; charset=utf-8, text/html; charset=UTF-8"},
        [("CONTENT-TYPE", "text/html; charset=utf-8"), ("content-type", "text/html; charset=UTF-8")],
        {b"Content-Type": [b"text/html; charset=utf-8", b"text/html; charset=UTF-8"]},
    ],
)
def test_repeated_headers_are_one_claim(headers: dict[str, str]) -> None:
    """A Content-Type sent twice, in any shape, is one piece of evidence."""
    decoded = decode_page(STORY.encode(), headers)
    assert [e.raw for e in decoded.evidence if e.rule == "header"] == ["utf-8"]


def test_an_empty_body_is_empty_text() -> None:
    """No bytes, no error."""
    assert decode_page(b"").text == ""


def test_decode_raw_keeps_the_page_and_names_the_url() -> None:
    """The page's facts travel on, and an error names the URL and the stage."""
    raw = RawPage(url="http://a.example/1", body=STORY.encode("gbk"), status=203, headers=(("a", "b"),))
    decoded = decode_raw(raw)
    assert (decoded.url, decoded.status, decoded.headers, decoded.text) == (raw.url, 203, raw.headers, STORY)
    with pytest.raises(DecodeError, match="the body is a PDF file") as caught:
        decode_raw(RawPage(url="http://a.example/x", body=b"%PDF-1.4"))
    assert (caught.value.url, caught.value.stage) == ("http://a.example/x", "decode")


def test_recorded_pages_decode(cms: RecordedCms) -> None:
    """Every response of a CMS decodes without a byte lost."""
    assert cms.answers
    for target in cms.answers:
        body = cms.body(target)
        assert decode_page(body, cms.head(target)).text == body.decode("utf-8"), target


@given(
    st.text(alphabet=st.sampled_from(STORY + "工会<>ab1"), min_size=6), st.sampled_from(["utf-8", "gb18030"])
)
def test_no_loss_and_no_error_on_chinese(text: str, encoding: str) -> None:
    """Any story text decodes to itself when its encoding is declared."""
    assert decode_page(text.encode(encoding), typed(encoding)).text == text


KANA = "<p>労働組合の春闘について、連合が方針を決めました。</p>"
HANGUL = "<p>한국노동조합총연맹은 오늘 서울에서 기자회견을 열었다.</p>"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (KANA, "euc-jp"),
        (KANA, "shift_jis"),
        (KANA[:16] + "</p>", "euc-jp"),
        (HANGUL, "euc-kr"),
        (HANGUL[:9] + "</p>", "euc-kr"),
    ],
)
@pytest.mark.parametrize("in_header", [True, False])
def test_a_declared_script_is_never_read_as_big5(text: str, encoding: str, in_header: bool) -> None:  # noqa: FBT001 - a parameter of the case
    """Kana and hangul that a page declares are read as declared, short pages too."""
    whole = text if in_header else f'<meta charset="{encoding}">{text}'
    assert decode_page(whole.encode(encoding), typed(encoding) if in_header else None).text == whole


SHORT = ("工会", "送清凉活动", "劳动保护工作例会", "全市职工技能大赛开幕", "2024年第3期简报")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("header", ["", "utf-8", "gb2312", "iso-8859-1", "big5", "euc-kr", "shift_jis"])
@pytest.mark.parametrize("meta", ["", "utf-8", "gbk", "big5"])
def test_short_pages_under_every_declaration(encoding: str, header: str, meta: str) -> None:
    """Pages of two to ten characters decode by their bytes, with or without 60 kB of script before them."""
    for story in SHORT:
        for script in ("", "<script>" + "var a = 1;\n" * 5500 + "</script>"):
            text = script + page(meta, story)
            assert decode_page(text.encode(encoding), typed(header) if header else None).text == text


@pytest.mark.parametrize(
    "label",
    [
        *("undefined", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "rot13", "hex", "zlib"),
        *("base64", "bz2", "uu", "quopri", "utf-7", "mbcs", "oem", "cp037", "charmap", "palmos"),
        *("", "x" * 10_000, "utf-8\0", "../x", "工会", "\udc80"),
    ],
)
def test_a_label_names_an_encoding_of_text_or_nothing(label: str) -> None:
    """Python's codecs that are no encoding of the web are never asked for, in header, meta or XML."""
    assert codec_of(label) == ""
    for text in (page(label, STORY), f'<?xml version="1.0" encoding="{label}"?>{STORY}'):
        body = text.encode("gb18030", "replace")
        assert decode_page(body, typed(label)).text == body.decode("gb18030").replace("\0", "")


def test_a_page_of_claims_is_not_tried_in_each() -> None:
    """Of a thousand different charsets that a page declares, a few are claims; the bytes decide."""
    text = "".join(f'<meta charset="windows-{number}">' for number in range(1000)) + STORY
    decoded = decode_page(text.encode("gb18030"))
    assert decoded.text == text
    assert rules(decoded).count("meta") == CLAIMS.default
