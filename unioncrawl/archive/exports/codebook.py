"""The codebook of exports: every field, its type and meaning, as a data package describes them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unioncrawl._layout import __version__
from unioncrawl.archive.exports.sampling import Drawing
from unioncrawl.model import article_fields

# Name, type (Table Schema), meaning. The order is the order of the columns.
FIELDS = tuple((one.name, one.kind, one.meaning) for one in article_fields.FIELDS)
TEXT_GUARD = (
    "A text that a spreadsheet would run as a formula (its first visible sign is = + - @ in any width), or"
    " that begins with a tab or a line end, has an apostrophe before it, and one more where such a text"
    " began with an apostrophe itself. Take that one off to have the text as it was; numbers have none."
)
NAMES = tuple(name for name, _, _ in FIELDS)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: for the description beside it."""

    path: Path
    form: str
    rows: int
    query: str
    cursor: str
    damaged: int
    masked: bool
    made_at: datetime
    drawing: Drawing | None = None


_MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


def _resource_name(file_name: str) -> str:
    """Return a name that the standard allows, unique for each file: 工会.csv and 劳模.csv differ."""
    plain = re.sub(r"[^a-z0-9._-]", "-", file_name.lower())
    if plain == file_name:
        return plain
    return f"{plain.strip('-.') or 'articles'}-{hashlib.sha256(file_name.encode()).hexdigest()[:8]}"


def _sample_facts(drawing: Drawing | None) -> dict[str, Any]:
    return {"description": drawing.sentence(), "sample": drawing.facts()} if drawing else {}


def data_package(exported: Exported) -> dict[str, Any]:
    """The ``datapackage.json`` of an export (Frictionless Data Package 1), codebook included."""
    digest = hashlib.sha256()
    with exported.path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    fields = [
        {
            "name": one.name,
            "title": f"{one.chinese} ({one.english})",
            "type": one.kind,
            "description": one.meaning,
        }
        for one in article_fields.FIELDS
    ]
    resource = {
        "name": _resource_name(exported.path.name),
        "path": exported.path.name,
        "format": exported.form,
        "mediatype": _MEDIA_TYPES[exported.form],
        "encoding": "utf-8",
        "bytes": exported.path.stat().st_size,
        "hash": f"sha256:{digest.hexdigest()}",
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
        "articles": exported.rows,
        # Articles of the query that could not be read back and are missing from the file.
        "damagedArticles": exported.damaged,
        "created": exported.made_at.isoformat(),
        "query": exported.query,
        **({"cursor": exported.cursor} if exported.cursor else {}),
        **_sample_facts(exported.drawing),
        "masked": exported.masked,
        **({"textGuard": TEXT_GUARD} if exported.form == "csv" else {}),
    }
    return {
        "name": "unioncrawl-articles",
        "title": "Union news articles (工会新闻)",
        "created": exported.made_at.isoformat(),
        "generator": f"unioncrawl {__version__}",
        "resources": [resource],
    }
