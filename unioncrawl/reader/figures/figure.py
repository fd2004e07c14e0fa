"""A figure: a table in the words of a page, mostly with a picture. Page, SVG and CSV are made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection

from unioncrawl.archive.reports.tallies import Report
from unioncrawl.language.zones import CHINA
from unioncrawl.reader.charts.picture import Caption
from unioncrawl.reader.charts.ticks import Language, in_full
from unioncrawl.reader.figures.asked import Asked
from unioncrawl.reader.page_view import PageView
from unioncrawl.reader.words import load_words

# Rows of a table that a page shows, fewer where they have several links each; the CSV has all.
MOST_ROWS = 90
_LONGEST_UNBROKEN = 12


@dataclass(frozen=True, slots=True)
class Linked:
    """A value that leads to what it counts or names: a page, and what is asked there."""

    value: object
    path: str = "/"
    asked: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A table, its picture, and what has to be known to read them.

    ``name``: of the function that makes it, in the address of its files; ``drawn``: the picture
    as SVG, empty for a table alone; ``notes``: sentences below it; ``asked``: the parameters by
    which the files are asked for.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    drawn: str = ""
    notes: tuple[str, ...] = ()
    asked: Mapping[str, object] = field(default_factory=dict)

    @property
    def shown(self) -> tuple[tuple[object, ...], ...]:
        """The rows that a page shows."""
        links = sum(isinstance(cell, Linked) for cell in self.rows[0]) if self.rows else 0
        return self.rows[: MOST_ROWS // max(1, links)]

    def as_report(self) -> Report:
        """Return the whole table, for a file."""
        rows = tuple(tuple(plain(cell) for cell in row) for row in self.rows)
        return Report(self.title, self.columns, rows, self.notes)


Maker = Callable[[PageView, Connection, Asked], Figure]


def plain(cell: object) -> object:
    """Return a cell as a file has it.

    >>> plain(Linked(3, "/sites/linxi")), plain(date(2024, 5, 1))
    (3, '2024-05-01')
    """
    value = cell.value if isinstance(cell, Linked) else cell
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def written(cell: object) -> str:
    """Return a cell as a page shows it: numbers with their thousands apart, times to the minute.

    >>> written(12345), written(None), written(Linked("工会"))
    ('12,345', '', '工会')
    """
    value = cell.value if isinstance(cell, Linked) else cell
    if isinstance(value, datetime):
        return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return in_full(value)
    return "" if value is None else str(value)


def is_number(cell: object) -> bool:
    """Whether a cell stands at the right of its column.

    >>> is_number(Linked(3)), is_number("3")
    (True, False)
    """
    value = cell.value if isinstance(cell, Linked) else cell
    return isinstance(value, (int, float))


def is_short(cell: object) -> bool:
    """Whether a cell is better not broken into lines: a day, a key, a name of a few characters.

    >>> is_short(date(2024, 5, 1)), is_short("临溪市总工会为环卫职工送清凉")
    (True, False)
    """
    return len(written(cell)) <= _LONGEST_UNBROKEN


def caption(view: PageView, name: str, title: str, description: str) -> Caption:
    """Return what a picture says, in the language of a page."""
    language: Language = "en" if view.language == "en" else "zh"
    nothing = view.words("charts.nothing")
    return Caption(name=name, title=title, description=description, nothing=nothing, language=language)


def words_or(view: PageView, key: str, otherwise: str) -> str:
    """Return the words for a key that comes from the archive, or the name there when there are none."""
    return load_words(view.language).get(key, otherwise)


def day_of(time: datetime | None) -> str:
    """Return the day of a time in China; empty without a time.

    >>> day_of(datetime(2024, 5, 1, 2, tzinfo=CHINA)), day_of(None)
    ('2024-05-01', '')
    """
    return "" if time is None else time.astimezone(CHINA).date().isoformat()


def search_link(value: object, query: str) -> Linked:
    """Return a number that leads to the search that finds what it counts."""
    return Linked(value, "/", {"q": query})
