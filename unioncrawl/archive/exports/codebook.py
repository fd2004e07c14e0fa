"""The codebook of exports: every field, its type and meaning, as a data package describes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unioncrawl._layout import __version__
from unioncrawl.archive.exports.meanings import field_meanings
from unioncrawl.archive.exports.sampling import Drawing
from unioncrawl.errors import QueryError
from unioncrawl.model import article_fields

# Name, type (Table Schema), meaning. The order is the order of the columns.
FIELDS = tuple((one.name, one.kind, one.meaning) for one in article_fields.FIELDS)
TEXT_GUARD = (
    "A text that a spreadsheet would run as a formula (its first visible sign is = + - @ in any width), or"
    " that begins with a tab or a line end, has an apostrophe before it, and one more where such a text"
    " began with an apostrophe itself. Take that one off to have the text as it was; numbers have none."
)
NAMES = tuple(name for name, _, _ in FIELDS)
# How texts and JSON write a time, as Table Schema states forms: 2024-05-02T02:30:00+08:00.
_TIME_FORM = "%Y-%m-%dT%H:%M:%S%z"
# Files of these kinds hold times as times.
_WITH_TIMES = frozenset(["parquet", "xlsx"])
# Validators of data packages take lists and structs apart, and find columns that the schema lacks.
_FILES = frozenset(["parquet", "wacz"])
# These hold no table.
_WITHOUT_ROWS = frozenset(["wacz"])


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: for the description beside it."""

    path: Path
    form: str
    rows: int
    query: str
    cursor: str
    damaged: int
    # What was masked, by which rules; WACZ files are not.
    mask_rules: tuple[str, ...]
    masked_stretches: int
    made_at: datetime
    drawing: Drawing | None = None
    names: tuple[str, ...] = NAMES
    # What a reader of the file must know besides.
    notes: tuple[str, ...] = ()


MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "wacz": "application/wacz+zip",
}


def chosen_names(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the columns to export, in the order in which they are wanted; all of them without a choice.

    Raises `QueryError` for a name that is not a column.

    >>> chosen_names(["title", "id", "title"]), chosen_names([]) == NAMES
    (('title', 'id'), True)
    """
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise QueryError(
            f"there is no column {', '.join(unknown)}.", next_step=f"Choose from {', '.join(NAMES)}."
        )
    return tuple(dict.fromkeys(wanted)) or NAMES


def _resource_name(file_name: str) -> str:
    """Return a name that the standard allows, unique for each file: 工会.csv and 劳模.csv differ."""
    plain = re.sub(r"[^a-z0-9._-]", "-", file_name.lower())
    if plain == file_name:
        return plain
    return f"{plain.strip('-.') or 'articles'}-{hashlib.sha256(file_name.encode()).hexdigest()[:8]}"


def _sample_facts(drawing: Drawing | None) -> dict[str, Any]:
    return {"description": drawing.sentence(), "sample": drawing.facts()} if drawing else {}


def described_fields(names: Sequence[str], form: str) -> list[dict[str, Any]]:
    """Return the fields of a file as Table Schema describes them, in English and Chinese."""
    meanings = field_meanings()
    declared = {one.name: one for one in article_fields.FIELDS}
    return [_described(declared[name], meanings[name].chinese, form) for name in names]


def _described(one: article_fields.ArticleField, chinese: str, form: str) -> dict[str, Any]:
    is_text = one.kind == "datetime" and form not in _WITH_TIMES
    return {
        "name": one.name,
        "title": f"{one.chinese} ({one.english})",
        "type": one.kind,
        **({"format": _TIME_FORM} if is_text else {}),
        "description": one.meaning,
        "descriptionZh": chinese,
        **({"constraints": {"required": True, "unique": True}} if one.name == "id" else {}),
    }


def _schema(exported: Exported) -> dict[str, Any]:
    if exported.form in _WITHOUT_ROWS:
        return {}
    key = {"primaryKey": "id"} if "id" in exported.names else {}
    fields = described_fields(exported.names, exported.form)
    return {"schema": {"fields": fields, **key, "missingValues": [""]}}


def data_package(exported: Exported) -> dict[str, Any]:
    """The ``datapackage.json`` of an export (Frictionless Data Package 1), codebook included."""
    with exported.path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    resource = {
        "name": _resource_name(exported.path.name),
        **({"type": "file"} if exported.form in _FILES else {}),
        "path": exported.path.name,
        "format": exported.form,
        "mediatype": MEDIA_TYPES[exported.form],
        "encoding": "utf-8",
        "bytes": exported.path.stat().st_size,
        "hash": f"sha256:{digest}",
        **_schema(exported),
        "articles": exported.rows,
        # Articles of the query that could not be read back and are missing from the file.
        "damagedArticles": exported.damaged,
        "created": exported.made_at.isoformat(),
        "query": exported.query,
        **({"cursor": exported.cursor} if exported.cursor else {}),
        **_sample_facts(exported.drawing),
        "masked": bool(exported.mask_rules),
        "maskRules": list(exported.mask_rules),
        "maskedStretches": exported.masked_stretches,
        **({"notes": list(exported.notes)} if exported.notes else {}),
        **({"textGuard": TEXT_GUARD} if exported.form == "csv" else {}),
    }
    return {
        "name": "unioncrawl-articles",
        "title": "Union news articles (工会新闻)",
        "created": exported.made_at.isoformat(),
        "generator": f"unioncrawl {__version__}",
        "resources": [resource],
    }
