"""Short lines that carry labelled values, and where on the page they stand."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

from unioncrawl.page.labels import Label, Labelled, is_label, names_label


class Zone(IntEnum):
    """Where on the page a metadata line stands, most trusted first."""

    HEAD = 0
    TAIL = 1
    ABOVE = 2
    AFTER = 3


# A member is named so because Python 3.11 is slow to look it up in its class (page/regions.py).
HEAD, TAIL, ABOVE, AFTER = Zone
_DATES = (Label.PUBLISHED, Label.UPDATED, Label.DRAWN_UP)


class MetaLine(NamedTuple):
    """A short line that may carry metadata, its labelled values, and where it stands.

    ``text`` has its inline edges and white space as they are: the labelled
    values are cut from it.
    """

    place: int
    zone: Zone
    text: str
    parts: tuple[Labelled, ...]

    @property
    def unlabelled(self) -> str:
        """The text before the first label, white space collapsed."""
        text = self.text[: self.parts[0].start] if self.parts else self.text
        return " ".join(text.replace("\x1f", " ").split())

    @property
    def undated(self) -> str:
        """The line without its labelled dates, white space collapsed."""
        text = self.text
        for part in self.parts:
            if part.label in _DATES:
                text = text.replace(part.value, " ") if part.value else text
        return " ".join(text.replace("\x1f", " ").split())


def labelled(metas: tuple[MetaLine, ...], *labels: Label) -> list[tuple[MetaLine, Labelled]]:
    """The values of some labels, most trusted zone first, in page order; empty ones too."""
    return [(meta, part) for meta in metas for part in meta.parts if part.label in labels]


_CELLS = ("td", "th")
# Two names and two values beside each other are a form; more names than that head a table.
_LEAST_COLUMNS, _LEAST_NAMES = 3, 2


def heads_columns(cell: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether a table cell stands in a row of names: each names what is below it, not what is beside it."""
    row = cell.getparent()
    below = _row_below(row)
    cells = [_text_of(other) for other in row.iterchildren(*_CELLS)]
    if len(cells) < _LEAST_COLUMNS or below is None or len(below) != len(cells):
        return False
    names = sum(map(names_label, cells), 0)
    is_head = row.getparent().tag == "thead" or all(names_label(text) is False for text in below)
    return names >= _LEAST_NAMES and is_head and not any(text in cells for text in below if text)


def value_below(cell: Any) -> str:  # noqa: ANN401 - the same
    """What the cell under a cell that heads its column holds; empty without one."""
    below = _row_below(cell.getparent()) or []
    place = len(list(cell.itersiblings(*_CELLS, preceding=True)))
    return below[place] if place < len(below) else ""


def _row_below(row: Any) -> list[str] | None:  # noqa: ANN401 - the same
    """The texts of the cells of the next row, which may open the table's body; None without one."""
    below = row.getnext()
    if below is None and row.getparent() is not None and row.getparent().tag == "thead":
        body = row.getparent().getnext()
        below = body if body is None or body.tag == "tr" else next(body.iterchildren("tr"), None)
    if row.tag != "tr" or below is None or below.tag != "tr":
        return None
    return [_text_of(cell) for cell in below.iterchildren(*_CELLS)]


def _text_of(cell: Any) -> str:  # noqa: ANN401 - the same
    return " ".join("".join(cell.itertext()).split())


def has_value_beside(cell: Any) -> bool:  # noqa: ANN401 - lxml is untyped
    """Whether the next cell holds text that is not itself a label."""
    following = cell.getnext()
    if following is None or following.tag not in ("td", "dd") or heads_columns(cell):
        return False
    value = "".join(following.itertext()).strip()
    return bool(value) and not is_label(value) and not names_label(value)


# One head row and one row of values.
_HEAD_AND_VALUES = 2


def lone_value_below(cell: Any) -> str | None:  # noqa: ANN401 - the same
    """What stands below a label in a table of one head row and one row of values; None elsewhere.

    信息公开 templates print 索取号, 发布时间 and 发布机构 so above the text.
    """
    row = cell.getparent()
    table = next(cell.iterancestors("table"), None)
    if table is None or row.tag != "tr":
        return None
    if row.getparent().tag != "thead" and any(other.tag != "th" for other in row):
        return None
    rows = table.findall(".//tr")
    if len(rows) != _HEAD_AND_VALUES or rows[0] is not row or len(rows[1]) != len(row):
        return None
    return " ".join("".join(rows[1][row.index(cell)].itertext()).split())
