"""GB18030 pages with lost bytes, and pages in two encodings."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from tests.decode.encoded_pages import STORY, page
from unioncrawl.decode.order import decode_page

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
