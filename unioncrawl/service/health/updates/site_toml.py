"""A site file with some of its values changed; comments, order and all other keys stay."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from difflib import unified_diff
from typing import Any

import tomlkit


def changed_file(text: str, changes: Mapping[str, object]) -> str:
    r"""Return the text of a site file with other values; a value of None removes its key.

    ``columns`` are pairs of name and address, written a line each.

    >>> print(changed_file('id = "linxi" # 临溪\nscheme = "http"\n', {"scheme": "https"}), end="")
    id = "linxi" # 临溪
    scheme = "https"
    >>> changed_file('id = "linxi"\n', {})
    'id = "linxi"\n'
    """
    document = tomlkit.parse(text)
    late = []
    for key, value in changes.items():
        if value is None:
            document.pop(key, None)
            continue
        written = _columns(value) if key == "columns" and isinstance(value, Sequence) else tomlkit.item(value)
        if key in document:
            document[key] = written
        else:
            late.append((key, written))
    return _with_new_keys(tomlkit.dumps(document), late)


def _with_new_keys(text: str, late: Sequence[tuple[str, object]]) -> str:
    """The text with keys that it lacked: before its first table, for what follows belongs to the table."""
    if not late:
        return text
    added = "".join(f"{key} = {_literal(value)}\n" for key, value in late)
    lines = text.splitlines(keepends=True)
    place = next((number for number, line in enumerate(lines) if line.startswith("[")), len(lines))
    while place and not lines[place - 1].strip():
        place -= 1
    return "".join([*lines[:place], added, *lines[place:]])


def _literal(value: object) -> str:
    return value.as_string() if hasattr(value, "as_string") else str(value)


def _columns(columns: Sequence[tuple[str, str]]) -> Any:  # noqa: ANN401 - tomlkit's own item
    """Columns as site files have them: a line each."""
    rows = "".join(f"  {{ name = {_quoted(name)}, url = {_quoted(url)} }},\n" for name, url in columns)
    return tomlkit.parse(f"columns = [\n{rows}]\n")["columns"]


def _quoted(text: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text, ensure_ascii=False)


def difference(before: str, after: str, name: str) -> str:
    """Return the lines that differ, as ``diff -u`` prints them; empty for the same text."""
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (proposed)"
    )
    return "".join(lines)
