"""Each signal gives a line the points that the table says."""

from __future__ import annotations

import pytest

from unioncrawl.model import DecodedPage
from unioncrawl.page.headline_score import AGREEMENTS, SIGNALS, claimed, read_claims, score_lines
from unioncrawl.page.parse import parse_document

LINE = "雁川市总工会送清凉到一线"
DATE = "<div>发布时间：2024-04-08 来源：雁川工会</div>"
TEXT = (
    "<p>市总工会近日走进城北物流园，为货车司机送去饮用水、毛巾和防暑药品，并听取他们对驿站的意见和建议。</p>"
)
_LENGTH = 12 * 0.8

# The signal, the page, and the points of `LINE` on it.
SCORES = [
    ("claimed", f"<title>{LINE}_雁川市总工会</title><div>{LINE}</div>{TEXT}", 90 + 12 + _LENGTH),
    *(
        (f"h{level}", f"<h{level}>{LINE}</h{level}>{TEXT}", points + _LENGTH)
        for level, points in ((1, 40), (2, 28), (3, 20), (4, 12), (5, 8), (6, 6))
    ),
    ("above-meta", f"<div>{LINE}</div>{DATE}{TEXT}", 45 + _LENGTH),
    ("below-meta", f"{DATE}<div>{LINE}</div>{TEXT}", 25 + _LENGTH),
    ("below-meta-set-out", f"{DATE}<div align=center>{LINE}</div>{TEXT}", 25 + 15 + _LENGTH),
    ("length", f"<h4>{LINE * 3}</h4>{TEXT}", 12 + 30 * 0.8),
    ("link", f"<h1><a href=/1.html>{LINE}</a></h1>{TEXT}", 40 - 40 + _LENGTH),
    ("title-block", f"<div class=title>{LINE}</div>{TEXT}", 15 + _LENGTH),
    ("noise-block", f"<div class=footer><h1>{LINE}</h1></div>{TEXT}", 40 - 20 + _LENGTH),
    ("site-name", f"<h1>{LINE[:6]}</h1>{TEXT}", 40 - 70 + 6 * 0.8),
    ("text-before", f"{TEXT}<h1>{LINE}</h1>", 40 - 90 + _LENGTH),
]


@pytest.mark.parametrize(("signal", "html", "points"), SCORES, ids=[score[0] for score in SCORES])
def test_a_signal_gives_its_points(signal: str, html: str, points: float) -> None:
    """A line has the points of its signals, and of no others."""
    assert signal in {one.name for one in SIGNALS}
    document = parse_document(DecodedPage(url="http://e.org/1.html", text=html, encoding="utf-8"))
    scores = {
        document.lines[index].text: score for index, score in score_lines(document, read_claims(document))
    }
    assert next(score for text, score in scores.items() if LINE[:6] in text) == pytest.approx(points)


def test_every_signal_is_held() -> None:
    """No signal is without a case above."""
    assert {signal for signal, _, _ in SCORES} == {one.name for one in SIGNALS}


AGREED = {
    "starts-claim": ("市总工会送清凉", "市总工会送清凉到一线", 90 + 7),
    "short-start": ("市总工会", "市总工会送清凉到一线", 45 + 4),
    "within-claim": ("工会送清凉到", "市总工会送清凉到一线", 60 + 6),
    "goes-on": ("市总工会送清凉到一线职工手中", "市总工会送清凉到", 70 + 20),
    "same-start": ("市总工会送清凉到一线职工手中", "市总工会送清凉到一线慰问", 55),
}


@pytest.mark.parametrize("name", [one.name for one in AGREEMENTS])
def test_an_agreement_gives_its_points(name: str) -> None:
    """What a page claims counts by how it agrees with the line, and a trusted claim counts more."""
    line, claim, points = AGREED[name]
    page = f"<title>{claim}</title>"
    document = parse_document(DecodedPage(url="http://e.org/1.html", text=page, encoding="utf-8"))
    claims = read_claims(document)
    assert claimed(line, claims) == pytest.approx(points)
    trusted = next(one.points for one in AGREEMENTS if one.name == name) * 0.3
    assert claimed(line, [claims[0]._replace(weight=1.3)]) == pytest.approx(points + trusted)
