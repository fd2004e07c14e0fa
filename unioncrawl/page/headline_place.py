"""Find the headline of a page and the line it stands in.

What the page says about itself (``<title>``, metas, comment markers) is compared
with the lines a reader sees; the visible line wins, because ``<title>`` carries
the column and the site behind it and is cut in some CMSs.
"""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any, NamedTuple

from unioncrawl.language.label_folding import fold_labels
from unioncrawl.page.body import is_boilerplate, is_meta, line_worths
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Line, squash
from unioncrawl.page.regions import Region

_TITLE_METAS = ("articletitle", "og:title", "twitter:title", "dc.title", "title", "headline", "name")
_SITE_NAME = re.compile(
    r"(?:总工会|工会|官网|网站|门户|首页|人民政府|委员会|委|局|厅|网|报|新闻|在线|中心|频道|栏目|客户端|工作动态|基层动态|要闻)$"
)
_SUFFIX = re.compile(r"\s*(?:[_|｜]|\s[-—–－]+\s|--+|—{2,}|\s[-—–－]|[-—–－]\s|»|·\s)\s*")
_HYPHEN = re.compile(r"[-－–—]")
_HEADING_SCORES = {0: 0, 1: 40, 2: 28, 3: 20, 4: 12, 5: 8, 6: 6}
_LONGEST_TITLE = 150
_SURELY_TOLD = 90.0
_SHORTEST_START = 3
# [基层动态] 矿区工会慰问困难职工
_IN_COLUMN = re.compile(r"[\[【〔][^\[\]【】〔〕]{2,8}[\]】〕]\s*(?=.{6})")


class Headline(NamedTuple):
    """The headline as printed, the lines that hold it (empty range if none does), the rule that took it."""

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
        if len(first) < 6 and _SITE_NAME.search(first) and len(pieces[-1]) > len(first):
            return pieces[-1]
        return first
    pieces = _HYPHEN.split(title)
    while len(pieces) > 1 and (_SITE_NAME.search(pieces[-1].strip()) or not pieces[-1].strip()):
        pieces.pop()
    cut = len("-".join(pieces))
    return title[:cut].strip()


def find_headline(document: Document) -> Headline:
    """The headline and its place; an empty text when the page names nothing."""
    marked = document.marked("标题").strip()
    if marked and len(marked) <= _LONGEST_TITLE:
        start, stop = document.markers["标题"]
        return Headline(marked, start, stop, "marker:标题")
    claims = _claims(document)
    best, best_score = -1, 35.0
    before = _shares_before(document)
    for index in _candidates(document):
        score = _score(document, index, document.lines[index], claims)
        if score > best_score:
            score -= 90.0 * before[index]
        if score > best_score:
            best, best_score = index, score
    if best < 0:
        return _from_claims(document, claims)
    return _joined(document, best, claims)


def _candidates(document: Document) -> list[int]:
    """The lines that may be a headline: of fitting length, and no links unless they are headings."""
    return [
        index
        for index, line in enumerate(document.lines)
        if 3 <= len(line.text) <= _LONGEST_TITLE
        and (line.link_length <= len(line.text) * 0.6 or line.heading)
    ]


def is_anchored(document: Document, headline: Headline) -> bool:
    """Whether a headline is one for sure: a long line that ``<title>`` repeats, or a top heading."""
    if headline.stop == headline.start or len(headline.text) < 8:
        return False
    squashed = squash(headline.text)
    told = any(claim.squashed.startswith(squashed) for claim in _claims(document))
    return told or 1 <= document.lines[headline.start].heading <= 2


def _shares_before(document: Document) -> list[float]:
    """For each line, how much of the page's running text stands before it: a headline stands before most."""
    told = zip(line_worths(document), document.lines, strict=True)
    worths = [worth if worth > 0.0 and len(line.text) > 40 else 0.0 for worth, line in told]
    total = sum(worths) or 1.0
    return [done / total for done in accumulate(worths, initial=0.0)]


class _Claim(NamedTuple):
    squashed: str
    weight: float


def _claims(document: Document) -> list[_Claim]:
    """What the page says its headline is, longest-trusted first, squashed."""
    claims = []
    article_title = document.metas.get("articletitle", "")
    if article_title:
        claims.append(_Claim(squash(article_title), 1.3))
    if document.title:
        claims.append(_Claim(squash(document.title), 1.0))
    claims.extend(
        _Claim(squash(document.metas[name]), 1.0) for name in _TITLE_METAS[1:] if name in document.metas
    )
    return [claim for claim in claims if claim.squashed]


def _score(document: Document, index: int, line: Line, claims: list[_Claim]) -> float:
    text = line.text
    length = len(text)
    if not 3 <= length <= _LONGEST_TITLE or (_is_link(line) and not line.heading):
        return 0.0
    told = _told(squash(text), claims)
    above = length >= 6 and _is_right_above_meta(document, index)
    below = 0.0 if above else _below_meta(document, index)
    if not told and not line.heading and line.region is not Region.TITLE and not above and not below:
        return 0.0
    if _leads_elsewhere(line, told) or _is_none(text):
        return 0.0
    if not told and not line.heading and (_SENTENCE.search(text) or _TIME_FIRST.match(text)):
        return 0.0
    score = told + below + _HEADING_SCORES[line.heading] + min(length, 30) * 0.8
    if line.link_length:
        score -= 40.0
    if line.region is Region.TITLE:
        score += 15.0
    elif line.region is Region.NOISE:
        score -= 20.0
    if length <= 14 and _SITE_NAME.search(text):
        score -= 70.0
    if _followed_by_meta(document, index):
        score += 45.0
    return score


def _is_none(text: str) -> bool:
    """Whether a line is something else than a headline for sure."""
    return is_meta(text) or is_dated(text) or is_boilerplate(text) or _is_breadcrumb(text)


def _leads_elsewhere(line: Line, told: float) -> bool:
    """Whether a heading is a link to another page; some templates link a headline to its own."""
    return _is_link(line) and line.heading > 1 and told <= _SURELY_TOLD


def _is_link(line: Line) -> bool:
    return line.link_length > len(line.text) * 0.6


def _told(squashed: str, claims: list[_Claim]) -> float:
    """How strongly the page's own claims support a line."""
    if len(squashed) < 3:
        return 0.0
    best = 0.0
    for claim in claims:
        if claim.squashed.startswith(squashed):
            sure = 90.0 if len(squashed) >= 6 else 45.0  # NEWS, 要闻: a column may stand first
            best = max(best, sure * claim.weight + min(len(squashed), 40))
        elif len(squashed) >= 6 and squashed in claim.squashed:
            best = max(best, 60.0 * claim.weight + min(len(squashed), 40))
        elif len(claim.squashed) >= 8 and squashed.startswith(claim.squashed):
            best = max(best, 70.0 * claim.weight + 20.0)
        elif len(squashed) >= 10 and squashed[:10] == claim.squashed[:10]:
            best = max(best, 55.0)
    return best


def _is_breadcrumb(text: str) -> bool:
    folded = fold_labels(text).text
    return "位置:" in folded or bool(re.search(r"首页\s*(?:>|»|›|/|-)", folded))


def _is_right_above_meta(document: Document, index: int) -> bool:
    following = document.lines[index + 1 : index + 2]
    return any(is_meta(line.text) or is_dated(line.text) for line in following)


def _below_meta(document: Document, index: int) -> float:
    """What a metadata line right above says for a line: some templates set it over the headline."""
    line = document.lines[index]
    if index == 0 or not 6 <= len(line.text) <= 60 or line.link_length or line.region is Region.BODY:
        return 0.0
    above = document.lines[index - 1].text
    if "。" in line.text or not (is_meta(above) or is_dated(above)):
        return 0.0
    return 40.0 if _stands_out(line.element) else 25.0


def _stands_out(element: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a block is set in the middle, bold or large."""
    style = f"{element.get('align') or ''} {element.get('style') or ''}"
    first = element[0] if len(element) else None
    bold = first is not None and first.tag in ("b", "strong", "big", "font", "center")
    return bold or "center" in style or "font-size" in style


def _followed_by_meta(document: Document, index: int) -> bool:
    following = document.lines[index + 1 : index + 5]
    return any(is_meta(line.text) or _STARTS_DATED.match(line.text) for line in following)


_TIME_FIRST = re.compile(r"\W*[012]?\d[:：∶][0-5]\d")
_SENTENCE = re.compile(r"[，；：].*[。！？][”」）)]?$")
_STARTS_DATED = re.compile(r"\W{0,3}(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?!.{60})")


def _joined(document: Document, index: int, claims: list[_Claim]) -> Headline:
    """Take neighbouring lines into the headline while a claim or the same heading holds them."""
    lines = document.lines
    start, stop = index, index + 1
    while stop < len(lines) and stop - start < 4 and _belongs(lines, start, stop, claims):
        stop += 1
    while start > 0 and stop - start < 4 and _opens(lines, start, stop, claims):
        start -= 1
    return Headline(_printed(document, start, stop, claims), start, stop, "visible")


def _printed(document: Document, start: int, stop: int, claims: list[_Claim]) -> str:
    """The headline's lines as one, without a space where ``<title>`` has none and without its column."""
    texts = [line.text for line in document.lines[start:stop]]
    text = "".join(texts) if "".join(texts) in document.title else " ".join(texts)
    column = _IN_COLUMN.match(text)
    rest = squash(text[column.end() :]) if column else ""
    if column and rest and not _told(squash(text), claims) >= _SURELY_TOLD:
        return text[column.end() :] if any(claim.squashed.startswith(rest) for claim in claims) else text
    return text


def _opens(lines: list[Line], start: int, stop: int, claims: list[_Claim]) -> bool:
    """Whether the line above begins the headline: the same heading, or one line with it in a claim."""
    above, first = lines[start - 1], lines[start]
    if _same_heading(above, first):
        joined = squash(above.text) + squash(first.text)[:2]
        return not _is_whole(lines[start:stop], joined, claims)
    if above.element is not first.element or above.link_length or len(above.text) < _SHORTEST_START:
        return False
    grown = squash("".join(line.text for line in lines[start - 1 : stop]))
    return any(claim.squashed.startswith(grown) for claim in claims)


def _belongs(lines: list[Line], start: int, stop: int, claims: list[_Claim]) -> bool:
    following = lines[stop]
    if is_meta(following.text) or following.link_length:
        return False
    if _same_heading(lines[stop - 1], following):
        own = squash("".join(line.text for line in lines[start:stop]))
        return not _is_whole(lines[start:stop], own + squash(following.text)[:2], claims)
    grown = squash("".join(line.text for line in lines[start : stop + 1]))
    size = len(squash(following.text))
    return size >= 4 and any(grown in claim.squashed for claim in claims)


def _is_whole(own: list[Line], grown: str, claims: list[_Claim]) -> bool:
    """Whether the page calls its headline by these lines, not by ``grown``: the rest is 引题 or 副题."""
    text = squash("".join(line.text for line in own))
    told = any(claim.squashed.startswith(text) for claim in claims)
    return len(text) >= 6 and told and not any(grown in claim.squashed for claim in claims)


def _same_heading(one: Line, other: Line) -> bool:
    return one.element is other.element and bool(one.heading) and one.heading <= 2


def _from_claims(document: Document, claims: list[_Claim]) -> Headline:
    for name in ("articletitle", "og:title"):
        if document.metas.get(name):
            return Headline(strip_suffixes(document.metas[name]), 0, 0, f"meta:{name}")
    if document.title and claims:
        return Headline(strip_suffixes(document.title), 0, 0, "title-tag")
    return Headline("", 0, 0, "none")
