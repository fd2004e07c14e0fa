"""GB18030 pages with lost bytes, and pages in two encodings."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from tests.decode.encoded_pages import STORY, page
from unioncrawl.decode.order import decode_page
from unioncrawl.repair.mirror_model.forward import Decoder, Mirror, damage

TITLE = "<title>青石县总工会</title>"
PARAGRAPHS = "<p>县总工会主席走进车间，了解企业生产情况。</p><p>会议要求，各级工会要压实责任。</p>"


def wrong_characters(text: str, right: str) -> int:
    """How many characters of the right text are missing or replaced."""
    pieces = SequenceMatcher(None, right, text, autojunk=False).get_opcodes()
    return sum(end - start for kind, start, end, _, _ in pieces if kind != "equal")


def test_one_lost_byte_costs_two_characters() -> None:
    """Whichever byte of a paragraph is lost, at most two characters are, and the loss is counted."""
    body = STORY.encode("gbk")
    start = body.index(b"<p>") + 3
    for place in range(start, body.index(b"</p>")):
        decoded = decode_page(page("gbk", "").encode("gbk") + body[:place] + body[place + 1 :])
        assert decoded.undecodable == 1, place
        assert wrong_characters(decoded.text.replace("\ufffd", ""), page("gbk", "") + STORY) <= 2, place


def test_two_lost_bytes_cost_four_characters() -> None:
    """Losses far from each other are mended one by one, an even number of them too."""
    body = STORY.encode("gbk")
    decoded = decode_page(page("gbk", "").encode("gbk") + body[:21] + body[22:70] + body[71:])
    assert decoded.undecodable == 2
    assert wrong_characters(decoded.text.replace("\ufffd", ""), page("gbk", "") + STORY) <= 4


MIRRORED = [
    "临溪市总工会书面答复。“于本月底前把东河县环卫职工的高温津贴发放到位。”主席说，各单位要对照清单销号。",
    "东河县总工会召开座谈会。“如果职工宿舍的电梯仍然停用，我们就派人来修。”后勤处负责人说。",
]


@pytest.mark.parametrize(
    ("decoder", "annotated"),
    [(Decoder.SWALLOWING, ""), (Decoder.SWALLOWING, "會職"), (Decoder.DROPPING, "會職")],
)
@pytest.mark.parametrize("original", MIRRORED)
def test_a_mirror_s_broken_run_is_no_lost_byte(decoder: Decoder, annotated: str, original: str) -> None:
    """What a mirror wrote out of step is read as it stands: repair restores it, and no byte is lost."""
    shown = damage(original, Mirror(frozenset(annotated), decoder))
    decoded = decode_page(page("gb2312", f"<p>{shown}</p>").encode("gb18030"))
    assert shown in decoded.text
    assert decoded.undecodable == 0


def test_losses_are_found_without_a_mirror_s_hand() -> None:
    """A doubtful mark and a genuine note in simplified text do not hide two lost bytes."""
    body = page("gbk", STORY.replace("，", "?！", 1).replace("叮嘱", "叮(dīng)嘱")).encode("gbk")
    start = body.index(b"<p>") + 23
    decoded = decode_page(body[:start] + body[start + 1 : start + 30] + body[start + 31 :])
    assert decoded.undecodable == 2


def test_a_bad_byte_on_a_mirror_s_page_is_counted() -> None:
    """A byte that was lost on the way is found beside a mirror's runs, and costs no other paragraph."""
    lines = [damage(text, Mirror(frozenset("會職"))) for text in MIRRORED]
    body = page("gb2312", f"<p>{lines[0]}</p><p>{lines[1]}</p>").encode("gb18030")
    place = body.index("臨溪".encode("gbk")) + 1
    decoded = decode_page(body[:place] + body[place + 1 :])
    assert decoded.undecodable > 0
    assert lines[1] in decoded.text


@pytest.mark.parametrize(
    ("template", "text", "named"), [("gbk", "utf-8", "utf-8"), ("utf-8", "gbk", "gb18030")]
)
def test_two_encodings_in_one_page(template: str, text: str, named: str) -> None:
    """A template in one encoding around a text in the other gives both, the longer one named."""
    body = TITLE.encode(template) + PARAGRAPHS.encode(text) + "<div>点击：128次</div>".encode(template)
    decoded = decode_page(body, {"Content-Type": "text/html; charset=utf-8"})
    assert decoded.text == TITLE + PARAGRAPHS + "<div>点击：128次</div>"
    assert (decoded.encoding, decoded.undecodable) == (named, 0)
    assert any("two encodings" in piece.raw for piece in decoded.evidence)


def test_a_cut_headline_makes_no_second_encoding() -> None:
    """A headline that a template cut inside a character leaves the page in its one encoding."""
    cut = "<a>关于表彰全市先进基层工会组织的决定".encode()[:-1]
    decoded = decode_page(cut + "…</a>".encode() + PARAGRAPHS.encode())
    assert decoded.encoding == "utf-8"
    assert decoded.text.endswith(PARAGRAPHS)
    assert decoded.undecodable == 2


@pytest.mark.parametrize(("apart", "counted"), [(6, 2), (5, 0)])
def test_two_losses_cost_less_than_six_wrong_characters(apart: int, counted: int) -> None:
    """Two losses are assumed where six characters between them come out rare; fewer may be a rare name."""
    text = "近日县总工会组织开展慰问活动慰问高温下坚守岗位".encode("gbk")
    body = text[:8] + text[9 : 9 + 2 * apart] + text[10 + 2 * apart :]
    assert decode_page("<p>总工会要闻</p>".encode("gbk") + body).undecodable == counted


@pytest.mark.parametrize(
    ("losses", "sound", "is_mended"),
    [(8, 12, True), (9, 12, False), (20, 94, True), (21, 94, False)],
    ids=["eight anywhere", "nine on a short page", "one in fifty", "more than one in fifty"],
)
def test_a_few_losses_are_mended(losses: int, sound: int, *, is_mended: bool) -> None:
    """Eight bytes, or one in fifty, may be lost; a body that lacks more keeps its plain reading."""
    lacking = "<p>工会</p>".encode("gbk").replace(b"\xb9", b"") * losses
    body = lacking + "<p>职工之家建</p>".encode("gbk") * sound
    assert (decode_page(body).text.count("会</p>") == losses) is is_mended


@pytest.mark.parametrize(("title", "is_mixed"), [("会议要求", True), ("会议要", False)])
def test_four_characters_show_a_second_encoding(title: str, *, is_mixed: bool) -> None:
    """Three characters that only GB18030 explains may be a few bad bytes of UTF-8."""
    decoded = decode_page(f"<b>{title}</b>".encode("gbk") + PARAGRAPHS.encode())
    assert any("two encodings" in piece.raw for piece in decoded.evidence) is is_mixed
