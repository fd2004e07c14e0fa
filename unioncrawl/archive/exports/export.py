"""Export articles by any query: streaming, atomic, resumable.

``--since-cursor`` gives what is new, changed or vanished since an export
(`unioncrawl.archive.exports.cursors`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Literal, Protocol

from sqlalchemy import Connection

from unioncrawl.archive.database import VERIFY
from unioncrawl.archive.exports.codebook import NAMES, Exported, chosen_names, data_package
from unioncrawl.archive.exports.cursors import changed_since, present_cursor, read_cursor
from unioncrawl.archive.exports.mask_article import Masking, MaskRules
from unioncrawl.archive.exports.ro_crate import NAME as CRATE
from unioncrawl.archive.exports.ro_crate import ro_crate
from unioncrawl.archive.exports.row_files import Row, write_csv, write_json, write_jsonl
from unioncrawl.archive.exports.sampling import Drawing, draw_sample, stratum_of
from unioncrawl.archive.exports.table_files import note_sample, write_parquet, write_sqlite
from unioncrawl.archive.read.json_records import stored_row
from unioncrawl.archive.read.stored_articles import StoredArticle, load_articles
from unioncrawl.archive.search.matching_articles import find_candidates
from unioncrawl.archive.search.query import parse_query
from unioncrawl.archive.sql import chunks
from unioncrawl.archive.write.exact_digest import changed_articles
from unioncrawl.errors import ArticleDamaged
from unioncrawl.files import is_stream, replacing

Form = Literal["jsonl", "json", "csv", "parquet", "sqlite", "xlsx", "wacz"]
_BATCH = 200


@dataclass(slots=True)
class Progress:
    """How far an export is."""

    done: int = 0
    wanted: int = 0

    def __str__(self) -> str:
        return f"{self.done:,} of {self.wanted:,} articles"


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
    # Mail addresses too; never with ``unmasked``.
    mask_mail: bool = False
    # The columns of the rows, in this order; all of them without a choice.
    columns: tuple[str, ...] = ()
    # Where the captures lie, for an export of pages.
    captures: Path = Path("captures")
    damaged: list[ArticleDamaged] = field(default_factory=list)
    # What a sample was drawn from, once it is.
    drawings: list[Drawing] = field(default_factory=list)
    # What a reader of the file must know besides.
    notes: list[str] = field(default_factory=list)
    progress: Progress = field(default_factory=Progress)
    # Masks each article, and counts what it hides.
    masking: Masking = field(init=False)

    def __post_init__(self) -> None:
        rules = MaskRules(numbers=not self.unmasked, mail=self.mask_mail and not self.unmasked)
        object.__setattr__(self, "masking", Masking(rules))


def export_rows(connection: Connection, request: ExportRequest) -> Iterator[Row]:
    """Yield the rows of an export by rising number, streaming, without articles that can't be read.

    Raises `QueryError` for an unreadable query or cursor, or an unknown column.
    """
    names = chosen_names(request.columns)
    for stored in _exported_articles(connection, request):
        row = stored_row(replace(stored, record=request.masking.article(stored.record)))
        yield {name: row[name] for name in names} if request.columns else row


def _exported_articles(connection: Connection, request: ExportRequest) -> Iterator[StoredArticle]:
    numbers = _wanted(connection, request)
    request.progress.wanted = len(numbers)
    for some in chunks(numbers, _BATCH):
        yield from _load_unchanged(connection, some, request.damaged)
        request.progress.done += len(some)


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


def _wanted(connection: Connection, request: ExportRequest) -> list[int]:
    node = parse_query(request.query)
    numbers = sorted(one.article_id for one in find_candidates(connection, node))
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
    """Write an export, its ``datapackage.json`` and its RO-Crate; no name ever holds half a file.

    A FIFO or a device gets the rows alone: nothing stays there to be described.

    Raises `QueryError`; `ArchiveError` when Parquet is asked for and not installed.
    """
    names = chosen_names(request.columns)
    cursor = str(present_cursor(connection))
    with replacing(path) as file:
        rows = _write(connection, request, form, file)
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
        mask_rules=() if form == "wacz" else tuple(request.masking.rules.names),
        masked_stretches=request.masking.stretches,
        names=names,
        notes=tuple(request.notes),
        made_at=datetime.now(UTC).replace(microsecond=0),
    )
    if not is_stream(path):
        _describe(exported)
    return exported


def _describe(exported: Exported) -> None:
    """Write ``datapackage.json`` and the crate beside the file; other exports there stay described."""
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
    for written, content in ((path, package), (path.with_name(CRATE), ro_crate(package))):
        with replacing(written) as file:
            file.write((json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode())


class Writer(Protocol):
    """Writes rows into a file, and returns how many."""

    def __call__(self, rows: Iterable[Row], file: IO[bytes], names: Sequence[str] = NAMES, /) -> int:
        """Write the columns ``names`` of the rows."""


def _write(connection: Connection, request: ExportRequest, form: Form, file: IO[bytes]) -> int:
    names = chosen_names(request.columns)
    if form == "wacz":
        from unioncrawl.archive.exports.replay.wacz import Wacz, write_wacz  # noqa: PLC0415 - reads captures

        wacz = Wacz(connection, request.captures, request.query, request.damaged, request.notes)
        return write_wacz(_exported_articles(connection, request), file, wacz)
    rows = export_rows(connection, request)
    if form == "xlsx":
        from unioncrawl.archive.exports.workbook import write_xlsx  # noqa: PLC0415 - loads a library

        return write_xlsx(rows, file, names, request.notes)
    return WRITERS[form](rows, file, names)


# Of rows alone; a workbook and a file for replay have more to say than how many rows they have.
WRITERS: Mapping[str, Writer] = {
    "jsonl": write_jsonl,
    "json": write_json,
    "csv": write_csv,
    "parquet": write_parquet,
    "sqlite": write_sqlite,
}
