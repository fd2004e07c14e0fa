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
from unioncrawl.guard.web_address import is_web_link

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
    notes += _html_details(report.details)
    return (
        f"<!doctype html><html lang=zh-CN><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f"<h1>{title}</h1><table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>{notes}</html>\n"
    ).encode("utf-8", "replace")


def _html_details(details: Report | None) -> str:
    if details is None:
        return ""
    head = "".join(f"<th scope=col>{html.escape(name)}</th>" for name in details.head)
    rows = "\n".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in details.rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"
    return f"<h2>{html.escape(details.title)}</h2>{table}"


def _html_cell(value: object) -> str:
    if isinstance(value, int | float):
        return (
            f"<td class=number>{value:g}</td>"
            if isinstance(value, float)
            else f"<td class=number>{value}</td>"
        )
    text = html.escape("" if value is None else str(value))
    return f'<td><a href="{text}">{text}</a></td>' if is_web_link(str(value)) else f"<td>{text}</td>"


def as_csv(report: Report) -> bytes:
    """CSV with a byte order mark; no cell that a spreadsheet runs.

    The details of a report, and what it says that it counts, follow after an empty line each.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(report.head)
    writer.writerows([csv_cell(value) for value in row] for row in report.rows)
    if report.details is not None:
        writer.writerows(([], report.details.head))
        writer.writerows([csv_cell(value) for value in row] for row in report.details.rows)
        writer.writerows(([], *([csv_cell(note)] for note in report.notes)))
    return text.getvalue().encode("utf-8-sig", "replace")


# The same report gives the same bytes whenever it is written.
_CREATED = datetime(1980, 1, 1, tzinfo=UTC)
_OPTIONS = {"in_memory": True}
_NO_SHEET_NAME = str.maketrans("[]:*?/\\'", "        ")
_LONGEST_SHEET_NAME = 31


def as_xlsx(report: Report) -> bytes:
    """A workbook: a sheet, and one of the details; texts stay texts, numbers numbers, heads in sight.

    Raises `ArchiveError` for a text that is longer than a cell may hold.
    """
    buffer = io.BytesIO()
    with Workbook(buffer, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        # A text that a spreadsheet does not read again as a formula when its cell is edited.
        guarded = book.add_format({"quote_prefix": True})
        for table in (report, report.details):
            if table is not None:
                _write_sheet(book, table, guarded)
    return buffer.getvalue()


def _write_sheet(book: Workbook, table: Report, guarded: Format) -> None:
    name = _writable(table.title[:_LONGEST_SHEET_NAME]).translate(_NO_SHEET_NAME).strip()
    sheet = book.add_worksheet(name or None)
    sheet.freeze_panes(1, 0)
    rows: list[Iterable[object]] = [table.head, *table.rows, *((note,) for note in table.notes)]
    for at, row in enumerate(rows):
        for place, value in enumerate(row):
            _write_cell(sheet, (at, place), value, guarded)


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
