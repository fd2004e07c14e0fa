"""Write a report as a page, a table for spreadsheets, or a workbook."""

from __future__ import annotations

import csv
import html
import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import escape

from unioncrawl.archive.export import csv_cell
from unioncrawl.archive.reports import Report

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
    ).encode()


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
    return text.getvalue().encode("utf-8-sig")


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# XML 1.0 section 2.2.
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def as_xlsx(report: Report) -> bytes:
    """A workbook of one sheet (ECMA-376): texts stay texts, numbers numbers; the head stays in sight."""
    rows: list[Iterable[object]] = [report.head, *report.rows, *((note,) for note in report.notes)]
    lines = ("".join(map(_sheet_cell, row)) for row in rows)
    data = "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, 1))
    name = escape(report.title[:31].translate(str.maketrans("[]:*?/\\", "       ")), {'"': "&quot;"})
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations("officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": _relations("worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
            '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
            "</sheetView></sheetViews>"
            f"<sheetData>{data}</sheetData></worksheet>"
        ),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as book:
        for path, text in parts.items():
            book.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), _XML + text)
    return buffer.getvalue()


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _sheet_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if value is None:
        return "<c/>"
    text = escape(str(value).translate(_NOT_XML))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


WRITERS: Mapping[str, Callable[[Report], bytes]] = {"html": as_html, "csv": as_csv, "xlsx": as_xlsx}
