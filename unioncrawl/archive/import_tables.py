"""Read old tables of articles: CSV, JSON, JSON lines or a table of a SQLite file."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from unioncrawl.decode import decode_page
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article, HitsStatus
from unioncrawl.normalize import normalize_article
from unioncrawl.normalize.urls import canonical_url
from unioncrawl.repair.article import repair_article

Row = Mapping[str, str]
# What a mapping may fill; ``site`` too.
MAPPED = (
    "url",
    "title",
    "lead_title",
    "subtitle",
    "original_title",
    "published_raw",
    "hits_raw",
    "source",
    "author",
    "editor",
    "column",
    "body_text",
)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column of a table fills which field: ``fields``; ``site`` where no column tells it."""

    site: str
    fields: Mapping[str, str] = field(default_factory=dict)
    table: str = ""


def read_mapping(path: Path | None, site: str) -> ColumnMapping:
    """A mapping file (TOML): ``site``, ``table`` and a table ``[fields]`` of field = "column".

    Without a file each column fills the field of its name. Raises
    `ArchiveError` for what can't be read or names no field.
    """
    if path is None:
        return ColumnMapping(site, {name: name for name in (*MAPPED, "site")})
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ArchiveError(
            f"the mapping {path} can't be read: {error}.", next_step="Correct the file."
        ) from error
    fields = told.get("fields", {})
    unknown = sorted(set(fields) - {*MAPPED, "site"})
    if unknown or not isinstance(fields, dict) or not fields:
        what = f"names no field {', '.join(unknown)}" if unknown else "has no [fields]"
        raise ArchiveError(
            f"the mapping {path} {what}.", next_step=f"Write [fields] with {', '.join(MAPPED)} or site."
        )
    return ColumnMapping(site or str(told.get("site", "")), fields, str(told.get("table", "")))


def read_rows(path: Path, mapping: ColumnMapping) -> Iterator[Row]:
    """The rows of a table as strings, by column; text files in any Chinese encoding.

    Raises `ArchiveError` when the file can't be read or lacks a mapped column.
    """
    try:
        if path.suffix.lower() in {".db", ".sqlite", ".sqlite3"}:
            rows = _sqlite_rows(path, mapping.table)
        else:
            rows = _text_rows(path)
        yield from map(_strings, rows)
    except (OSError, ValueError, sqlite3.Error, csv.Error) as error:
        raise ArchiveError(
            f"{path} can't be read: {error}.", next_step="Give a CSV, JSON, JSONL or SQLite file."
        ) from error


def _text_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    data = path.read_bytes()
    text = decode_page(data).text.removeprefix("\ufeff")
    match path.suffix.lower():
        case ".jsonl" | ".ndjson":
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
        case ".json":
            yield from json.loads(text)
        case _:
            csv.field_size_limit(1 << 30)
            dialect = "excel-tab" if path.suffix.lower() in {".tsv", ".tab"} else "excel"
            yield from csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)


def _sqlite_rows(path: Path, table: str) -> Iterator[Mapping[str, Any]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        known = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if not table and len(known) == 1:
            table = known[0]
        if table not in known:
            raise ValueError(f"name one of its tables in the mapping: {', '.join(known)}")
        quoted = table.replace('"', '""')
        for row in connection.execute(f'SELECT * FROM "{quoted}"'):  # noqa: S608 - a name it has itself
            yield dict(row)
    finally:
        connection.close()


def _strings(row: Any) -> Row:  # noqa: ANN401 - whatever a file holds
    if not isinstance(row, Mapping) or None in row:
        raise ValueError("a row is no object, or has more values than columns")
    return {str(name): "" if value is None else str(value) for name, value in row.items()}


def check_columns(row: Row, mapping: ColumnMapping, *, strict: bool) -> None:
    """Raise `ArchiveError` when a table lacks a column that a mapping file names."""
    missing = sorted(set(mapping.fields.values()) - set(row)) if strict else []
    if missing:
        raise ArchiveError(
            f"the table has no column {', '.join(missing)}.", next_step=f"It has {', '.join(row)}."
        )


def raw_article(row: Row, mapping: ColumnMapping, fallback_url: str) -> Article:
    """The article of a row before repair; columns that fill nothing stay in ``raw``."""
    values: dict[str, Any] = {name: row.get(column, "") for name, column in mapping.fields.items()}
    values["site"] = values.get("site") or mapping.site
    values["url"] = values.get("url") or fallback_url
    used = set(mapping.fields.values())
    rest = tuple((f"import:{name}", value) for name, value in row.items() if name not in used and value)
    status = HitsStatus.PAGE if values.get("hits_raw") else HitsStatus.EMPTY
    return Article(**values, canonical_url=canonical_url(values["url"]), hits_status=status, raw=rest)


def finished_article(raw: Article) -> Article:
    """The article repaired and normalised."""
    return normalize_article(repair_article(raw))


def changed_fields(before: Article, after: Article) -> dict[str, tuple[str, str]]:
    """What repair and normalising changed of a row: each field before and after."""
    changes = {
        name: (getattr(before, name), getattr(after, name))
        for name in MAPPED
        if getattr(before, name) != getattr(after, name)
    }
    if after.published_at is not None:
        changes["published_at"] = (before.published_raw, after.published_at.isoformat())
    if after.hits is not None:
        changes["hits"] = (before.hits_raw, str(after.hits))
    return changes
