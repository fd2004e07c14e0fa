"""What browsers do not show is no text, and what they show is."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.page.hidden.elements import Hiding
from unioncrawl.page.parse import parse_document

STORY = "雁川市总工会在城北物流园建起货车司机暖心驿站，司机可以在这里休息、热饭、洗衣。"


def _read(style: str, inner: str) -> tuple[str, list[tuple[Hiding, str]]]:
    body = f"<body><div class='nr'><p>{STORY}{inner}</p></div></body>"
    text = f"<html><head><style>{style}</style></head>{body}</html>"
    document = parse_document(DecodedPage(url="http://example.org/1.html", text=text, encoding="utf-8"))
    return "\n".join(line.text for line in document.lines), [
        (one.hiding, one.text) for one in document.hidden
    ]


@pytest.mark.parametrize(
    ("style", "inner", "hiding"),
    [
        ("", "<span style='display : none'>杂字</span>", Hiding.ATTRIBUTE),
        ("", "<span style='font-size:0.0px'>杂字</span>", Hiding.ATTRIBUTE),
        ("", "<span hidden>杂字</span>", Hiding.ATTRIBUTE),
        (".q7x1{display:none}", "<span class='q7x1'>杂字</span>", Hiding.STYLE_RULE),
        (".q7x1, b.k{ Display : None !important }", "<b class='k'>杂字</b>", Hiding.STYLE_RULE),
        ("#n3{visibility:hidden}", "<i id='n3'>杂字</i>", Hiding.STYLE_RULE),
        ("/* x */ .nr .q7{font-size:0}", "<em class='q7'>杂字</em>", Hiding.STYLE_RULE),
        (".q7{color:#fff;background-color:white}", "<em class='q7'>杂字</em>", Hiding.STYLE_RULE),
        ("", "<font color='#FFFFFF'>杂字</font>", Hiding.COLOUR),
        ("", "<span style='color: rgb(255, 255, 255)'>杂字</span>", Hiding.COLOUR),
        ("", "<span style='color:#eee;background:#eee'>杂字</span>", Hiding.COLOUR),
        ("", "<font class='jammer'>杂字</font>", Hiding.JAMMER),
    ],
)
def test_hidden_text_is_noted_and_not_read(style: str, inner: str, hiding: Hiding) -> None:
    """Noise that a browser does not show is no line, and is kept apart with what hides it."""
    text, hidden = _read(style, inner)
    assert text == STORY
    assert hidden == [(hiding, "杂字")]


@pytest.mark.parametrize(
    ("style", "inner"),
    [
        ("@media print{.q7{display:none}}", "<b class='q7'>正文</b>"),
        ("@media (max-width:640px){ .a{x:y} .q7{display:none} }", "<b class='q7'>正文</b>"),
        (".q7:hover{display:none}", "<b class='q7'>正文</b>"),
        (".q7{display:none} .q7{display:inline}", "<b class='q7'>正文</b>"),
        (".q7{display:none} .q7.on{display:inline}", "<b class='q7 on'>正文</b>"),
        (".side .q7{display:none}", "<b class='q7'>正文</b>"),
        (".q7{font-size:0}", "<span class='q7'><b style='font-size:16px'>正文</b></span>"),
        ("", "<span aria-hidden='true'>正文</span>"),
        ("", "<span style='background:#c00'><font color='#fff'>正文</font></span>"),
        ("", "<span class='tag' style='color:#fff'>正文</span>"),
        (".q7{display:none}", "<span class='q7'><a href='1'>正</a><a href='2'>文</a></span>"),
    ],
)
def test_shown_text_is_read(style: str, inner: str) -> None:
    """A rule for print, a state, another place, or one that a later rule takes back hides nothing."""
    text, hidden = _read(style, inner)
    assert text == f"{STORY}正文"
    assert not hidden


def test_a_long_text_behind_a_rule_stays() -> None:
    """A part that a script unfolds (展开全文) is longer than noise, and is text."""
    rest = "驿站由物流园和市总工会共同出资，每天从清晨六点开到夜里十一点，已经有三千多人次来过。" * 6
    text, hidden = _read(".more{display:none}", f"</p><div class='more'>{rest}</div><p>")
    assert rest in text
    assert not hidden


def test_white_headings_on_a_ground_of_a_style_sheet_stay() -> None:
    """A white line that stands alone has its ground in a file that nobody fetched."""
    bar = "<table><tr><td class='bar'><font color='#fff'>工会要闻</font></td></tr></table>"
    text = f"<div>{bar}<p>{STORY}</p></div>"
    document = parse_document(DecodedPage(url="http://example.org/1.html", text=text, encoding="utf-8"))
    assert [line.text for line in document.lines] == ["工会要闻", STORY]


@pytest.mark.parametrize(
    ("style", "inner", "is_shown"),
    [
        (".w3{color:#FFF}", "<span class='w3'>雁网编</span>", False),
        (".w3{color:white;background:#fff}", "<i class='w3'>雁网编</i>", False),
        ("p .w3{color:rgb(255, 255, 255)}", "<font class='w3'>雁网编</font>", False),
        (".w3{color:#fff;background:#c00}", "<span class='w3'>雁网编</span>", True),
        (".w3{color:#fff} p{background:#036}", "<span class='w3'>雁网编</span>", True),
        (".w3{color:#fff} .w3{color:#333}", "<span class='w3'>雁网编</span>", True),
        (".w3{color:#fff}", "<span class='w3 badge'>雁网编</span>", True),
        (".w3:hover{color:#fff}", "<span class='w3'>雁网编</span>", True),
    ],
)
def test_white_text_by_a_class_beside_text_is_hidden(style: str, inner: str, *, is_shown: bool) -> None:
    """White by a rule of the page is as unseen as white by an attribute, where no ground is known."""
    text, hidden = _read(style, inner)
    assert text == (f"{STORY}雁网编" if is_shown else STORY)
    assert bool(hidden) is not is_shown
