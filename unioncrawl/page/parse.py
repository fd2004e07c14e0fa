"""Parse a page once and note its lines, pictures, links and metas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree

from unioncrawl.errors import ExtractError, PageTooComplex, PageTooLarge
from unioncrawl.guard.bounds import PAGE_CHARACTERS, TAG_ATTRIBUTES
from unioncrawl.guard.web_address import is_web_link
from unioncrawl.language.stray_characters import without_invisible
from unioncrawl.model import DecodedPage
from unioncrawl.page.document import Document, Line, clean_text, squash
from unioncrawl.page.line_collector import walk
from unioncrawl.page.regions import NOISE, PLAIN, Region, is_among_comments, region_of
from unioncrawl.urls import absolute_url

# Empties elements of a parsed page that are known to hold nothing of the article; how many characters.
Prune = Callable[[Any], int]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_BYTES = bytes(code for code in range(128) if _CONTROL.match(chr(code)))
# What editors write for characters without a shape.
_SHAPELESS = re.compile(
    r"&(?:shy|ZeroWidthSpace|NoBreak|#0*(?:173|8203|8288|65279)|#x0*(?:ad|200b|2060|feff));", re.IGNORECASE
)
# Without huge_tree libxml2 stops at 256 elements within each other, which unclosed <font> reach, and at
# 10 MB of one attribute: what stands after that would be lost.
_PARSER_OPTIONS: dict[str, Any] = {"encoding": "utf-8", "remove_pis": True, "huge_tree": True}
# Included templates close the page early (gov.cn's header ends in </html>); the parser would stop there.
_EARLY_END = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z!/]")
# A picture within the page: no address, and up to megabytes of it.
# In lower case: so `re` looks for the word first, which takes a tenth of the time.
_DATA = re.compile(r"data:[\w.+-]{1,40}/[\w.+-]{1,60}(?:;[\w=.+-]{1,60}){0,4},[\w%+/=.\r\n-]{200,}", re.ASCII)
_TAG_OPENS = re.compile(r"<[a-zA-Z]")
_LONG_TAG = 4000
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_RUNNING_TEXT = 40
_SHORTEST_HEADLINE = 8


@lru_cache(maxsize=1)
def _parser() -> Any:  # noqa: ANN401 - lxml is untyped
    return etree.HTMLParser(**_PARSER_OPTIONS)


def parse_document(page: DecodedPage, prune: Prune | None = None) -> Document:
    """Parse a page and note its lines; ``prune`` may empty elements of the tree before.

    A page without any element (empty, plain text) gives a document without lines.
    Raises `PageTooLarge` and `PageTooComplex` beyond the bounds, `ExtractError`
    for a text that is not HTML.
    """
    source = page.text.encode("utf-8", "replace")
    lowered = source.lower().decode("utf-8")
    text = _plain(page.text, source, lowered)
    _refuse_beyond_bounds(text, page.url)
    if not text or text.isspace():
        return Document(page=page, root=None, base_url=page.url)
    if not _TAG.search(text):
        text = f"<pre>{text.replace('<', '&lt;')}</pre>"
    try:
        whole = source if text == page.text else text.encode("utf-8", "replace")
        root = etree.fromstring(whole, _parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ExtractError(
            f"the page is not HTML ({error})", next_step="Inspect the capture.", url=page.url, stage="extract"
        ) from error
    _refuse_cut_tree(page.url)
    if root is None:
        return Document(page=page, root=None, base_url=page.url)
    left_out = prune(root) if prune is not None else 0
    document = Document(page=page, root=root, base_url=page.url, lowered=lowered, left_out=left_out)
    _read_head(document)
    walk(document)
    _free_headline(document)
    _trust_regions(document)
    return document


def _plain(text: str, source: bytes, lowered: str) -> str:
    """The text of a page without what says nothing in it or stops the parser.

    ``source`` is its text in UTF-8. What a page has none of is looked up in the cheapest way: as
    patterns these took 3.6 of the 18 ms that reading a real page did.
    """
    for start, end in reversed([found.span() for found in _DATA.finditer(lowered)]):
        text = f"{text[:start]}data:,{text[end:]}"
    text = _SHAPELESS.sub("", without_invisible(text))
    if len(source.translate(None, _CONTROL_BYTES)) < len(source):
        text = _CONTROL.sub("", text)
    return _EARLY_END.sub("", text)


_KEPT = "Inspect the capture, which has the whole page."


def _refuse_beyond_bounds(text: str, url: str) -> None:
    if len(text) > PAGE_CHARACTERS.default:
        message = f"the page has {len(text):,} characters, more than {PAGE_CHARACTERS.default:,}."
        raise PageTooLarge(message, next_step=_KEPT, url=url, stage="extract")
    for tag in _long_tags(text):
        attributes = len(_QUOTED.sub("", tag).split()) - 1
        if attributes > TAG_ATTRIBUTES.default:
            message = f"a tag has {attributes:,} attributes, more than {TAG_ATTRIBUTES.default:,}."
            raise PageTooComplex(message, next_step=_KEPT, url=url, stage="extract")


def _long_tags(text: str) -> Iterator[str]:
    """Yield the tags of more than 4,000 characters, without their last sign.

    Each of them holds a place that 4,000 divides, so the rest of the text is not looked at.
    """
    stop = 0
    for place in range(_LONG_TAG, len(text), _LONG_TAG):
        if place < stop:
            continue
        start = max(text.rfind("<", 0, place + 1), text.rfind(">", 0, place + 1), 0)
        ends = (text.find(sign, start + 1) for sign in "<>")
        stop = min((end for end in ends if end >= 0), default=len(text))
        if stop - start > _LONG_TAG + 1 and _TAG_OPENS.match(text, start):
            yield text[start:stop]


def _refuse_cut_tree(url: str) -> None:
    """Raise `PageTooComplex` where the parser gave up at its own limits, with half of the page."""
    last = _parser().error_log.last_error
    if last is not None and last.type_name == "ERR_RESOURCE_LIMIT":
        message = f"the parser gave up: {last.message.strip()}."
        raise PageTooComplex(message, next_step=_KEPT, url=url, stage="extract")


def _trust_regions(document: Document) -> None:
    """Ignore noise names when they hold most of the text: some templates wrap the whole page in one.

    None wraps it in the part for comments, whose form says more than a picture or a file above it.
    """
    lengths = dict.fromkeys(Region, 0)
    for line in document.lines:
        if len(line.text) > _RUNNING_TEXT and not line.link_length and not _is_of_readers(line):
            lengths[line.region] += len(line.text)
    whole = sum(lengths.values(), 0)
    if lengths[NOISE] > 0.6 * whole:
        document.lines = [
            line._replace(region=PLAIN) if line.region is NOISE and not _is_of_readers(line) else line
            for line in document.lines
        ]


def _is_of_readers(line: Line) -> bool:
    return line.region is NOISE and is_among_comments(line.element)


def _free_headline(document: Document) -> None:
    """Read an element named as noise anew where it holds the headline (EyouCMS: ``sidebar-l``)."""
    title = squash(document.title)
    noisy = (line for line in document.lines if line.heading and line.region is NOISE)
    headline = next((line for line in noisy if _repeats(squash(line.text), title)), None)
    if headline is None:
        return
    wrong = {
        element
        for element in (headline.element, *headline.element.iterancestors())
        if region_of(element, PLAIN) is NOISE
    }
    known: dict[Any, Region] = {}
    for place, line in enumerate(document.lines):
        if line.region is NOISE:
            document.lines[place] = line._replace(region=_region_without(wrong, line.element, known))


def _repeats(heading: str, title: str) -> bool:
    return len(heading) >= _SHORTEST_HEADLINE and title.startswith(heading)


def _region_without(wrong: set[Any], element: Any, known: dict[Any, Region]) -> Region:  # noqa: ANN401 - lxml is untyped
    """The region of an element whose names in ``wrong`` do not count; ``known`` keeps those around it."""
    nodes = [element]
    while nodes[-1] not in known and (parent := nodes[-1].getparent()) is not None:
        nodes.append(parent)
    region = PLAIN
    for node in nodes[::-1]:
        if node not in known:
            known[node] = region if node in wrong else region_of(node, region)
        region = known[node]
    return region


def _base(href: str, before: str) -> str:
    """The page's address after ``<base href>``; a base that is not a web address is ignored (HTML, 4.2.3).

    >>> _base("/xw/", "http://a.cn/1.html"), _base("javascript:x", "http://a.cn/1.html")
    ('http://a.cn/xw/', 'http://a.cn/1.html')
    """
    joined = absolute_url(before, href) if href else ""
    return joined if is_web_link(joined) else before


def _read_head(document: Document) -> None:
    for element in document.root.iter("title", "meta", "base"):
        if element.tag == "title":
            document.title = document.title or clean_text(element.text or "")
        elif element.tag == "base":
            document.base_url = _base(element.get("href") or "", document.base_url)
        else:
            name = element.get("name") or element.get("property") or element.get("itemprop")
            content = element.get("content")
            if name and content:
                document.metas.setdefault(name.strip().lower(), content.strip())
