"""What the page's markup adds to the lines of the text: `unioncrawl.markup` is the notation."""

from __future__ import annotations

from collections import Counter
from typing import Any

from unioncrawl.markup import (
    BULLET,
    HEAD_ROW,
    HEADINGS,
    NUMBERED,
    PARAGRAPH,
    QUOTED,
    ROW,
    Mark,
    write_markup,
)
from unioncrawl.model import Image
from unioncrawl.page.document import Document, Line
from unioncrawl.page.paragraphs import Paragraph, cell_of

_LISTS = {"ul": BULLET, "ol": NUMBERED}
_DEPTH = 4
# A line's ancestors are read only where the source holds one of these.
_CUES = ("<li", "<blockquote")


def mark_lines(
    document: Document, paragraphs: tuple[Paragraph, ...], images: tuple[tuple[int, Image], ...]
) -> str:
    """The notation of a text's paragraphs and of the pictures between them."""
    kinds = _kinds(document, paragraphs)
    alone, captioned, after = _places(paragraphs, images)
    kinds = [(PARAGRAPH, None) if caption else kind for kind, caption in zip(kinds, captioned, strict=True)]
    before = [(PARAGRAPH, None), *kinds]
    marks = [
        Mark(kind, alone[index], captioned[index], holder is not None and _parts(before[index], kind, holder))
        for index, (kind, holder) in enumerate(kinds)
    ]
    return write_markup(marks, after)


def _parts(before: tuple[str, Any], kind: str, holder: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a list or table follows another one of its kind."""
    is_alike = kind == before[0] or {kind, before[0]} == {ROW, HEAD_ROW}
    return is_alike and holder is not before[1]


def _kinds(document: Document, paragraphs: tuple[Paragraph, ...]) -> list[tuple[str, Any]]:
    """The kind of each paragraph and the list or table that holds it."""
    lines = [document.lines[paragraph.line] for paragraph in paragraphs]
    tables = [_table(line) for line in lines]
    shown = {table for table, paragraph in zip(tables, paragraphs, strict=True) if "\t" in paragraph.text}
    shown.discard(None)
    has_lists = any(cue in document.lowered for cue in _CUES)
    entries = [_entry(line) if has_lists else None for line in lines]
    times = Counter(entries)
    kinds: list[tuple[str, Any]] = []
    for line, table, entry in zip(lines, tables, entries, strict=True):
        if table is not None and table in shown:
            kinds.append((HEAD_ROW if _is_head(line) else ROW, table))
        elif entry is not None and entry.tag == "blockquote":
            kinds.append((QUOTED, entry))
        elif entry is not None and times[entry] == 1 and entry.getparent().tag in _LISTS:
            kinds.append((_LISTS[entry.getparent().tag], entry.getparent()))
        else:
            kinds.append((HEADINGS[line.heading - 1] if line.heading else PARAGRAPH, None))
    return kinds


def _table(line: Line) -> Any:  # noqa: ANN401 - lxml is untyped
    cell = cell_of(line)
    return next(cell.iterancestors("table"), None) if cell is not None else None


def _is_head(line: Line) -> bool:
    return all(cell.tag == "th" for cell in cell_of(line).getparent())


def _entry(line: Line) -> Any:  # noqa: ANN401 - the same
    """The list entry or quotation around a line; an entry around the page's columns is too far off."""
    element = line.element
    for _ in range(_DEPTH):
        if element is None or element.tag in ("li", "blockquote"):
            return element
        element = element.getparent()
    return None


def _places(
    paragraphs: tuple[Paragraph, ...], images: tuple[tuple[int, Image], ...]
) -> tuple[list[int], list[int], int]:
    """How many pictures stand alone before each paragraph, how many have it as caption, how many follow."""
    alone, captioned = [0] * len(paragraphs), [0] * len(paragraphs)
    after = index = 0
    for line, image in images:
        while index < len(paragraphs) and paragraphs[index].line < line:
            index += 1
        if index == len(paragraphs):
            after += 1
        elif image.caption == paragraphs[index].text:
            captioned[index] += 1
        else:
            alone[index] += 1
    return alone, captioned, after
