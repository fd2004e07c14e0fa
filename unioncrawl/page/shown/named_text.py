"""The element that a template names as the text, where the article's date and source stand below it.

WordPress, Z-Blog and others print date, author and column after the text (``.entry-footer``,
``.post-footer``). Below a text of a picture or a line or two they are as near to the headline as a
head is, and what stands before them is not the head but the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from unioncrawl.page.dated_lines import is_dated
from unioncrawl.page.document import Document, Span
from unioncrawl.page.line_kinds import is_meta
from unioncrawl.page.regions import BODY, PLAIN, region_of
from unioncrawl.page.shown.below_headline import shown_pieces


def start_of_named_text(document: Document, head: range) -> int | None:
    """The first line of the text that a template names, among the lines that look like the head.

    ``head`` are the lines from below the headline to the last line of metadata. None where no element
    of theirs is named as a text, or none shows anything but metadata.
    """
    starts = (_below_metadata(document, span) for span in _named(document, head))
    return min((start for start in starts if start is not None), default=None)


def is_named_article(document: Document, headline_line: int, text: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a text's element is named as one and its ``<article>`` has the headline too.

    In a list each ``<article>`` has the headline of an entry, and the page's own stands outside.
    """
    around = () if text is None else (text, *text.iterancestors())
    article = next((one for one in around if one.tag == "article"), None)
    if article is None or not 0 <= headline_line < len(document.lines):
        return False
    if not any(one is article for one in document.lines[headline_line].element.iterancestors()):
        return False
    inner = takewhile(lambda one: one is not article, around)
    return any(region_of(one, PLAIN) is BODY for one in inner)


def _named(document: Document, head: range) -> Iterator[Span]:
    """Yield the elements named as a text that stand among these lines, and those that hold pieces alone."""
    for span in document.spans:
        if head.start <= span.start and span.stop <= head.stop and _names_text(span):
            yield span
    for piece in shown_pieces(document, head):
        holders = (Span(one, piece.line, piece.line) for one in piece.element.iterancestors())
        yield from (span for span in holders if _names_text(span) and _has_no_line(document, span))


def _names_text(span: Span) -> bool:
    return region_of(span.element, PLAIN) is BODY


def _has_no_line(document: Document, span: Span) -> bool:
    return not "".join(span.element.itertext()).strip() and span.start < len(document.lines)


def _below_metadata(document: Document, span: Span) -> int | None:
    """Where a text begins: some templates set date and source into it. None where nothing follows them."""
    if span.start == span.stop:
        return span.start
    for place in range(span.start, span.stop):
        line = document.lines[place]
        if not is_meta(line.text) and (line.link_length or not is_dated(line.text)):
            return place
    return None
