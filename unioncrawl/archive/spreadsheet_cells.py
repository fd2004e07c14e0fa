"""Cells that a spreadsheet does not run as formulas: the one rule of exports and reports."""

from __future__ import annotations

import json
import unicodedata

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection), in every width, and the
# minus of mathematics, which some take for a hyphen.
_STARTS = frozenset("=+-@\u2212")
# Characters at which a spreadsheet ends a cell or drops its beginning.
_BREAKS = ("\t", "\r", "\n", "\0")


def runs_as_formula(text: str) -> bool:
    r"""Whether a spreadsheet may take a text for a formula.

    Spaces, controls, marks and what shows nothing (all categories C, M and Z:
    U+FEFF, U+200B, U+202E …) do not hide the sign after them. An apostrophe
    before such a text does not either: the guard of `csv_cell` is one, and each
    text must come back as it was.

    >>> runs_as_formula("\ufeff\u200b＝1"), runs_as_formula("'=1"), runs_as_formula("\t职工")
    (True, True, True)
    >>> runs_as_formula("总工会 = 工人之家"), runs_as_formula("'五一'奖章"), runs_as_formula("")
    (False, False, False)
    """
    bare = text.lstrip("'")
    if bare.startswith(_BREAKS):
        return True
    shown = next((sign for sign in bare if unicodedata.category(sign)[0] not in "CMZ"), "")
    return unicodedata.normalize("NFKC", shown)[:1] in _STARTS and shown != ""


def csv_cell(value: object) -> object:
    """Return a value as a cell that no spreadsheet runs; numbers stay numbers, lists become JSON.

    >>> csv_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    >>> csv_cell("总工会"), csv_cell(-5), csv_cell(None)
    ('总工会', -5, '')
    """
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return f"'{value}" if isinstance(value, str) and runs_as_formula(value) else value


def text_of_cell(cell: str) -> str:
    """Return the text that `csv_cell` made a cell of.

    >>> text_of_cell("'=1"), text_of_cell("''=1"), text_of_cell("'五一'奖章")
    ('=1', "'=1", "'五一'奖章")
    """
    return cell[1:] if cell.startswith("'") and runs_as_formula(cell[1:]) else cell
