"""What one page shows of its site's layout: where its article stands, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from unioncrawl.extract.assemble import Reading, read_through
from unioncrawl.layouts.addresses import SIGN, address_of, key_of, keyed_children
from unioncrawl.layouts.box_facts import BoxFacts, BoxLook, own_address, own_links
from unioncrawl.layouts.used_places import used_elements
from unioncrawl.model import Article, DecodedPage, Extraction
from unioncrawl.page.document import squash
from unioncrawl.sites.profile import SiteProfile

# A paragraph or a heading is no box of the site: its next one may be the article's.
BOXES = frozenset(
    ("div", "ul", "ol", "dl", "table", "tbody", "tr", "td", "form", "center", "fieldset")
) | frozenset(("section", "aside", "nav", "header", "footer", "article", "main"))
# Evidence that says how the page was read, what was left out, or nothing of a place.
_OF_NO_PLACE = frozenset(("encoding", "body_text", "page", "title"))
# A box that is not the site's may hold some that are: the nav beside a headline that is set twice.
_LEVELS = 2


class Anchors(NamedTuple):
    """Where an article stands on its page, and by which rules its fields were found.

    ``title_told``: ``<title>`` begins with the headline; ``letters``: the length of the text in
    characters; ``rules`` has for each field that was found the rule that found it.
    """

    text: str
    headline: str
    title_told: bool
    letters: int
    rules: tuple[tuple[str, str], ...]


class PageBoxes(NamedTuple):
    """What was observed on a page that was read in full.

    ``used`` are the addresses of the elements that hold a part of the article, ``leading`` those of
    others that hold links to the page itself, ``boxes`` those of what stands beside both, and of what
    that holds, some levels down.
    """

    url: str
    anchors: Anchors
    used: frozenset[str]
    leading: frozenset[str]
    boxes: tuple[tuple[str, BoxFacts], ...]


def read_and_observe(
    page: DecodedPage, profile: SiteProfile | None = None
) -> tuple[Extraction, PageBoxes | None]:
    """What `extract_page` returns, and what the page shows of its layout; None where it shows nothing."""
    extraction, reading, _ = read_through(page, profile)
    if reading is None or extraction.article is None:
        return extraction, None
    return extraction, observe(reading, extraction.article, profile)


def observe(reading: Reading, article: Article, profile: SiteProfile | None = None) -> PageBoxes | None:
    """What a full reading shows of the layout; None where headline or text stand nowhere in the page."""
    anchors = anchors_of(reading, article)
    if anchors is None:
        return None
    root = reading.document.root
    used = _with_ancestors(used_elements(reading, article, profile))
    leading = _with_ancestors(own_links(root, own_address(article.url))) - used
    notes = _Notes(text_element(reading), used, leading, set(), set(), [])
    _look_into(root, key_of(root), notes)
    return PageBoxes(
        article.url, anchors, frozenset(notes.used_at), frozenset(notes.leading_at), tuple(notes.boxes)
    )


def anchors_of(reading: Reading, article: Article) -> Anchors | None:
    """Where the article stands on its page; None where headline or text stand in no element of it."""
    headline, body = reading.headline, reading.body
    if body.element is None or headline.stop == headline.start:
        return None
    document = reading.document
    return Anchors(
        address_of(text_element(reading)),
        address_of(document.lines[headline.start].element),
        squash(document.title).startswith(squash(headline.text)),
        len(article.body_text),
        tuple(sorted(_rules(article).items())),
    )


def text_element(reading: Reading) -> Any:  # noqa: ANN401 - lxml is untyped
    """The block that holds the text; a text of one paragraph stands in the block around it."""
    body = reading.body.element
    return next((node for node in (body, *body.iterancestors()) if node.tag in BOXES), body)


def _rules(article: Article) -> dict[str, str]:
    """The rule of each field that an article has; a field's first evidence is the one taken."""
    rules = {
        piece.field: piece.rule for piece in reversed(article.evidence) if piece.field not in _OF_NO_PLACE
    }
    return {**rules, **({"counter": article.counter.family} if article.counter else {})}


def _with_ancestors(elements: Iterable[Any]) -> set[Any]:
    found: set[Any] = set()
    for element in elements:
        node = element
        while node is not None and node not in found:
            found.add(node)
            node = node.getparent()
    return found


class _Notes(NamedTuple):
    text: Any
    used: set[Any]
    leading: set[Any]
    used_at: set[str]
    leading_at: set[str]
    boxes: list[tuple[str, BoxFacts]]


def _look_into(element: Any, address: str, notes: _Notes, levels: int = _LEVELS) -> None:  # noqa: ANN401 - lxml is untyped
    """Note an element's address, and the blocks in it that hold nothing of the article."""
    if element in notes.used:
        notes.used_at.add(address)
    elif element in notes.leading:
        notes.leading_at.add(address)
    if element is notes.text:
        return
    for child, key in keyed_children(element):
        inside = f"{address}{SIGN}{key}"
        is_box = child.tag in BOXES and child not in notes.used
        if is_box:
            notes.boxes.append((inside, BoxLook(child).facts()))
        if child in notes.used or child in notes.leading:
            _look_into(child, inside, notes)
        elif is_box and levels:
            _look_into(child, inside, notes, levels - 1)
