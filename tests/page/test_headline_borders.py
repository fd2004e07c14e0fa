"""How long the pieces of a headline are, and what may stand beside it, hold where they are."""

from __future__ import annotations

import pytest

from tests.extract.test_borders import PIECES
from unioncrawl.extract import extract_page
from unioncrawl.model import DecodedPage

STORY = f"{PIECES['{day}']}{PIECES['{story}']}"
LINE = "矿区工会慰问困难职工"


def _headline(title: str, above: str) -> str:
    page = f"<html><head><title>{title}</title></head><body>{above}{STORY}</body></html>"
    found = extract_page(DecodedPage(url="http://example.org/1.html", text=page, encoding="utf-8")).article
    assert found is not None
    return found.title


@pytest.mark.parametrize(
    ("title", "above", "headline"),
    [
        ("雁川工会网_市总召开职工大会", "", "市总召开职工大会"),
        ("雁川县工会网_市总召开职工大会", "", "雁川县工会网"),
        ("工会网", "<div>慰问困难工</div>", "工会网"),
        ("工会网", "<div>慰问困难职工</div>", "慰问困难职工"),
        (f"{LINE}_工会网", f"<h2>[要] {LINE}</h2>", f"[要] {LINE}"),
        (f"{LINE}_工会网", f"<h2>[要闻] {LINE}</h2>", LINE),
        (f"{LINE}_工会网", f"<h2>[雁川工会基层动态] {LINE}</h2>", LINE),
        (f"{LINE}_工会网", f"<h2>[雁川工会基层动态栏] {LINE}</h2>", f"[雁川工会基层动态栏] {LINE}"),
        (f"{LINE}送清凉_工会网", f"<div>{LINE}</div><div>送清凉</div>", LINE),
        (f"{LINE}送去清凉_工会网", f"<div>{LINE}</div><div>送去清凉</div>", f"{LINE}送去清凉"),
        ("工会网", f"<h1>{LINE * 15}</h1>", LINE * 15),
        ("工会网", f"<h1>{LINE * 15}会</h1>", "工会网"),
        ("工会网", "<h1>送清凉</h1>", "送清凉"),
        ("工会网", "<h1>清凉</h1>", "工会网"),
        ("网站", "<div>矿区困难职工慰问货车司机工会</div>", "网站"),
        ("网站", "<div>矿区困难职工慰问货车司机的工会</div>", "矿区困难职工慰问货车司机的工会"),
        ("工会网", f"<h2>2024-03-05{LINE * 5}</h2>", "工会网"),
        ("工会网", f"<h2>2024-03-05{LINE * 5}会</h2>", f"2024-03-05{LINE * 5}会"),
        ("工会网", f"<h2>{LINE}<br>送清凉</h2>", f"{LINE} 送清凉"),
        ("工会网", f"<h3>{LINE}<br>送清凉</h3>", LINE),
        ("工会网", f"<p>{'文' * 198}。</p><h2>{LINE}</h2>", LINE),
        ("工会网", f"<p>{'文' * 199}。</p><h2>{LINE}</h2>", "工会网"),
    ],
    ids=[
        *("a site of five characters", "of six", "a line of five", "of six"),
        *("a column of one character", "of two", "of eight", "of nine"),
        *("a second line of three", "of four", "the longest", "longer", "the shortest", "shorter"),
        *("a site's name of 14", "of 15", "fifty characters behind a day", "more"),
        *("a heading of the second level", "of the third"),
        *("text before a heading", "more text"),
    ],
)
def test_takes_the_headline_up_to_its_limits(title: str, above: str, headline: str) -> None:
    """At each limit a line is the headline or a part of it, and one character beyond it is not."""
    assert _headline(title, above) == headline
