"""How much speaks for a line as the headline: a table of signals, each with its points.

A line's score is the sum of points times measure. What the page itself claims its headline to
be (``<title>``, metas) is the strongest signal, in five degrees of agreement. ``needed_by`` counts
the pages whose headline changes when a signal is left out: of the 75 recorded ones (tests/sites),
and of the 35 made ones (tests/cases/headlines.json). Signals overlap, so that most pages can do
without any one of them; doubling one changes no recorded page. tests/page/test_headline_score.py
holds each to its points.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.labels import is_label, split_labels
from unioncrawl.page.line_kinds import is_boilerplate, is_meta
from unioncrawl.page.line_worths import line_worths
from unioncrawl.page.regions import BODY, NOISE, TITLE

LONGEST_TITLE = 150
SHORTEST_TITLE = 3
# A line with fewer points is not a headline: <title> is taken instead.
LEAST_SCORE = 35.0
SITE_NAME = re.compile(
    r"(?:总工会|工会|官网|网站|门户|首页|人民政府|委员会|委|局|厅|网|报|新闻|在线|中心|频道|栏目|客户端|工作动态|基层动态|要闻)$"
)
_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "dc.title", "title", "headline", "name")
_TIME_FIRST = re.compile(r"\W*[012]?\d[:：∶][0-5]\d")
_SENTENCE = re.compile(r"(?:\A|\n)[^，；：\n]*+[，；：].*[。！？][”」）)]?$")
_STARTS_DATED = re.compile(r"\W{0,3}(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!.{60})")
_TOOLS = frozenset("字号 字体 字体大小 浏览字号 打印 收藏 分享 分享到 扫一扫".split())
# More characters add no points: a longer line is not a better headline.
_LONGEST_COUNTED = 30
# A site's name is short; a line between metadata and text has a headline's length.
_LONGEST_SITE_NAME = 14
_SHORTEST_ALONE, _LONGEST_ALONE = 6, 60
_RUNNING_TEXT = 40


class Claim(NamedTuple):
    """What a page says its headline is, squashed, and how far it is trusted."""

    squashed: str
    weight: float


def read_claims(document: Document) -> list[Claim]:
    """What the page says its headline is, longest-trusted first."""
    claims = []
    article_title = document.metas.get("articletitle", "")
    if article_title:
        claims.append(Claim(squash(article_title), 1.3))
    if document.title:
        claims.append(Claim(squash(document.title), 1.0))
    claims.extend(
        Claim(squash(document.metas[name]), 1.0) for name in _TITLE_METAS[1:] if name in document.metas
    )
    return [claim for claim in claims if claim.squashed]


class Agreement(NamedTuple):
    """How a claim and a line agree, and what that is worth.

    ``points`` count by the claim's weight, ``flat`` as they are, and a character of the line one more
    where ``by_length``. ``shortest_line`` and ``shortest_claim``: in characters.
    """

    name: str
    holds: Callable[[str, str], bool]
    points: float
    flat: float = 0.0
    by_length: bool = False
    shortest_line: int = SHORTEST_TITLE
    shortest_claim: int = 1
    needed_by: tuple[int, int] = (0, 0)


SURELY_CLAIMED = 90.0
# The first that holds counts. A column (NEWS, 要闻) may open a claim, so a short start is worth half.
AGREEMENTS = (
    Agreement(
        "starts-claim", lambda line, claim: claim.startswith(line),
        SURELY_CLAIMED, by_length=True, shortest_line=6, needed_by=(0, 2),
    ),
    Agreement(
        "short-start", lambda line, claim: claim.startswith(line),
        45.0, by_length=True, needed_by=(2, 0),
    ),
    Agreement(
        "within-claim", lambda line, claim: line in claim,
        60.0, by_length=True, shortest_line=6, needed_by=(0, 1),
    ),
    Agreement(
        "goes-on", lambda line, claim: line.startswith(claim), 70.0, flat=20.0, shortest_claim=8
    ),
    Agreement(
        "same-start", lambda line, claim: line[:10] == claim[:10], 0.0, flat=55.0, shortest_line=10
    ),
)  # fmt: skip


def claimed(squashed: str, claims: list[Claim]) -> float:
    """How many points the page's own claims give to a line.

    >>> claimed("市总工会送清凉", [Claim("市总工会送清凉_某市总工会", 1.0)])
    97.0
    >>> claimed("职工书屋开放", [Claim("市总工会送清凉_某市总工会", 1.0)])
    0.0
    """
    # In every degree of agreement the claim has the line's first sign.
    first = squashed[:1]
    return max([_points(squashed, claim) for claim in claims if first in claim.squashed], default=0.0)


def _points(squashed: str, claim: Claim) -> float:
    for one in AGREEMENTS:
        is_long = len(squashed) >= one.shortest_line and len(claim.squashed) >= one.shortest_claim
        if is_long and one.holds(squashed, claim.squashed):
            return one.points * claim.weight + one.flat + len(squashed) * one.by_length
    return 0.0


class Candidate(NamedTuple):
    """A line that may be the headline, and what was found out about it.

    ``place``: its number in the document; ``claimed`` in points; ``below_meta``: metadata stands
    right above it; ``share_before``: of the page's running text.
    """

    document: Document
    place: int
    line: Line
    claimed: float
    below_meta: bool
    share_before: float


class Signal(NamedTuple):
    """A sign for or against a line: its points, and how much of it the line has."""

    name: str
    points: float
    measure: Callable[[Candidate], float]
    needed_by: tuple[int, int] = (0, 0)


def _heading(level: int) -> Callable[[Candidate], float]:
    return lambda candidate: candidate.line.heading == level


SIGNALS = (
    Signal("claimed", 1.0, lambda one: one.claimed, needed_by=(2, 3)),
    # Some templates set the line of metadata over the headline.
    Signal("below-meta", 25.0, lambda one: one.below_meta),
    Signal("below-meta-set-out", 15.0, lambda one: one.below_meta and _stands_out(one.line.element)),
    *(
        Signal(f"h{level}", points, _heading(level), needed_by)
        for level, points, needed_by in (
            (1, 40.0, (1, 0)), (2, 28.0, (0, 0)), (3, 20.0, (1, 0)),
            (4, 12.0, (0, 0)), (5, 8.0, (0, 0)), (6, 6.0, (0, 0)),
        )
    ),
    Signal("length", 0.8, lambda one: min(len(one.line.text), _LONGEST_COUNTED), needed_by=(1, 0)),
    Signal("link", -40.0, lambda one: one.line.link_length > 0),
    Signal("title-block", 15.0, lambda one: one.line.region is TITLE),
    Signal("noise-block", -20.0, lambda one: one.line.region is NOISE),
    Signal("site-name", -70.0, lambda one: _is_site_name(one.line.text)),
    Signal("above-meta", 45.0, lambda one: _is_followed_by_meta(one.document, one.place), needed_by=(4, 4)),
    # A headline stands before most of the text; headlines of related articles follow it.
    Signal("text-before", -90.0, lambda one: one.share_before),
)  # fmt: skip


def score_lines(document: Document, claims: list[Claim]) -> list[tuple[int, float]]:
    """The lines that may be a headline, and their points."""
    shares = _shares_before(document)
    scores = []
    for index, line in enumerate(document.lines):
        if (not line.heading and _is_link(line)) or not SHORTEST_TITLE <= len(line.text) <= LONGEST_TITLE:
            continue
        points = claimed(squash(line.text), claims)
        is_below = _is_below_meta(document, index)
        if not (points or line.heading or line.region is TITLE or is_below):
            is_above = len(line.text) >= _SHORTEST_ALONE and _is_right_above_meta(document, index)
            if not is_above:
                continue
        candidate = Candidate(document, index, line, points, is_below, shares[index])
        if _may_be(candidate):
            scores.append(
                (index, sum([signal.points * signal.measure(candidate) for signal in SIGNALS], 0.0))
            )
    return scores


def _may_be(candidate: Candidate) -> bool:
    """Whether nothing says for sure that a line is something else than a headline."""
    line, text = candidate.line, candidate.line.text
    if _is_link(line) and line.heading > 1 and candidate.claimed <= SURELY_CLAIMED:
        return False  # some templates link a headline to its own page, and others a heading to another
    if is_meta(text) or is_dated(text) or is_boilerplate(text) or _is_breadcrumb(text) or _is_tool(text):
        return False
    named = bool(candidate.claimed or line.heading)
    return named or not (_SENTENCE.search(text) or _TIME_FIRST.match(text))


def _shares_before(document: Document) -> list[float]:
    """For each line, how much of the page's running text stands before it."""
    weighed = zip(line_worths(document), document.lines, strict=True)
    worths = [worth if worth > 0.0 and len(line.text) > _RUNNING_TEXT else 0.0 for worth, line in weighed]
    total = sum(worths, 0.0) or 1.0
    return [done / total for done in accumulate(worths, initial=0.0)]


def _is_link(line: Line) -> bool:
    return line.link_length > len(line.text) * 0.6


def _is_breadcrumb(text: str) -> bool:
    folded = fold_labels(text).text
    return "位置:" in folded or bool(re.search(r"首页\s*(?:>|»|›|/|-)", folded))


def _is_tool(text: str) -> bool:
    """Whether a line sets the size of the type, prints or shares: 字号： stands in the headline's element."""
    parts = split_labels(text)
    return bool(parts) and parts[0].start <= 1 and (parts[0].name in _TOOLS or is_label(text))


def _is_site_name(text: str) -> bool:
    return len(text) <= _LONGEST_SITE_NAME and SITE_NAME.search(text) is not None


def _is_right_above_meta(document: Document, index: int) -> bool:
    if index + 1 == len(document.lines):
        return False
    text = document.lines[index + 1].text
    return is_meta(text) or is_dated(text)


def _is_below_meta(document: Document, index: int) -> bool:
    """Whether a possible headline has a metadata line right above it and not right below it."""
    line = document.lines[index]
    size = len(line.text)
    if index == 0 or not _SHORTEST_ALONE <= size <= _LONGEST_ALONE or line.link_length or "。" in line.text:
        return False
    above = document.lines[index - 1].text
    is_below = line.region is not BODY and (is_meta(above) or is_dated(above))
    return is_below and not _is_right_above_meta(document, index)


def _stands_out(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a block is set in the middle, bold or large."""
    style = f"{element.get('align') or ''} {element.get('style') or ''}"
    first = element[0] if len(element) else None
    bold = first is not None and first.tag in ("b", "strong", "big", "font", "center")
    return bold or "center" in style or "font-size" in style


def _is_followed_by_meta(document: Document, index: int) -> bool:
    following = document.lines[index + 1 : index + 5]
    return any(is_meta(line.text) or _STARTS_DATED.match(line.text) for line in following)
