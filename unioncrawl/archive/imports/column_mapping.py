"""Make articles from the rows of old tables: map columns to fields, repair, read dates, list changes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from unioncrawl.archive.imports.site_names import SiteNames
from unioncrawl.archive.imports.table_rows import storable, unstorable
from unioncrawl.archive.write.fitting import REPLACED
from unioncrawl.errors import ArchiveError
from unioncrawl.model import Article, DecodedPage, Evidence, HitsStatus
from unioncrawl.model.article_fields import Use, texts_of
from unioncrawl.normalize import normalize_article, parse_hits, parse_published
from unioncrawl.page.parse import parse_document
from unioncrawl.repair.article import repair_article
from unioncrawl.sites.profile import SiteProfile
from unioncrawl.urls import canonical_url

Row = Mapping[str, str]
# What a mapping may fill, beside `_OF_THE_ROW`.
MAPPED = ("url", *texts_of(Use.MAPPED))
# The site; the row's own key, which names an article without URL; when the page was seen.
_OF_THE_ROW = ("site", "id", "seen_raw")
# What ``raw`` calls the columns that fill no field.
_KEPT = "import:"
_MARKUP = re.compile(r"<(?:p|br|div|table|section|span)\b[^<>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Which column of a table fills which field: ``fields``; ``site`` where no column holds it."""

    site: str
    fields: Mapping[str, str] = field(default_factory=dict)
    table: str = ""


def read_mapping(path: Path | None, site: str) -> ColumnMapping:
    """Read a mapping file (TOML): ``site``, ``table`` and a table ``[fields]`` of field = "column".

    Without a file each column fills the field of its name. Raises
    `ArchiveError` for what can't be read or names no field.
    """
    if path is None:
        return ColumnMapping(site, {name: name for name in (*MAPPED, "site")})
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ArchiveError(
            f"the mapping {path} can't be read: {error}.", next_step="Correct the file."
        ) from error
    fields = settings.get("fields", {})
    what = _wrong_in(fields)
    if what:
        raise ArchiveError(
            f"the mapping {path} {what}.",
            next_step=f"Write [fields] with {', '.join((*MAPPED, *_OF_THE_ROW))}.",
        )
    return ColumnMapping(site or str(settings.get("site", "")), fields, str(settings.get("table", "")))


def _wrong_in(fields: object) -> str:
    """Return what is wrong with a mapping's fields; empty when they are right."""
    if not isinstance(fields, dict) or not fields:
        return "has no [fields]"
    unknown = sorted(set(fields) - {*MAPPED, *_OF_THE_ROW})
    if unknown:
        return f"names no field {', '.join(unknown)}"
    no_column = sorted(name for name, column in fields.items() if not isinstance(column, str))
    return f"names no column for {', '.join(no_column)}" if no_column else ""


def check_columns(row: Row, mapping: ColumnMapping, *, strict: bool) -> None:
    """Raise `ArchiveError` when a table lacks a needed column, or one that a mapping file names."""
    wanted = set(mapping.fields.values())
    missing = sorted(wanted - set(row)) if strict else []
    if missing or not {"title", "body_text"} & {
        name for name, column in mapping.fields.items() if column in row
    }:
        lacking = ", ".join(missing) or "title or body_text"
        raise ArchiveError(
            f"the table has no column {lacking}.",
            next_step=f"It has {', '.join(row)}; a mapping file (--mapping) says which is which.",
        )


def raw_article(
    row: Row, mapping: ColumnMapping, sites: Mapping[str, SiteProfile], names: SiteNames
) -> Article:
    """Return the article of a row before repair; columns that fill no field stay in ``raw``.

    Its site is the row's own, as ``names`` has it, the mapping's, or that of its URL's
    host. An article without a URL is named by the row's ``id``, or by a digest of its text: so the
    same row is the same article again, wherever it stands in the table. Raises
    ValueError when the URL or the time of the visit can't be read, or the site's name is another's too.
    """
    values: dict[str, Any] = {name: row.get(column, "") for name, column in mapping.fields.items()}
    own = {name: storable(values.pop(name, "")) for name in _OF_THE_ROW}
    profile = sites.get(urlsplit(values.get("url", "")).netloc.lower())
    site = names.id_of(own["site"]) or mapping.site or (profile.id if profile else "")
    used = set(mapping.fields.values())
    rest = tuple((f"{_KEPT}{name}", value) for name, value in row.items() if value and name not in used)
    values["url"] = values.get("url") or f"urn:unioncrawl:import:{site}:{own['id'] or _digest(values)}"
    status = HitsStatus.PAGE if values.get("hits_raw") else HitsStatus.EMPTY
    return Article(
        **values,
        site=site,
        canonical_url=canonical_url(storable(values["url"]), profile),
        hits_status=status,
        raw=rest,
        fetched_at=_time(own["seen_raw"]),
    )


def kept_columns(article: Article) -> list[str]:
    """Return the columns of an article's row that filled no field."""
    return [name.removeprefix(_KEPT) for name, _ in article.raw if name.startswith(_KEPT)]


def _time(seen_raw: str) -> datetime | None:
    if not seen_raw.strip():
        return None
    read = parse_published(seen_raw)
    if read is None:
        raise ValueError(f"{seen_raw} is not the time of a visit")
    return read.at


def _digest(values: Mapping[str, str]) -> str:
    content = "\x00".join(values.get(name, "") for name in ("title", "published_raw", "body_text"))
    return sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def finished_article(raw: Article) -> Article:
    """Return the article repaired and normalised; markup in its text becomes paragraphs.

    Characters that no archive can hold are left out (halves of pairs replaced); the
    evidence says which they were, and where.
    """
    given = {name: getattr(raw, name) for name in MAPPED}
    values: dict[str, Any] = {name: storable(text) for name, text in given.items()}
    lost = ((name, unstorable(text)) for name, text in given.items() if text != values[name])
    notes = tuple(Evidence(name, REPLACED, places) for name, places in lost if places)
    if _MARKUP.search(values["body_text"]):
        values["body_text"] = _text_of(values["body_text"])
    rest = tuple((storable(name), storable(value)) for name, value in raw.raw)
    # Most rows are taken as they are: a copy of the record takes 11 µs.
    if values != given or rest != raw.raw or notes:
        raw = replace(raw, **values, raw=rest, evidence=(*raw.evidence, *notes))
    return normalize_article(repair_article(raw))


def _text_of(markup: str) -> str:
    page = DecodedPage(url="", text=f"<body>{markup}</body>", encoding="utf-8")
    return "\n".join(line.text for line in parse_document(page).lines)


def changed_fields(before: Article, after: Article) -> dict[str, tuple[str, str]]:
    """Return what repair and normalising changed of a row: each field before and after.

    Another form of the same value is no change: other white space, markup that became
    paragraphs, a date or number that is read as it is printed. A date that the time of
    the visit completed is a change; one that can't be read has an empty value after.
    """
    changes = {
        name: (getattr(before, name), getattr(after, name))
        for name in MAPPED
        if getattr(before, name) != getattr(after, name) and _as_words(name, before) != _as_words(name, after)
    }
    printed = parse_published(before.published_raw)
    if before.published_raw.strip() and (printed is None or printed.at != after.published_at):
        read = after.published_at.isoformat() if after.published_at else ""
        changes["published_at"] = (before.published_raw, read)
    if before.hits_raw.strip() and (after.hits is None or parse_hits(before.hits_raw) != after.hits):
        changes["hits"] = (before.hits_raw, "" if after.hits is None else str(after.hits))
    return changes


def _as_words(name: str, article: Article) -> list[str]:
    text: str = getattr(article, name)
    return (_text_of(text) if name == "body_text" and _MARKUP.search(text) else text).split()
