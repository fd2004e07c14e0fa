"""Write a report as a page, a table for spreadsheets, or a workbook."""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from xml.sax.saxutils import escape

from unioncrawl.archive.reports import Report
from unioncrawl.archive.spreadsheet_cells import csv_cell, runs_as_formula

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


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# ECMA-376 part 1, section 22.9.2.19: what XML has no way to write stands as _x0001_, and a text that
# looks like that has its first sign written so.
_NOT_XML = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
# Style 1: a text that a spreadsheet does not read again as a formula when its cell is edited.
_STYLES = (
    f'<styleSheet xmlns="{_SHEET}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf quotePrefix="1"/></cellXfs></styleSheet>'
)


def as_xlsx(report: Report) -> bytes:
    """A workbook of one sheet (ECMA-376): texts stay texts, numbers numbers; the head stays in sight."""
    rows: list[Iterable[object]] = [report.head, *report.rows, *((note,) for note in report.notes)]
    lines = ("".join(map(_sheet_cell, row)) for row in rows)
    data = "".join(f'<row r="{number}">{line}</row>' for number, line in enumerate(lines, 1))
    name = escape(report.title[:31].translate(str.maketrans("[]:*?/\\", "       ")), {'"': "&quot;"})
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")
        ),
        "xl/styles.xml": _STYLES,
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
            book.writestr(
                zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), (_XML + text).encode("utf-8", "replace")
            )
    return buffer.getvalue()


def _relations(*relations: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(relations, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}">{told}</Relationships>'


def _sheet_cell(value: object) -> str:
    if isinstance(value, int | float):
        return f"<c><v>{value}</v></c>"
    if value is None:
        return "<c/>"
    told = str(value)
    style = ' s="1"' if runs_as_formula(told) else ""
    text = escape(_NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", told))
    return f'<c{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


WRITERS: Mapping[str, Callable[[Report], bytes]] = {"html": as_html, "csv": as_csv, "xlsx": as_xlsx}
