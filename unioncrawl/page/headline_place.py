"""Find the headline of a page and the line it stands in.

What the page says about itself (``<title>``, metas, comment markers) is compared
with the lines a reader sees. The visible line wins: ``<title>`` also carries the
column and the site, and some CMSs cut it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.headline_score import (
    LEAST_SCORE,
    LONGEST_TITLE,
    SITE_NAME,
    SURELY_CLAIMED,
    Claim,
    claimed,
    read_claims,
    score_lines,
)
from unioncrawl.page.line_kinds import is_meta

_SUFFIX = re.compile(r"(?:(?<!\s)\s+)?(?:[_|｜]|\s[-—–－]+\s|--+|—{2,}|\s[-—–－]|[-—–－]\s|»|·\s)\s*")
_HYPHEN = re.compile(r"[-－–—]")
# A column or a site before the first sign of <title> is shorter than most headlines.
_SHORTEST_SURE = 10
# 服务热线 above a date: a headline that <title> words otherwise is longer.
_SHORTEST_OTHER = 8
_META_REACH = 4
_MOST_LINES = 4
# [基层动态] 矿区工会慰问困难职工
_IN_COLUMN = re.compile(r"[\[【〔][^\[\]【】〔〕]{2,8}[\]】〕]\s*(?=.{6})")


class Headline(NamedTuple):
    """The headline as printed, its lines (empty range if no line holds it), and the rule that took it."""

    text: str
    start: int
    stop: int
    rule: str


def strip_suffixes(title: str) -> str:
    """Cut column and site names off a ``<title>``.

    >>> strip_suffixes("市总工会送清凉_工会要闻_某市总工会")
    '市总工会送清凉'
    >>> strip_suffixes("中国-东盟职工论坛开幕")
    '中国-东盟职工论坛开幕'
    """
    pieces = [piece for piece in _SUFFIX.split(title) if piece]
    if len(pieces) > 1:
        first = pieces[0]
        if len(first) < 6 and SITE_NAME.search(first) and len(pieces[-1]) > len(first):
            return pieces[-1]
        return first
    pieces = _HYPHEN.split(title)
    while len(pieces) > 1 and (SITE_NAME.search(pieces[-1].strip()) or not pieces[-1].strip()):
        pieces.pop()
    cut = len("-".join(pieces))
    return title[:cut].strip()


def find_headline(document: Document) -> Headline:
    """The headline and its place; an empty text when the page has no headline."""
    marked = document.marked("标题").strip()
    if marked and len(marked) <= LONGEST_TITLE:
        start, stop = document.markers["标题"]
        return Headline(marked, start, stop, "marker:标题")
    claims = read_claims(document)
    best, best_score = -1, LEAST_SCORE
    for index, score in score_lines(document, claims):
        if score > best_score:
            best, best_score = index, score
    if best < 0 or _is_slogan(document, best, claims):
        return _from_claims(document, claims)
    return _joined(document, best, claims)


def _is_slogan(document: Document, index: int, claims: list[Claim]) -> bool:
    """Whether a line that nothing but its element calls a headline stands against a sure one of ``<title>``.

    A site's slogan is set as a heading too; a headline worded otherwise has metadata after it.
    """
    line = document.lines[index]
    own = strip_suffixes(document.title)
    is_sure = len(own) >= _SHORTEST_SURE and own != document.title and SITE_NAME.search(own) is None
    if not is_sure or claimed(squash(line.text), claims):
        return False
    if len(line.text) < _SHORTEST_OTHER:
        return True
    near = document.lines[index + 1 : index + 1 + _META_REACH]
    return not any(is_meta(other.text) or is_dated(other.text) for other in near)


def is_anchored(document: Document, headline: Headline) -> bool:
    """Whether a headline is one for sure: a long line that ``<title>`` repeats, or a top heading."""
    if headline.stop == headline.start or len(headline.text) < 8:
        return False
    squashed = squash(headline.text)
    claimed = any(claim.squashed.startswith(squashed) for claim in read_claims(document))
    return claimed or _is_top_heading(document.lines[headline.start])


def _joined(document: Document, index: int, claims: list[Claim]) -> Headline:
    """Take neighbouring lines into the headline while a claim or the same heading holds them."""
    lines = document.lines
    start, stop = index, index + 1
    while stop < len(lines) and stop - start < _MOST_LINES and _belongs(lines, start, stop, claims):
        stop += 1
    while start > 0 and stop - start < _MOST_LINES and _opens(lines, start, stop, claims):
        start -= 1
    return Headline(_printed(document, start, stop, claims), start, stop, "visible")


def _printed(document: Document, start: int, stop: int, claims: list[Claim]) -> str:
    """The headline's lines as one, without its column, and with spaces only where ``<title>`` has them."""
    texts = [line.text for line in document.lines[start:stop]]
    text = "".join(texts) if "".join(texts) in document.title else " ".join(texts)
    column = _IN_COLUMN.match(text)
    rest = squash(text[column.end() :]) if column else ""
    if column and rest and not claimed(squash(text), claims) >= SURELY_CLAIMED:
        return text[column.end() :] if any(claim.squashed.startswith(rest) for claim in claims) else text
    return text


def _opens(lines: list[Line], start: int, stop: int, claims: list[Claim]) -> bool:
    """Whether the line above begins the headline: the same heading, or one line with it in a claim."""
    above, first = lines[start - 1], lines[start]
    if _same_heading(above, first):
        joined = squash(above.text) + squash(first.text)[:2]
        return not _is_whole(lines[start:stop], joined, claims)
    if above.element is not first.element or above.link_length:
        return False
    grown = squash("".join(line.text for line in lines[start - 1 : stop]))
    return any(claim.squashed.startswith(grown) for claim in claims)


def _belongs(lines: list[Line], start: int, stop: int, claims: list[Claim]) -> bool:
    following = lines[stop]
    if is_meta(following.text) or is_dated(following.text) or following.link_length:
        return False
    if _same_heading(lines[stop - 1], following):
        own = squash("".join(line.text for line in lines[start:stop]))
        return not _is_whole(lines[start:stop], own + squash(following.text)[:2], claims)
    grown = squash("".join(line.text for line in lines[start : stop + 1]))
    size = len(squash(following.text))
    return size >= 4 and any(grown in claim.squashed for claim in claims)


def _is_whole(own: list[Line], grown: str, claims: list[Claim]) -> bool:
    """Whether the page calls its headline by these lines, not by ``grown``: the rest is 引题 or 副题."""
    text = squash("".join(line.text for line in own))
    claimed = any(claim.squashed.startswith(text) for claim in claims)
    return len(text) >= 6 and claimed and not any(grown in claim.squashed for claim in claims)


def _same_heading(one: Line, other: Line) -> bool:
    return one.element is other.element and _is_top_heading(one)


def _is_top_heading(line: Line) -> bool:
    return line.heading in (1, 2)


def _from_claims(document: Document, claims: list[Claim]) -> Headline:
    for name in ("articletitle", "og:title"):
        if document.metas.get(name):
            return Headline(strip_suffixes(document.metas[name]), 0, 0, f"meta:{name}")
    if document.title and claims:
        return Headline(strip_suffixes(document.title), 0, 0, "title-tag")
    return Headline("", 0, 0, "none")
