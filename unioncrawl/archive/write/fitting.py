"""Make a record fit its columns before it is written, or a rejection of it.

The news itself (headline, text, names, addresses, hits, times) is stored unchanged
or not at all: an article with a value that its column can't hold becomes a
rejection that names the column. The traces beside it (evidence, raw strings,
notes of captures, a rejection's own words) are worth less than the article: a
character that no column can hold is replaced there by one other character, so
that all places stay right, and a note names the original.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from unioncrawl import outcomes
from unioncrawl.archive.schema import capture, rejection
from unioncrawl.archive.write.column_values import misfits, surely_fits, unkeepable
from unioncrawl.archive.write.record_rows import RecordRows, capture_values, record_rows
from unioncrawl.model import Article, CaptureRef, Evidence, Rejection
from unioncrawl.outcomes import Reason
from unioncrawl.rows import named_values

# The rule of the evidence that notes a replaced character.
REPLACED = "replaced-characters"
# What stands for them: a lone surrogate is half a character, NUL has a picture.
_STAND_INS = {0: "\u2400", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")}
_NUMBER_LIMIT = 1 << 63
_TRACES = (
    "hits_raw",
    "published_raw",
    "published_rule",
    "redirected_from",
    "evidence",
    "raw",
    "steps",
    "unresolved",
    "captures",
    # No column keeps these two; rows and feeds do.
    *("next_page", "counter"),
)
T = TypeVar("T")


def fitted(record: Article | Rejection) -> tuple[Article | Rejection, RecordRows | None]:
    """Return the record as the tables can hold it, nearly always the same one, and an article's values.

    An article with a value that its column can't hold becomes a rejection of the
    stage ``archive`` for the reason ``unkeepable-value``, with the captures.

    >>> fitted(Article(url="http://a.cn/1", site="xian", title="慰问", hits=10**30))[0].detail
    'observation.hits: an integer of 100 bits; the column holds 64'
    >>> article = Article(url="http://a.cn/1", site="xian", title="慰问", hits=10)
    >>> fitted(article)[0] is article
    True
    """
    if isinstance(record, Rejection):
        return _fitted_rejection(record), None
    rows = RecordRows.of(record)
    if not _first_misfit(record, rows) and not _is_unkeepable_in_rows(record):
        return record, rows
    record = _with_traces_replaced(record)
    rows = RecordRows.of(record)
    left = _first_misfit(record, rows)
    return (stand_in(record, outcomes.UNKEEPABLE_VALUE, left), None) if left else (record, rows)


def stand_in(record: Article | Rejection, reason: Reason, detail: str) -> Rejection:
    """Return the rejection to store in a record's place when the archive can't hold the record."""
    return _fitted_rejection(
        Rejection(
            url=record.url,
            site=record.site,
            stage="archive",
            reason=reason,
            detail=detail,
            at=record.fetched_at if isinstance(record, Article) else record.at,
            captures=record.captures,
        )
    )


def bare(record: Rejection) -> Rejection:
    """Return a rejection without any value that could be refused, for one that was refused."""
    return replace(record, detail="the captures and the detail were refused too", status=0, captures=())


def plain_json(values: Mapping[str, object]) -> dict[str, Any]:
    """Return values by name as JSON can hold them: what JSON has no form for becomes text."""
    return {_replaced(name): _plain(value) for name, value in values.items()}


def _plain(value: object) -> object:
    match value:
        case None | bool():
            return value
        case int() if -_NUMBER_LIMIT <= value < _NUMBER_LIMIT:
            return value
        case float() if abs(value) < float("inf"):
            return value
        case list() | tuple():
            return [_plain(one) for one in value]
        case dict():
            return plain_json({str(name): one for name, one in value.items()})
    return _replaced(str(value))


def _first_misfit(record: Article, rows: RecordRows) -> str:
    for table, row in record_rows(record, rows):
        if not surely_fits(table, row):
            for name, why in misfits(table, row):
                return f"{name}: {why}"
    return ""


def _is_unkeepable_in_rows(record: Article) -> bool:
    counter = record.counter
    texts = (record.next_page, *(named_values(counter).values() if counter else ()))
    return any(map(unkeepable, texts))


def _with_traces_replaced(record: Article) -> Article:
    notes: list[Evidence] = []
    changed = {}
    for name in _TRACES:
        value = getattr(record, name)
        changed[name] = _replaced_in(value, name, notes)
    evidence = (*changed.pop("evidence"), *notes)
    return replace(record, **changed, evidence=evidence)


def _replaced_in(value: Any, place: str, notes: list[Evidence]) -> Any:  # noqa: ANN401 - any part of a record
    """Return the value with each unfit text in it replaced, and a note for each of these texts."""
    if isinstance(value, str):
        found = unkeepable(value)
        if found:
            notes.append(Evidence(place, REPLACED, found))
        return _replaced(value) if found else value
    if isinstance(value, tuple):
        return tuple(_replaced_in(one, f"{place}.{at}", notes) for at, one in enumerate(value))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: getattr(value, one.name) for one in fields(value)}
        return replace(
            value, **{name: _replaced_in(part, f"{place}.{name}", notes) for name, part in parts.items()}
        )
    return value


def _replaced(text: str) -> str:
    return text.translate(_STAND_INS) if unkeepable(text) else text


def _fitted_rejection(record: Rejection) -> Rejection:
    """Return a rejection that fits: unfit values are replaced or left out, and its detail says so."""
    notes: list[Evidence] = []
    words = {name: _replaced_in(getattr(record, name), name, notes) for name in _WORDS}
    captures = tuple(_fitted_capture(one, notes) for one in record.captures)
    kept = tuple(one for one in captures if one is not None)
    at = record.at or datetime.now(UTC)
    unfit = dict(misfits(rejection, {"status": record.status, "at": at}))
    losses = [f"{note.field} had {note.raw}" for note in notes]
    losses += [f"{name}: {why}" for name, why in unfit.items()]
    if not losses:
        return record
    words["detail"] = " ".join((words["detail"], f"[not kept: {'; '.join(losses)}]")).strip()
    return replace(
        record,
        **words,
        status=0 if "rejection.status" in unfit else record.status,
        at=datetime.now(UTC) if "rejection.at" in unfit else at,
        captures=kept,
    )


def _fitted_capture(reference: CaptureRef, notes: list[Evidence]) -> CaptureRef | None:
    fitting: CaptureRef = _replaced_in(reference, "capture", notes)
    left = next(misfits(capture, capture_values(fitting)), None)
    if left is None:
        return fitting
    notes.append(Evidence("capture", REPLACED, ": ".join(left)))
    return None


_WORDS = ("url", "stage", "reason", "detail")
