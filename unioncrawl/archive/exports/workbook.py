"""An export as a workbook: a sheet of articles, a sheet that says what its columns mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import IO, Any

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from unioncrawl.archive.exports.codebook import NAMES, described_fields
from unioncrawl.archive.spreadsheet_cells import runs_as_formula
from unioncrawl.errors import ArchiveError
from unioncrawl.model import article_fields

# What a sheet and a cell of a workbook hold (ECMA-376; Microsoft, Excel specifications and limits).
MOST_ROWS = 1_048_576
MOST_CHARACTERS = 32_767
# The first day of a workbook's calendar that all programs read alike: 1900 has a day too many in it.
_FIRST_YEAR = 1901
_TIMES = frozenset(one.name for one in article_fields.FIELDS if one.kind == "datetime")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CODEBOOK_HEAD = ("field 字段", "title 名称", "type 类型", "meaning", "含义")
# The same articles give the same bytes whenever they are written.
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)


class _UntilRefused:
    """A file that takes nothing more, in silence, once the disk has refused something.

    The ZIP archive of a workbook tries to end itself again when it is deleted, and fails again:
    the first error has said all.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._is_refused = False

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a file has
        return getattr(self._file, name)

    def write(self, data: bytes) -> int:
        return self._ask(lambda: self._file.write(data))

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._ask(lambda: self._file.seek(offset, whence))

    def tell(self) -> int:
        return self._ask(self._file.tell)

    def flush(self) -> None:
        def flushed() -> int:
            self._file.flush()
            return 0

        self._ask(flushed)

    def _ask(self, call: Callable[[], int]) -> int:
        if self._is_refused:
            return 0
        try:
            return call()
        except OSError:
            self._is_refused = True
            raise


class Cells:
    """Writes values into the cells of a sheet, and counts those that were cut."""

    def __init__(self, book: Workbook) -> None:
        self._text: Format = book.add_format({"quote_prefix": True})
        self._time: Format = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.cut = 0

    def write(self, sheet: Worksheet, row: int, values: Iterable[tuple[str, Any]]) -> None:
        """Write a row of ``(name, value)``."""
        for place, (name, value) in enumerate(values):
            if isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, int | float):
                sheet.write_number(row, place, value)
            elif value is not None and value != []:
                self._write_text(sheet, (row, place), name, value)

    def _write_text(self, sheet: Worksheet, place: tuple[int, int], name: str, value: Any) -> None:  # noqa: ANN401 - a value of JSON
        if name in _TIMES and (time := datetime.fromisoformat(value)).year >= _FIRST_YEAR:
            # A workbook knows no zones: the time stays China's, as the codebook says.
            sheet.write_datetime(*place, time.replace(tzinfo=None), self._time)
            return
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        text = text.encode("utf-8", "replace").decode()
        sheet.write_string(*place, self._fitting(text), self._text if runs_as_formula(text) else None)

    def _fitting(self, text: str) -> str:
        if _units(text) <= MOST_CHARACTERS:
            return text
        self.cut += 1
        mark = f"… [cut: {len(text):,} characters 已截断]"
        units = text.encode("utf-16-le")[: 2 * (MOST_CHARACTERS - len(mark))]
        return units.decode("utf-16-le", "ignore") + mark


def _units(text: str) -> int:
    """The length of a text as workbooks count it: 𠮷 is two units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def write_xlsx(
    rows: Iterable[dict[str, Any]],
    file: IO[bytes],
    names: Sequence[str] = NAMES,
    notes: list[str] | None = None,
) -> int:
    """Write a workbook; return how many rows.

    A text longer than a cell may be is cut, ends with how long it was, and is counted in ``notes``.
    Raises `ArchiveError` for more rows than a sheet holds.
    """
    with _book(file) as book:
        book.set_properties({"created": _CREATED})
        sheet, cells = book.add_worksheet("articles 文章"), Cells(book)
        sheet.freeze_panes(1, 0)
        cells.write(sheet, 0, (("", name) for name in names))
        count = 0
        for count, row in enumerate(rows, 1):
            if count >= MOST_ROWS:
                raise ArchiveError(
                    f"a workbook holds {MOST_ROWS - 1:,} articles, and the query finds more.",
                    next_step="Narrow the query (since:2024 …), or write CSV, Parquet or SQLite.",
                    stage="archive",
                )
            cells.write(sheet, count, ((name, row[name]) for name in names))
        told = _cut_note(cells.cut)
        _write_codebook(book, cells, names, told)
    if notes is not None:
        notes += told
    return count


@contextmanager
def _book(file: IO[bytes]) -> Iterator[Workbook]:
    """A workbook to write; what the disk refuses is an `OSError`, as with any other file."""
    try:
        with Workbook(_UntilRefused(file), _OPTIONS) as book:
            yield book
    except FileCreateError as error:
        raise OSError(*error.args[0].args) from error


def _cut_note(cut: int) -> list[str]:
    if not cut:
        return []
    return [
        f"{cut} cells are cut: a workbook's cell holds {MOST_CHARACTERS:,} characters. CSV has all of them."
    ]


def _write_codebook(book: Workbook, cells: Cells, names: Sequence[str], told: Sequence[str]) -> None:
    sheet = book.add_worksheet("fields 字段")
    keys = ("name", "title", "type", "description", "descriptionZh")
    lines = [_CODEBOOK_HEAD, *([one[key] for key in keys] for one in described_fields(names, "xlsx"))]
    lines.append(("", "", "", "Times are China's (UTC+8).", "时间均为中国时间（UTC+8）。"))
    lines += [[note] for note in told]
    for row, line in enumerate(lines):
        cells.write(sheet, row, (("", value) for value in line))
