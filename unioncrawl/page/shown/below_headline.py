"""Find the text of a page that has hardly any: a picture with its caption, a file, a notice of one line.

Running text outweighs the rest of a page. Where there is none, a sidebar's panel or the telephone
numbers of a foot weigh as much as two captions. Then the page's build decides: the text is in the
nearest element around the headline that shows something below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from unioncrawl.page.document import Document, Line, Placed, Span
from unioncrawl.page.line_kinds import is_tool
from unioncrawl.page.shown.files import embedded_files, linked_files
from unioncrawl.page.shown.pictures import (
    PICTURE_ADDRESS,
    gallery_pictures,
    is_in_noise,
    is_inlined,
    picture_address,
)

# What a picture or a file is worth, as much as a caption of a dozen characters.
_PIECE = 15.0
# A line of less worth is a subtitle, a tool or a label; a caption has a sign or two, or some length.
_LEAST_LINE = 9.0


class Place(NamedTuple):
    """An element, its lines and what they are worth; ``has_pieces``: it shows a picture or a file.

    ``around`` is the nearest element that has the headline and something below it.
    """

    element: Any
    start: int
    stop: int
    worth: float
    has_pieces: bool
    around: Any = None


class _Piece(NamedTuple):
    """A picture or a file, and the elements in which it stands."""

    line: int
    element: Any
    within: frozenset[Any]


def text_below_headline(document: Document, worths: Sequence[float], after: int) -> Place | None:
    """Where the text is that the page's build places below the headline.

    ``after`` is the first line after the headline and its metadata. None where the page has no visible
    headline, or nothing in the elements around it.
    """
    if not after:
        return None
    pieces = [
        _Piece(piece.line, piece.element, frozenset((piece.element, *piece.element.iterancestors())))
        for piece in shown_pieces(document, range(after, len(document.lines) + 1))
    ]
    spans = {span.element: span for span in document.spans}
    head = document.lines[after - 1].element
    for element in (head, *head.iterancestors()):
        own = [piece for piece in pieces if element in piece.within]
        span = spans.get(element)
        lines = range(after, span.stop) if span is not None else range(0)
        if own or _says_something(document.lines, worths, lines):
            inner = _innermost(document, worths, Span(element, after, max(lines.stop, after)), own)
            return inner._replace(around=element)
    return None


def _says_something(lines: Sequence[Line], worths: Sequence[float], places: range) -> bool:
    said = [worths[place] for place in places if worths[place] > 0.0 and not is_tool(lines[place].text)]
    return sum(said) >= _LEAST_LINE or len(said) > 1


def shown_pieces(document: Document, places: range) -> Iterator[Placed]:
    """Yield the pictures, frames, players, scripts and links at some lines that show or offer something."""
    for placed in document.images:
        if placed.line in places and _is_own_picture(placed.element, document):
            yield placed
    for placed in (*document.embeds, *document.scripts):
        if (
            placed.line in places
            and _shows(placed.element, document.base_url)
            and not is_in_noise(placed.element, document.in_noise)
        ):
            yield placed
    for linked in linked_files(document):
        if linked.line in places:
            yield Placed(linked.line, linked.element)


def _shows(element: Any, base_url: str) -> bool:  # noqa: ANN401 - lxml is untyped
    if next(embedded_files(element, base_url), None) is not None:
        return True
    return element.tag == "script" and next(gallery_pictures(element.text or "", base_url), None) is not None


def _is_own_picture(element: Any, document: Document) -> bool:  # noqa: ANN401 - the same
    """Whether a picture is one of a text: neither an icon nor the entry of a list of pictures."""
    if is_in_noise(element, document.in_noise):
        return False
    if not is_inlined(element) and not picture_address(element, document.base_url):
        return False
    link = next(element.iterancestors("a"), None)
    href = "" if link is None else (link.get("href") or "").strip()
    return not href or href.startswith(("#", "javascript:")) or bool(PICTURE_ADDRESS.match(href))


def _holds(element: Any, inner: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    return inner is element or element in inner.iterancestors()


def _innermost(document: Document, worths: Sequence[float], around: Span, pieces: list[_Piece]) -> Place:
    """The smallest element inside ``around`` that keeps the best of its lines and pictures."""
    sums = [0.0, *accumulate(worths)]
    best, best_worth = Place(around.element, around.start, around.stop, 0.0, bool(pieces)), float("-inf")
    for span in (*_inside(document, around), *_around_pieces(around, pieces)):
        worth = sums[span.stop] - sums[span.start]
        shown = sum([span.element in piece.within for piece in pieces], 0)
        full = worth + _PIECE * shown
        is_smaller = full == best_worth and _holds(best.element, span.element)
        if full > best_worth or is_smaller:
            best, best_worth = Place(span.element, span.start, span.stop, worth, shown > 0), full
    return best


def _inside(document: Document, around: Span) -> Iterator[Span]:
    for span in document.spans:
        if around.start < span.stop <= around.stop and _holds(around.element, span.element):
            yield span._replace(start=max(span.start, around.start))


def _around_pieces(around: Span, pieces: list[_Piece]) -> Iterator[Span]:
    """Yield the elements that hold pictures and no line."""
    for piece in pieces:
        for element in piece.element.iterancestors():
            yield Span(element, piece.line, piece.line)
            if element is around.element:
                break
