"""Export articles by any query: streaming, atomic, resumable.

``--since-cursor`` gives what is new, changed or vanished since an export
(`unioncrawl.archive.exports.cursors`).
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Literal

from sqlalchemy import Connection

from unioncrawl.archive.exports.codebook import NAMES, Exported, data_package
from unioncrawl.archive.exports.cursors import changed_since, present_cursor, read_cursor
from unioncrawl.archive.exports.mask_numbers import mask_numbers
from unioncrawl.archive.exports.sampling import Drawing, draw_sample, stratum_of
from unioncrawl.archive.exports.table_files import note_sample
from unioncrawl.archive.read.json_records import stored_row
from unioncrawl.archive.read.stored_articles import VERIFY, StoredArticle, load_articles
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.spreadsheet_cells import csv_cell
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.stored_text import numbers_found
from unioncrawl.archive.write.exact_digest import changed_articles
from unioncrawl.errors import ArticleDamaged
from unioncrawl.files import is_stream, replacing
from unioncrawl.model import Article
from unioncrawl.model.article_fields import WORDS

Form = Literal["jsonl", "json", "csv", "parquet", "sqlite"]
Row = dict[str, Any]
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Sample:
    """How many articles to draw, with which seed, spread over which strata."""

    size: int
    seed: int = 0
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What to export; ``since_cursor`` leaves out what an earlier export had.

    The export lists in ``damaged`` the articles that can't be read, and goes on with the others.
    """

    query: str = ""
    since_cursor: str = ""
    sample: Sample | None = None
    unmasked: bool = False
    damaged: list[ArticleDamaged] = field(default_factory=list)
    # What a sample was drawn from, once it is.
    drawings: list[Drawing] = field(default_factory=list)


def export_rows(connection: Connection, request: ExportRequest) -> Iterator[Row]:
    """Yield the rows of an export by rising number, streaming, without articles that can't be read.

    Raises `QueryError` for an unreadable query or cursor.
    """
    numbers = _wanted(connection, request)
    for some in chunks(numbers, _BATCH):
        for stored in _load_unchanged(connection, some, request.damaged):
            yield stored_row(stored if request.unmasked else replace(stored, record=_masked(stored.record)))


def _load_unchanged(
    connection: Connection, numbers: Sequence[int], damaged: list[ArticleDamaged]
) -> Iterator[StoredArticle]:
    """Yield the articles that match their digests; the others are damaged."""
    loaded = load_articles(connection, numbers, damaged.append)
    changed = changed_articles(connection, [stored.id for stored in loaded])
    for stored in loaded:
        if stored.id not in changed:
            yield stored
            continue
        what = f"article {stored.id} ({stored.record.url}) is not what was stored: its digest differs."
        damaged.append(ArticleDamaged(what, next_step=VERIFY, stage="archive"))


def _masked(record: Article) -> Article:
    """Return the record with its numbers masked; do so before HTML is made from its text."""
    texts: dict[str, Any] = {name: mask_numbers(getattr(record, name)) for name in WORDS}
    return replace(
        record,
        **texts,
        images=tuple(replace(image, caption=mask_numbers(image.caption)) for image in record.images),
        attachments=tuple(replace(file, name=mask_numbers(file.name)) for file in record.attachments),
        evidence=tuple(replace(piece, raw=mask_numbers(piece.raw)) for piece in record.evidence),
    )


def _wanted(connection: Connection, request: ExportRequest) -> list[int]:
    node = parse_query(request.query)
    found = numbers_found(connection, lambda: (one.article_id for one in find_candidates(connection, node)))
    numbers = sorted(found)
    if request.since_cursor:
        newer = changed_since(connection, read_cursor(request.since_cursor))
        numbers = [number for number in numbers if number in newer]
    return numbers if request.sample is None else _sampled(connection, numbers, request)


def _sampled(connection: Connection, numbers: list[int], request: ExportRequest) -> list[int]:
    sample = request.sample or Sample(len(numbers))
    strata = {
        stored.id: stratum_of(stored, sample.by)
        for some in chunks(numbers, _BATCH)
        for stored in load_articles(connection, some, request.damaged.append)
    }
    drawn = draw_sample(strata.items(), sample.size, sample.seed)
    population, of_drawn = Counter(strata.values()), Counter(strata[number] for number in drawn)
    request.drawings.append(Drawing(sample.size, sample.seed, sample.by, population, of_drawn))
    return drawn


def export_file(connection: Connection, request: ExportRequest, form: Form, path: Path) -> Exported:
    """Write an export and its ``datapackage.json``; neither name ever holds half a file.

    A FIFO or a device gets the rows alone: nothing stays there to be described.

    Raises `QueryError`; `ArchiveError` when Parquet is asked for and not installed.
    """
    cursor = str(present_cursor(connection))
    writer = WRITERS[form]
    with replacing(path) as file:
        rows = writer(export_rows(connection, request), file)
        drawing = request.drawings[-1] if request.drawings else None
        if drawing is not None and form == "sqlite":
            note_sample(file.name, drawing)
    exported = Exported(
        path=path,
        form=form,
        rows=rows,
        query=request.query,
        # What a sample left out is not what an export had: no cursor goes on from it.
        cursor="" if drawing else cursor,
        drawing=drawing,
        damaged=len(request.damaged),
        masked=not request.unmasked,
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    if not is_stream(path):
        _describe(exported)
    return exported


def _describe(exported: Exported) -> None:
    """Write ``datapackage.json`` beside the file; other exports in the folder stay described."""
    path = exported.path.with_name("datapackage.json")
    package = data_package(exported)
    try:
        others = json.loads(path.read_bytes())["resources"]
    except (OSError, ValueError, KeyError, TypeError):
        others = []
    name = exported.path.name
    package["resources"] += [
        other for other in others if isinstance(other, dict) and other.get("path") != name
    ]
    with replacing(path) as file:
        file.write((json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode())


def write_jsonl(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write one JSON object a line; return how many."""
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return count


def write_json(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write one JSON array, an object a line; return how many."""
    count = 0
    file.write(b"[")
    for count, row in enumerate(rows, 1):
        file.write(b",\n" if count > 1 else b"\n")
        file.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
    file.write(b"\n]\n")
    return count


def write_csv(rows: Iterable[Row], file: IO[bytes]) -> int:
    """Write CSV with a byte order mark, as Excel needs it for Chinese; return how many rows.

    A text that a spreadsheet would run as a formula gets an apostrophe before
    it, which `text_of_cell` takes off; lists become JSON.
    """
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True, errors="replace")
    writer = csv.DictWriter(text, NAMES)
    writer.writeheader()
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow({name: csv_cell(row[name]) for name in NAMES})
    text.flush()
    text.detach()
    return count


def _write_parquet(rows: Iterable[Row], file: IO[bytes]) -> int:
    from unioncrawl.archive.exports.table_files import write_parquet  # noqa: PLC0415 - pyarrow is an extra

    return write_parquet(rows, file)


def _write_sqlite(rows: Iterable[Row], file: IO[bytes]) -> int:
    from unioncrawl.archive.exports.table_files import write_sqlite  # noqa: PLC0415 - beside the other

    return write_sqlite(rows, file)


WRITERS: dict[Form, Callable[[Iterable[Row], IO[bytes]], int]] = {
    "jsonl": write_jsonl,
    "json": write_json,
    "csv": write_csv,
    "parquet": _write_parquet,
    "sqlite": _write_sqlite,
}
