"""The codebook of exports: every field, its type and meaning, as a data package tells it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from unioncrawl._layout import __version__

# Name, type (Table Schema), meaning. The order is the order of the columns.
FIELDS: tuple[tuple[str, str, str], ...] = (
    ("id", "integer", "The article's number in the archive."),
    ("site", "string", "The site's id, as in its site file."),
    ("kind", "string", "Always article."),
    ("url", "string", "The address at which it was first fetched."),
    ("title", "string", "主标题, repaired."),
    ("lead_title", "string", "引题 (肩题): the line above the title."),
    ("subtitle", "string", "副题: the line below the title."),
    ("original_title", "string", "原标题: the title that a reprint says it had."),
    ("published_at", "string", "发布日期 in ISO 8601 with +08:00; see published_precision."),
    ("published_precision", "string", "How exactly the date was printed: year, month, day, minute, second."),
    ("published_raw", "string", "The date as printed."),
    ("hits", "integer", "点击量: the last number that was told; empty when none ever was."),
    ("hits_raw", "string", "The number as printed or as the counter answered."),
    ("hits_status", "string", "Where hits comes from (page, counter), or why there is none."),
    ("source", "string", "来源 as declared, cleaned."),
    ("author", "string", "作者 or 记者, separated by spaces."),
    ("editor", "string", "编辑, separated by spaces."),
    ("column", "string", "栏目: the site's section."),
    ("body_text", "string", "正文, repaired, a paragraph a line."),
    ("images", "array", "Pictures: url and caption."),
    ("attachments", "array", "Files offered: url and name."),
    ("next_page", "string", "Address of a following part that was not joined."),
    ("counter", "object", "The request that tells the hits; not kept in the archive."),
    ("photographer", "string", "摄影, 供图: who took or supplied the pictures, separated by spaces."),
    ("correspondent", "string", "通讯员, separated by spaces."),
    (
        "reviewer",
        "string",
        "审核, 一审 to 三审, 终审, 监制, 签发, 值班: who let it pass, separated by spaces.",
    ),
    ("proofreader", "string", "校对, 一校 to 三校, separated by spaces."),
    ("original_source", "string", "转自, 转载自, 原载, 摘自: the source that a reprint names."),
    ("dateline", "string", "The lead that opens the text: 本报讯, 中工网北京4月7日电."),
    ("mirror", "boolean", "Whether the page carried mirror damage."),
    (
        "body_html",
        "string",
        "正文 as safe HTML, with its pictures; without tags it says what body_text says.",
    ),
    ("evidence", "array", "What decided each field: field, rule, raw (the string as the rule saw it)."),
    ("canonical_url", "string", "The address by which the archive knows it."),
    ("repaired", "boolean", "Whether any text was repaired."),
    ("repair_steps", "integer", "How many repair steps were taken."),
    ("unresolved", "integer", "How many damaged places are left as they were."),
    ("fetched_at", "string", "When the present text was fetched."),
    ("first_seen_at", "string", "When the archive first saw the article."),
    ("last_seen_at", "string", "When the archive last saw it."),
    ("revision", "integer", "The number of its present revision, from 1."),
    ("reprint_group", "integer", "The number of the group of articles that carry the same story."),
    ("withdrawn_at", "string", "When text and captures were withdrawn; then body_text is empty."),
)
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


_MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}


def _resource_name(file_name: str) -> str:
    """A name that the standard allows, one a file: 工会.csv and 劳模.csv are two."""
    plain = re.sub(r"[^a-z0-9._-]", "-", file_name.lower())
    if plain == file_name:
        return plain
    return f"{plain.strip('-.') or 'articles'}-{hashlib.sha256(file_name.encode()).hexdigest()[:8]}"


def data_package(exported: Exported) -> dict[str, Any]:
    """The ``datapackage.json`` of an export (Frictionless Data Package 1), codebook included."""
    digest = hashlib.sha256()
    with exported.path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    fields = [{"name": name, "type": kind, "description": meaning} for name, kind, meaning in FIELDS]
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
        # Articles of the query that could not be read back, and are not in the file.
        "damagedArticles": exported.damaged,
        "created": exported.made_at.isoformat(),
        "query": exported.query,
        "cursor": exported.cursor,
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
