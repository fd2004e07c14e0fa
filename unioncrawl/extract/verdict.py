"""What a page is when it is not an article, and why: blocked, not found, shell, list.

Status codes and scripts as Chinese sites use them: 412 is 瑞数, 521 加速乐, 405
阿里云; a challenge may also come with 200 (field-notes 4.2). Nothing here tries
to get past one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

from unioncrawl import outcomes
from unioncrawl.extract.article_signs import Signs, is_article, is_list
from unioncrawl.extract.refusal_pages import Verdict, error_of_name, refusal, refusal_before_foot
from unioncrawl.outcomes import FIRST_ERROR_STATUS, Cause, Reason, outcome_of, reason_of_status
from unioncrawl.page.body import Range
from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, squash
from unioncrawl.page.headline_place import Headline, strip_suffixes
from unioncrawl.page.line_kinds import NEIGHBOURS, is_meta
from unioncrawl.page.regions import NOISE
from unioncrawl.page.shown.files import file_lines
from unioncrawl.page.shown.teasers import start_of_others

# A sign that each of them begins with stands first: `re` looks for that alone.
_RUISHU = r"[$Ff9](?i:(?<=\$)_ts(?:\s*=|\[)|(?<=F)SSBBIl1UgzbN7N|(?<=9)DhefwqGPrzGxEp9hPaoag)"
_SETS_COOKIE = r"document\.cookie\s*=.{0,400}(?:location\.(?:reload|href|replace)|location\s*=)"
_CHALLENGES = (
    (outcomes.ALIYUN, re.compile(r"acw_sc__v2|var\s+arg1\s*=\s*['\"][0-9A-F]{20,}")),
    (outcomes.JIASULE, re.compile(r"__jsl(?:_clearance|uid)")),
    (outcomes.RUISHU, re.compile(_RUISHU)),
    (
        outcomes.CLOUDFLARE,
        re.compile(r"cf-browser-verification|challenge-platform|cf_chl_|Just a moment\.\.\."),
    ),
    (outcomes.COOKIE_CHALLENGE, re.compile(_SETS_COOKIE, re.DOTALL)),
)
_SHELL_ROOT = re.compile(
    r"""<div\s+(?:id|class)=["']?(?:app|root|__nuxt|__next|q-app|main-app)["']?[^>]*>"""
    r"""(?:<!--(?:(?!-->).)*-->|<noscript>(?:(?!</noscript>).)*</noscript>|\s)*</div>""",
    re.DOTALL | re.IGNORECASE,
)
_APP_ROOT = re.compile(r"""<div\s[^>]*id=["']?(?:app|root|__nuxt|__next|q-app)["'>\s]""", re.IGNORECASE)
_UNFILLED = re.compile(r"\{\{\s*[\w.$|:'\"() -]+\}\}")
_ALERT = re.compile(r"""alert\(\s*["'](?P<said>[^"']{2,80})["']\s*\)""")
_REDIRECT = re.compile(
    r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\(|http-equiv=[\"']?refresh)", re.IGNORECASE
)
_HOME = re.compile(r"/?(?:(?:index|default|main|home)\.\w{3,5})?")
_LITTLE = 250
_RUNNING = 40
# A site's name is shorter than most headlines.
_HEADLINE = 12
_A_LIST = 4
_MORE = re.compile(
    r"\W*(?:(?:查看|阅读|浏览|查阅|显示)?(?:更多|全文|详情|详细)|继续阅读|read more|more)\W*", re.IGNORECASE
)
_TEASER = 4
# No part of 127.0.0.1 or 96.5 is a day.
_DATED = re.compile(
    r"(?=\d)(?<![\d.])(?:(?:19|20)\d\d\s?[-/.年]\s?)?(?:0?[1-9]|1[0-2])\s?[-/.月]\s?(?:0?[1-9]|[12]\d|3[01])日?(?![\d.])"
)
_DIGIT = re.compile("[0-9]")
_DATED_LAST = re.compile(rf"{_DATED.pattern}[\s\])）】]{{0,4}}$")


def early_verdict(document: Document) -> Verdict | None:
    """The verdict that status, scripts and hardly any text allow; None when the page must be read on."""
    status = document.page.status
    length = document.text_length
    challenge = _challenge(document, length)
    if status >= FIRST_ERROR_STATUS:
        of_status = reason_of_status(status)
        is_wall = outcome_of(of_status).cause is Cause.WALL
        return Verdict(challenge if challenge and is_wall else of_status)
    if challenge:
        return Verdict(challenge)
    if length < _LITTLE:
        return _of_little_text(document)
    return None


def _challenge(document: Document, length: int) -> Reason | None:
    if length > 4 * _LITTLE:
        return None
    text = document.page.text
    for reason, pattern in _CHALLENGES:
        if pattern.search(text) and (length < _LITTLE or reason == outcomes.ALIYUN):
            return reason
    return None


def _of_little_text(document: Document) -> Verdict | None:
    text = " ".join([document.title, *(line.text for line in document.lines)])
    if not any(is_meta(line.text) for line in document.lines):
        of_name = error_of_name(strip_suffixes(document.title), text)
        if of_name is not None:
            return of_name
    if any(is_meta(line.text) or is_dated(line.text) or _names_more(line.text) for line in document.lines):
        return None
    if _has_headline_of_title(document):
        return None
    refused = refusal(text)
    if refused is not None:
        return refused
    if _SHELL_ROOT.search(document.page.text) or _is_loading(document):
        return Verdict(outcomes.SPA_SHELL)
    if not document.lines:
        return _without_text(document)
    return None


def _has_headline_of_title(document: Document) -> bool:
    """Whether a line is the headline that ``<title>`` names; a box to log in stands beside news too."""
    title = squash(document.title)
    return any(
        len(squash(line.text)) >= _HEADLINE and title.startswith(squash(line.text)) and not refusal(line.text)
        for line in document.lines
    )


def _names_more(text: str) -> bool:
    """Whether a line is running text that does not speak of the page itself."""
    return len(text) > _RUNNING and "。" in text and refusal(text) is None


def _is_loading(document: Document) -> bool:
    return document.text_length < 40 and bool(document.scripts) and bool(_APP_ROOT.search(document.page.text))


def _without_text(document: Document) -> Verdict:
    text = document.page.text
    if not text.strip():
        return Verdict(outcomes.EMPTY)
    alert = _ALERT.search(text)
    if alert is not None:
        return refusal(alert["said"]) or Verdict(outcomes.ALERT)
    if _REDIRECT.search(text):
        return Verdict(outcomes.SCRIPT_REDIRECT)
    if document.images and not document.scripts:
        return Verdict(outcomes.NO_TEXT)
    return Verdict(outcomes.SCRIPT_ONLY)


# A shorter text may be what a site says instead of an article, unless date and source stand above it.
_SHORT = 120
# The foot of a page about an error has fewer characters; a longer text is an article's.
_LONGEST_FOOT = 600
_LINKED = 0.3
# A template that is not filled in ({{title}}) has no two sentences.
_FEW_SENTENCES = 2
# A page without an article that has so many links is a list.
_MANY_LINKS = 5
# A front page has fewer sentences than this.
_HOME_SENTENCES = 12
# An entry's title has so many characters; the row of a table has more than three links.
_ENTRY_TITLE, _ENTRY_LINKS, _ENTRY_LINE = 10, 3, 90
# A notice below a visible headline has so many characters.
_NOTICE = 20


def late_verdict(document: Document, headline: Headline, body: Range, signs: Signs) -> Verdict | None:
    """The verdict on a page that was read; None for an article."""
    missing = _refused(document, headline, signs)
    if missing is not None:
        return missing
    if signs.sentences < _FEW_SENTENCES and _UNFILLED.search(f"{headline.text} {signs.text}"):
        return Verdict(outcomes.TEMPLATE_SHELL)
    outside, inside = _list_entries(document, headline, body)
    signs = signs._replace(outside=outside, inside=inside)
    if signs.media and not (signs.labelled or signs.dated):
        signs = signs._replace(links=_links_below(document, headline))
    listed = Verdict(outcomes.LIST_PAGE, f"{signs.entries} entries")
    if is_list(signs) or _has_teasers(document, body) or _is_home(document.page.url, signs):
        return listed
    if is_article(signs) or (not signs.entries and _is_short_notice(document, headline, signs)):
        return None
    if _SHELL_ROOT.search(document.page.text):
        return Verdict(outcomes.SPA_SHELL)
    if len(document.links) >= _MANY_LINKS or signs.entries:
        return listed
    return Verdict(outcomes.NO_ARTICLE_TEXT)


def _refused(document: Document, headline: Headline, signs: Signs) -> Verdict | None:
    """What the page says instead of an article; None for a page with date and source, or with a long text."""
    if signs.text_length < _SHORT and not (signs.labelled and signs.dated):
        missing = refusal(_said(document, headline, signs))
        if missing is not None:
            return missing
    is_long = signs.labelled or signs.text_length >= _LONGEST_FOOT
    return None if is_long else _of_long_foot(document, headline, signs)


def _of_long_foot(document: Document, headline: Headline, signs: Signs) -> Verdict | None:
    """What a page says of itself in its title, its headline or its first lines, whatever its foot says."""
    of_name = error_of_name(strip_suffixes(document.title), _said(document, headline, signs))
    if of_name is not None or signs.dated:
        return of_name
    own = [
        line.text
        for line in document.lines
        if line.link_length < _LINKED * len(line.text) and line.region is not NOISE
    ]
    return refusal_before_foot(headline.text, own, is_anchored=signs.anchored)


def _said(document: Document, headline: Headline, signs: Signs) -> str:
    """The text of a short page to search for a refusal: of a sure article only headline and body.

    请登录后发表评论 stands below many articles.
    """
    if signs.anchored and signs.sentences >= _FEW_SENTENCES:
        return f"{headline.text} {signs.text}"
    return " ".join(line.text for line in document.lines[:80])[:1500]


def _list_entries(document: Document, headline: Headline, body: Range) -> tuple[int, int]:
    """How many lines outside and inside the text look like a list's entries: a link with a date beside it.

    The headline is none (Typecho links it to the page itself, its date below it), nor are teasers
    below a text.
    """
    outside = inside = 0
    lines = document.lines
    files = _undated_files(document)
    for index, line in enumerate(lines[: start_of_others(lines, headline.stop)]):
        if headline.start <= index < headline.stop:
            continue
        if line.link_length < _ENTRY_TITLE or line.link_count > _ENTRY_LINKS or index in files:
            continue
        # A date may stand in two lines, but not without a digit, and few lines have one.
        around = lines[max(0, index - 1) : index + 2]
        near = " ".join([one.text for one in around if len(one.text) < _ENTRY_LINE])
        if _DIGIT.search(near) is not None and _DATED.search(near):
            inside += body.start <= index < body.stop
            outside += not body.start <= index < body.stop
    return outside, inside


def _undated_files(document: Document) -> frozenset[int]:
    """The lines that lead to files and are no list's entries: four that end in a date are a list's."""
    files = file_lines(document)
    dated = frozenset(place for place in files if _DATED_LAST.search(document.lines[place].text))
    return files - dated if len(dated) >= _A_LIST else files


def _links_below(document: Document, headline: Headline) -> int:
    """How many lines below the headline lead to other pages: neither to a file nor to the next article."""
    files = file_lines(document)
    below = [
        line for place, line in enumerate(document.lines) if place >= headline.stop and place not in files
    ]
    leads = (
        line.link_length >= max(_TEASER, 0.5 * len(line.text))
        and line.link_count <= _ENTRY_LINKS
        and line.region is not NOISE
        and not NEIGHBOURS.match(line.text)
        for line in below
    )
    return sum(leads, 0)


def _is_home(url: str, signs: Signs) -> bool:
    """Whether a page with little running text is a site's front page."""
    if signs.labelled or signs.dated or signs.sentences >= _HOME_SENTENCES:
        return False
    parts = urlsplit(url)
    return bool(parts.netloc) and not parts.query and bool(_HOME.fullmatch(parts.path))


def _has_teasers(document: Document, body: Range) -> bool:
    """Whether the text is a row of teasers: links with a summary, each with its date or 查看更多."""
    lines = document.lines[body.start : body.stop]
    leads = (
        line.link_length >= max(_TEASER, 0.9 * len(line.text))
        and following.link_length < 0.5 * len(following.text)
        for line, following in pairwise(lines)
    )
    teasers = sum(leads, 0)
    if teasers < _A_LIST:
        return False
    closed = sum((line.link_length > 0 and _MORE.fullmatch(line.text) is not None for line in lines), 0)
    return max(closed, sum((is_dated(line.text) for line in lines), 0)) >= teasers - 1


def _is_short_notice(document: Document, headline: Headline, signs: Signs) -> bool:
    """A sentence or two under a visible headline, on a page that lists nothing."""
    if headline.stop == headline.start or signs.sentences < _FEW_SENTENCES or signs.text_length < _NOTICE:
        return False
    return sum((line.link_length >= _ENTRY_TITLE for line in document.lines), 0) < _A_LIST
