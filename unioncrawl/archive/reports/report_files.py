"""Write a report as a page, a table for spreadsheets, or a workbook."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from unioncrawl.archive.reports.tallies import Report
from unioncrawl.archive.spreadsheet_cells import csv_cell, runs_as_formula
from unioncrawl.errors import ArchiveError

_STYLE = (
    "body{font-family:system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;margin:2rem}"
    "table{border-collapse:collapse}th,td{border:1px solid #999;padding:.3rem .6rem;text-align:left}"
    "td.number{text-align:right;font-variant-numeric:tabular-nums}thead{background:#eee}"
)


def as_html(report: Report) -> bytes:
    """A page that needs nothing from elsewhere."""
    head = "".join(f"<th scope=col>{html.escape(name)}</th>" for name in report.head)
    rows = "\n".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in report.rows)
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in report.notes)
    title = html.escape(report.title)
    return (
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f"<h1>{title}</h1><table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>{notes}</html>\n"
    ).encode("utf-8", "replace")


def _html_cell(value: object) -> str:
    if isinstance(value, int | float):
        return (
            f"<td class=number>{value:g}</td>"
            if isinstance(value, float)
            else f"<td class=number>{value}</td>"
        )
    return f"<td>{html.escape('' if value is None else str(value))}</td>"


def as_csv(report: Report) -> bytes:
    """CSV with a byte order mark; no cell that a spreadsheet runs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(report.head)
    writer.writerows([csv_cell(value) for value in row] for row in report.rows)
    return text.getvalue().encode("utf-8-sig", "replace")


# The same report gives the same bytes whenever it is written.
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
_OPTIONS = {"in_memory": True}
_NO_SHEET_NAME = str.maketrans("[]:*?/\\'", "        ")
_LONGEST_SHEET_NAME = 31


def as_xlsx(report: Report) -> bytes:
    """A workbook of one sheet: texts stay texts, numbers numbers; the head stays in sight.

    Raises `ArchiveError` for a text that is longer than a cell may hold.
    """
    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        name = _writable(report.title[:_LONGEST_SHEET_NAME]).translate(_NO_SHEET_NAME).strip()
        sheet = book.add_worksheet(name or None)
        sheet.freeze_panes(1, 0)
        # A text that a spreadsheet does not read again as a formula when its cell is edited.
        guarded = book.add_format({"quote_prefix": True})
        rows: list[Iterable[object]] = [report.head, *report.rows, *((note,) for note in report.notes)]
        for at, row in enumerate(rows):
            for place, value in enumerate(row):
                _write_cell(sheet, (at, place), value, guarded)
    return buffer.getvalue()


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: object, guarded: Format) -> None:
    if isinstance(value, int | float):
        sheet.write_number(*place, value)
    elif value is not None:
        text = _writable(str(value))
        if sheet.write_string(*place, text, guarded if runs_as_formula(text) else None):
            raise ArchiveError(
                f"a text of {len(text):,} characters is longer than a workbook's cell may be ({text[:20]}…).",
                next_step="Write the report as .csv or .html.",
                stage="archive",
            )


def _writable(text: str) -> str:
    """The text with half characters, which no file can hold, as question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


WRITERS: Mapping[str, Callable[[Report], bytes]] = {"html": as_html, "csv": as_csv, "xlsx": as_xlsx}
