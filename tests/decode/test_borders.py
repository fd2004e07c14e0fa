"""How sure a reading must be holds where it is: one character more or less decides."""

from __future__ import annotations

import pytest

from tests.decode.encoded_pages import typed
from unioncrawl.decode.claims import Claim
from unioncrawl.decode.codec_readings import Reading, stands_alone_share
from unioncrawl.decode.order import decode_page
from unioncrawl.decode.rivals import choose_utf8
from unioncrawl.errors import DecodeError

# Characters that pages use all the time, and some that hardly any page has.
COMMON = "工会组织职工参加活动市总领导慰问一线"
RARE = "黼黻龘饕餮魑魅魍魉囹圄夔"
UTF8_CLAIM = [Claim("header", "utf-8", "utf-8")]


def _mixed(common: int, rare: int) -> str:
    return COMMON[:common] + RARE[:rare]


def _decided(body: bytes, charset: str = "") -> tuple[str, str]:
    decoded = decode_page(body, typed(charset) if charset else None)
    return decoded.encoding, decoded.evidence[-1].raw


@pytest.mark.parametrize(
    ("text", "is_sure"),
    [(_mixed(5, 5), True), (_mixed(4, 6), False), (COMMON[:4], True), (COMMON[:3], False)],
    ids=["half are common", "fewer are", "four characters", "three"],
)
def test_gb18030_is_sure_of_four_characters_half_of_them_common(text: str, *, is_sure: bool) -> None:
    """Below four characters, or half of them common, GB18030 is compared with the other readings."""
    decision = (
        "bytes: valid GB18030 of common characters" if is_sure else "score: GB18030 is the best reading"
    )
    assert _decided(text.encode("gb18030")) == ("gb18030", decision)


@pytest.mark.parametrize(
    ("as_gb", "as_utf8", "claims", "codec"),
    [
        (_mixed(6, 4), RARE, [], "gb18030"),
        (_mixed(5, 5), RARE, [], "utf-8"),
        (_mixed(8, 2), RARE, UTF8_CLAIM, "gb18030"),
        (_mixed(7, 3), RARE, UTF8_CLAIM, "utf-8"),
        (COMMON[:10], _mixed(7, 3), [], "gb18030"),
        (COMMON[:10], _mixed(8, 2), [], "utf-8"),
        ("工会职", RARE, [], "gb18030"),
        ("工会工会", RARE, [], "utf-8"),
        ("工会职员", RARE, UTF8_CLAIM, "gb18030"),
        ("工会职", RARE, UTF8_CLAIM, "utf-8"),
    ],
)
def test_bytes_that_are_both_need_much_to_be_gb18030(
    as_gb: str, as_utf8: str, claims: list[Claim], codec: str
) -> None:
    """Valid UTF-8 is GB18030 where much more of it is common and there is enough of it."""
    chosen = choose_utf8(Reading("utf-8", as_utf8), Reading("gb18030", as_gb), claims)
    assert chosen.reading is not None
    assert chosen.reading.codec == codec


@pytest.mark.parametrize(
    ("body", "most"),
    [
        ("工会组织职工".encode() * 5 + b"{}", 22),
        ("工会组织职工".encode("gbk") * 5 + b"{}", 15),
        (b"<p>" + b"a" * 297 + b"{}", 6),
        (b"ab{}", 4),
    ],
    ids=["utf-8", "gb18030", "control characters of a page", "control characters of a word"],
)
def test_a_fifth_of_the_bytes_may_lack_a_meaning(body: bytes, most: int) -> None:
    """Up to a fifth of the bytes, one control in fifty, and four of either anywhere, a page is text."""
    bad = b"\xff" if body.isascii() is False and "工".encode() in body else b"\xff "
    bad = b"\x01" if body.isascii() else bad
    assert decode_page(body.replace(b"{}", bad * most)).text
    with pytest.raises(DecodeError):
        decode_page(body.replace(b"{}", bad * (most + 1)))


def test_some_bad_bytes_are_borne_anywhere() -> None:
    """Four bytes without meaning make no short text a file."""
    assert decode_page("工会".encode("gbk") + b"\xff " * 4).undecodable == 4
    with pytest.raises(DecodeError):
        decode_page("工会".encode("gbk") + b"\xff " * 5)


@pytest.mark.parametrize(("kana", "is_script"), [(5, True), (4, False)])
def test_a_quarter_of_kana_is_japanese(kana: int, *, is_script: bool) -> None:
    """A declared Japanese page has a quarter of kana."""
    _, decision = _decided(("あ" * kana + "亜" * (20 - kana)).encode("shift_jis"), "shift_jis")
    assert decision.endswith("are of that script") is is_script


@pytest.mark.parametrize(("place", "encoding"), [(2047, "utf-16-le"), (2048, "windows-1252")])
def test_utf16_is_looked_for_at_the_start(place: int, encoding: str) -> None:
    """UTF-16 that nobody declares is known by a NUL within the first 4,096 bytes."""
    assert _decided(("工" * place + "<p>abc</p>").encode("utf-16-le"))[0] == encoding


@pytest.mark.parametrize(("letters", "encoding"), [(28, "utf-16-le"), (27, "gb18030")])
def test_utf16_is_text_for_seven_in_ten(letters: int, encoding: str) -> None:
    """Seven in ten characters of UTF-16 are ASCII or common, else its NULs are something else."""
    assert _decided(("a" * letters + RARE).encode("utf-16-le"))[0] == encoding


@pytest.mark.parametrize(("common", "encoding"), [(4, "hz"), (3, "utf-8")])
def test_hz_is_chinese_for_two_in_five(common: int, encoding: str) -> None:
    """HZ escapes count when two in five of their characters are common."""
    assert _decided(_mixed(common, 10 - common).replace("龘", "饕").encode("hz"))[0] == encoding


def test_accents_stand_alone_or_in_twos() -> None:
    """A run of two bytes is two accented letters, one of three is something else."""
    assert stands_alone_share("é à éà x".encode("cp1252")) == 1.0
    assert stands_alone_share("éàü x".encode("cp1252")) == 0.0


TRADITIONAL, RARE_TRADITIONAL = "工會本市前行人工中大", "黼黻饕餮魑魅魍魎囹圄"


@pytest.mark.parametrize(
    ("common", "charset", "encoding"),
    [(5, "", "big5"), (4, "", "gb18030"), (1, "big5", "big5"), (0, "big5", "gb18030")],
)
def test_big5_that_nobody_declares_must_be_common(common: int, charset: str, encoding: str) -> None:
    """More than two in five characters of Big5 are common, or it is declared."""
    text = TRADITIONAL[:common] + RARE_TRADITIONAL[: 10 - common]
    assert _decided(text.encode("big5"), charset)[0] == encoding


@pytest.mark.parametrize(("common", "encoding"), [(3, "gb18030"), (2, "cp1251")])
def test_three_in_ten_are_chinese(common: int, encoding: str) -> None:
    """GB18030 of fewer common characters is not Chinese, and a declared encoding is believed."""
    assert _decided(_mixed(common, 10 - common).encode("gbk"), "windows-1251")[0] == encoding


@pytest.mark.parametrize(
    ("text", "is_marked"),
    [("a" * 7 + RARE[:10], True), ("a" * 6 + RARE[:10], False), (_mixed(3, 7), True), (_mixed(2, 8), False)],
    ids=["two in five ASCII", "fewer", "three in ten common", "fewer common"],
)
def test_a_mark_of_utf16_must_fit(text: str, *, is_marked: bool) -> None:
    """After a mark two in five characters are ASCII, or three in ten common, else the mark lies."""
    assert _decided(b"\xff\xfe" + text.encode("utf-16-le"))[1].startswith("bom:") is is_marked


@pytest.mark.parametrize(("bad", "is_marked"), [(3, True), (4, False)])
def test_a_mark_of_utf8_bears_a_fifth(bad: int, *, is_marked: bool) -> None:
    """After a mark of UTF-8 up to a fifth of the bytes may lack a meaning."""
    assert _decided(b"\xef\xbb\xbf" + "黼黻饕餮".encode() + b"\xff" * bad)[1].startswith("bom:") is is_marked


@pytest.mark.parametrize(("common", "encoding"), [(6, "shift_jis"), (7, "gb18030")])
def test_kana_yields_to_common_chinese(common: int, encoding: str) -> None:
    """Where GB18030 gives two in five common characters, a declared Japanese page is Chinese."""
    body = "あいうえおかきくけこ".encode("shift_jis") + COMMON[:common].encode("gbk")
    assert _decided(body, "shift_jis")[0] == encoding


@pytest.mark.parametrize(
    ("text", "encoding"), [("經人時發饕魑魅", "big5"), ("家發間國國魅夔黼魑魅夔", "gb18030")]
)
def test_big5_that_nobody_declares_must_lead(text: str, encoding: str) -> None:
    """Undeclared Big5 has three in ten common characters more than its bytes have as GB18030."""
    assert _decided(text.encode("big5"))[0] == encoding


@pytest.mark.parametrize("sign", "→■“")
def test_signs_alone_are_rather_chinese(sign: str) -> None:
    """A page of one Chinese sign, of which no character can be judged, is no European one."""
    assert _decided(sign.encode("gbk"))[0] == "gb18030"


@pytest.mark.parametrize("times", [1, 25, 26, 400])
def test_a_page_of_any_length_may_be_both(times: int) -> None:
    """Bytes that are valid in both encodings are compared, however many they are."""
    assert _decided(("一为时要学说也之业全去小" * times).encode("gbk")) == (
        "gb18030",
        "score: common characters as GB18030 only",
    )
