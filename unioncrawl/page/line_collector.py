"""The one walk over a parsed page: it fills a document's lines, spans and places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from lxml import etree

from unioncrawl.page.document import PART_EDGE, WRAPPED, Document, Hidden, Line, Link, Placed, Span
from unioncrawl.page.headline_end import headline_end
from unioncrawl.page.hidden.elements import Hiding, find_hidden, holds_content, styled_elements
from unioncrawl.page.hidden.tag_kinds import AWAY, BLOCK, COMMENT, EMBEDS, KINDS, NOTED, UNSEEN
from unioncrawl.page.labelled_lines import has_value_beside, lone_value_below
from unioncrawl.page.labels import is_label, names_label
from unioncrawl.page.regions import NOISE, PLAIN, TITLE, Region, region_of

# Sudy's players of a PDF.
_PLAYERS = etree.XPath("//@pdfsrc/..")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_MARKER = re.compile(r"<\$\[(?P<name>[^\]]+)\]>(?P<edge>begin|end)")
# <span>2020-01-17</span><span>437</span>: styles set them apart.
_DIGIT_EDGE = re.compile(r"\x1f(?<=\d\x1f)\x1f*(?=\d)")
# <b>4</b><b>3</b><b>7</b> is one number; 点击量：4</span><span>3条评论 is two.
_SINGLE_DIGITS = re.compile(r"(?<!\d)\d(?:\x1f+\d)+(?![^\x1f])")
# A cell that holds a label alone and the cell of its value are one line.
_LABEL_CELLS = frozenset(("td", "th", "dt"))
_VALUE_ENDS = frozenset(("td", "dd", "tr", "dl", "table"))
_NEXT_ROW = frozenset(("tr", "th", "dt"))
_LONGEST_LABEL = 12
# A page has hundreds of these: their classes' own ``__new__`` is Python and takes half as long again.
_LINE: Callable[[tuple[Any, ...]], Line] = partial(tuple.__new__, Line)
_SPAN: Callable[[tuple[Any, ...]], Span] = partial(tuple.__new__, Span)
_LINK: Callable[[tuple[Any, ...]], Link] = partial(tuple.__new__, Link)


def walk(document: Document) -> None:
    """Walk over a document's tree from the root to the end and fill the rest of its fields."""
    _Walk(document).run()


class _Walk:
    """The state of a walk: the line that is being built and the blocks that are open."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.lines = document.lines
        self.chunks: list[str] = []
        self.link_length = 0
        self.link_count = 0
        self.in_link: list[Any] = []
        self.heading = 0
        self.region = PLAIN
        self.blocks: list[tuple[Any, int, Region]] = []
        self.holds_label = False
        self.head_tables: set[Any] = set()
        self.hidden: dict[Any, Hiding] = {}
        self.showing: set[Any] = set()

    def run(self) -> None:
        """Walk from the root to the end."""
        lowered = self.document.lowered
        styled = styled_elements(self.document.root, lowered)
        self.hidden = find_hidden(self.document.root, lowered, styled)
        # Elements with a picture as ground, and players.
        self.showing = {one for one, style in styled if "url(" in style}
        self.showing.update(_PLAYERS(self.document.root) if "pdfsrc" in lowered else ())
        self._go_through(self.document.root)
        self._flush()

    def _go_through(self, root: Any) -> None:  # noqa: ANN401 - lxml is untyped
        """Begin and end each element in turn: one without children in one step, which most are."""
        chunks = self.chunks
        around: list[tuple[Any, Iterator[Any]]] = [(None, iter((root,)))]
        while around:
            outer, inner = around[-1]
            for element in inner:
                if self._enter(element, element.tag):
                    text = element.text
                    if text and (chunks or not text.isspace()):
                        self._text(text)
                    if len(element):
                        around.append((element, iter(element)))
                        break
                    self._leave(element)
                text = element.tail
                if text and (chunks or not text.isspace()):
                    self._text(text)
            else:
                around.pop()
                if outer is not None:
                    self._leave(outer)
                    text = outer.tail
                    if text and (chunks or not text.isspace()):
                        self._text(text)

    def _enter(self, element: Any, tag: Any) -> bool:  # noqa: ANN401 - lxml is untyped
        """Begin an element, whose tag is a function for a comment; whether the walk goes on inside it."""
        kind = KINDS[tag]
        if kind >= AWAY and tag == "noscript" and holds_content(element):
            kind = BLOCK
        if kind >= AWAY or (self.hidden and element in self.hidden):
            self._skip(element, kind)
            return False
        if self.showing and element in self.showing:
            self._note_shown(element)
        if kind == BLOCK:
            children = len(element)
            if not children and not element.text and self._pass_empty(tag):
                return False
            region = region_of(element, self.region)
            if children < 2 and self._take_entry(element, tag, region):
                return False
            self._open_block(element, tag, region)
            return True
        self.chunks.append(PART_EDGE)
        if kind == NOTED:
            self._note(element, tag)
        return True

    def _leave(self, element: Any) -> None:  # noqa: ANN401 - the same
        """End an element that the walk went into."""
        if self.blocks and self.blocks[-1][0] is element:
            self._close_block(element)
            return
        self.chunks.append(PART_EDGE)
        if self.in_link and self.in_link[-1] is element:
            self.in_link.pop()

    def _skip(self, element: Any, kind: int) -> None:  # noqa: ANN401 - the same
        if kind == COMMENT:
            self._comment(element)
        elif element.tag == "script":
            self.document.scripts.append(Placed(len(self.lines), element))
            self.chunks.append(PART_EDGE)
        elif element in self.hidden and element.tag not in UNSEEN:
            self.document.hidden.append(Hidden(len(self.lines), element, self.hidden[element]))
        elif element.tag in EMBEDS and element not in self.hidden:
            self.document.embeds.append(Placed(len(self.lines), element))
        if kind < BLOCK:
            self.chunks.append(PART_EDGE)

    def _note_shown(self, element: Any) -> None:  # noqa: ANN401 - the same
        places = self.document.images if element.get("pdfsrc") is None else self.document.embeds
        if element.tag != "img":
            places.append(Placed(len(self.lines), element))

    def _note(self, element: Any, tag: str) -> None:  # noqa: ANN401 - the same
        if tag == "a":
            href = element.get("href")
            if href is None and element.get("onclick") is None:
                return  # it leads nowhere
            self.in_link.append(element)
            self.link_count += 1
            text = "".join(element.itertext()) if len(element) else element.text or ""
            self.document.links.append(_LINK((len(self.lines), element, href or "", text)))
        else:
            self.document.images.append(Placed(len(self.lines), element))

    def _pass_empty(self, tag: str) -> bool:
        """Pass a block that holds nothing, as ``<br>``: it only ends a line. Whether it was passed."""
        if self.chunks:
            if self.holds_label and tag not in _NEXT_ROW:
                return False
            self._flush()
        if tag in _HEADINGS:
            self.heading = 0
        return True

    def _open_block(self, element: Any, tag: str, region: Region) -> None:  # noqa: ANN401 - the same
        if self.chunks and (not self.holds_label or tag in _NEXT_ROW):
            self._flush()
        if tag in _HEADINGS:
            self.heading = int(tag[1])
        self.blocks.append((element, len(self.lines), self.region))
        self.region = region

    def _take_entry(self, element: Any, tag: str, region: Region) -> bool:  # noqa: ANN401 - the same
        """Take a block that holds only a text or a link, as lists do, at once. Whether it was taken."""
        # A cell may hold the label of the next one, a line break be one of <pre>.
        if self.holds_label or self.in_link or tag in _LABEL_CELLS:
            return False
        link = element[0] if len(element) else None
        parts, href = self._parts_of_link(link, element.text) if link is not None else (element.text, None)
        text = " ".join(parts.split()) if parts and "\n" not in parts else ""
        is_heading = tag in _HEADINGS
        is_title = is_heading or region is TITLE
        if not text or (is_title and headline_end("", parts, self.document.title) is not None):
            return False
        if self.chunks:
            self._flush()
        heading = int(tag[1]) if is_heading else self.heading
        if is_heading:
            self.heading = 0
        start = len(self.lines)
        if link is None or href is None:
            self.lines.append(_LINE((text, parts, 0, 0, heading, region, element)))
        else:
            self.lines.append(_LINE((text, parts, len(text), 1, heading, region, element)))
            self.document.links.append(_LINK((start, link, href, link.text)))
        self.document.spans.append(_SPAN((element, start, start + 1)))
        return True

    def _parts_of_link(self, link: Any, beside: str | None) -> tuple[str, str | None]:  # noqa: ANN401 - the same
        """The parts and the address of one plain link that its block holds alone; else empty and None."""
        text = link.text
        if not text or link.tag != "a" or len(link) or (beside and not beside.isspace()):
            return "", None
        href, tail = link.get("href"), link.tail
        if href is None or (tail and not tail.isspace()) or link in self.hidden:
            return "", None
        return f"{PART_EDGE}{text}{PART_EDGE}{' ' if tail else ''}", href

    def _close_block(self, element: Any) -> None:  # noqa: ANN401 - the same
        tag = element.tag
        if self.chunks:
            may_wait = self.holds_label or tag in _LABEL_CELLS
            if not may_wait or not self._waits_for_value(element):
                self._flush()
        _, start, self.region = self.blocks.pop()
        stop = len(self.lines)
        if stop > start:
            self.document.spans.append(_SPAN((element, start, stop)))
        if self.head_tables and element in self.head_tables:
            self.lines[start:] = [line._replace(region=NOISE) for line in self.lines[start:]]
        if tag in _HEADINGS:
            self.heading = 0

    def _waits_for_value(self, element: Any) -> bool:  # noqa: ANN401 - the same
        """Whether the line continues in the next cell, because this cell holds its label."""
        if self.holds_label:
            return element.tag not in _VALUE_ENDS
        text = "".join(self.chunks).replace(PART_EDGE, "").strip()
        if len(text) > _LONGEST_LABEL:
            return False
        if is_label(text):
            self.holds_label = True
        elif names_label(text) and (below := lone_value_below(element)) is not None:
            self.chunks.append(f"：{below}" if below else "")
            self.head_tables.add(next(element.iterancestors("table")))
        elif names_label(text, is_term=element.tag == "dt") and has_value_beside(element):
            self.chunks.append("：")
            self.holds_label = True
        return self.holds_label

    def _comment(self, comment: Any) -> None:  # noqa: ANN401 - the same
        marker = _MARKER.search(comment.text or "")
        if marker is not None:
            self._flush()
            here = len(self.lines)
            start = self.document.markers.get(marker["name"], (here, here))[0]
            self.document.markers[marker["name"]] = (here if marker["edge"] == "begin" else start, here)

    def _text(self, text: str) -> None:
        if text.isspace():
            self.chunks.append(" ")
            return
        if "\n" in text:
            if self.blocks and self.blocks[-1][0].tag == "pre":
                self._preformatted(text)
                return
            text = WRAPPED.sub("", text)
        if self.heading or self.region is TITLE:
            cut = headline_end("".join(self.chunks), text, self.document.title)
            if cut is not None:
                self.chunks.append(text[:cut])
                self._flush()
                text = text[cut:]
        self.chunks.append(text)
        self.holds_label = False
        if self.in_link:
            self.link_length += len(text.strip())

    def _preformatted(self, text: str) -> None:
        """In ``<pre>`` each line break is one."""
        for line in text.split("\n"):
            self.chunks.append(line)
            self._flush()

    def _flush(self) -> None:
        chunks = self.chunks
        parts = "".join(chunks)
        chunks.clear()
        self.holds_label = False
        bare = parts
        if PART_EDGE in parts:
            if not self.link_count and _DIGIT_EDGE.search(parts):
                parts = _DIGIT_EDGE.sub(" ", _SINGLE_DIGITS.sub(_joined, parts))
            bare = parts.replace(PART_EDGE, "")
        text = " ".join(bare.split())
        if text:
            element = self.blocks[-1][0] if self.blocks else self.document.root
            link_length = min(self.link_length, len(text))
            self.lines.append(
                _LINE((text, parts, link_length, self.link_count, self.heading, self.region, element))
            )
        self.link_length = self.link_count = 0


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(PART_EDGE, "")
