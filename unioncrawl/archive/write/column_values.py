r"""Whether a column can hold a value, on SQLite and PostgreSQL alike; the column's type decides.

A value that one of the two refuses is written to neither, so that an archive can move
from one to the other: PostgreSQL takes no NUL in a text, neither takes a lone surrogate
(a character cut in half, from JSON like ``"\ud83d"``), and SQLite takes no
integer beyond 64 bits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, Table, Text, UniqueConstraint

from unioncrawl.archive.column_types import JsonText, UtcTime, json_text

# A time of the year 1 or 9999 leaves the calendar in some time zone.
_FIRST_YEAR, _LAST_YEAR = 2, 9998
# SQLite's own limit on a text is 1,000,000,000 bytes, PostgreSQL's 1 GiB; both for a whole row.
MAX_TEXT_BYTES = 1 << 28
# PostgreSQL refuses index rows of more than 2,704 bytes (a third of a page of 8 kB).
MAX_INDEXED_BYTES = 2_600
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_BYTES_OF_A_CHARACTER = 4
# What of a JSON text needs a closer look: NUL, an integer that may be long, a number that is none.
_DOUBTFUL_JSON = re.compile(r"\\u0000|[0-9]{19}|NaN|Infinity")
_SHOWN = 3


def unkeepable(text: str) -> str:
    r"""Return the characters that no text column can hold, with their places; else "".

    >>> unkeepable("五一\ud83d劳动\x00节")
    'U+D83D at 2, U+0000 at 5'
    >>> unkeepable("五一劳动节")
    ''
    """
    if _is_keepable(text):
        return ""
    return places_of(_UNKEEPABLE, text)


def places_of(pattern: re.Pattern[str], text: str) -> str:
    r"""Return the characters that a pattern matches, with their places; else "".

    >>> places_of(re.compile("[\x01-\x08]"), "工\x07会")
    'U+0007 at 1'
    """
    found = [f"U+{ord(match[0]):04X} at {match.start()}" for match in pattern.finditer(text)]
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return ", ".join(found[:_SHOWN]) + more


@dataclass(frozen=True, slots=True)
class _Look:
    """The columns of a kind of row, by how they are looked at."""

    texts: tuple[str, ...]
    indexed: tuple[str, ...]
    others: tuple[tuple[str, bool, Callable[[Any], str]], ...]


@lru_cache(maxsize=256)
def _look(table: Table, names: tuple[str, ...]) -> _Look:
    texts = tuple(name for name in names if type(table.c[name].type) is Text and not table.c[name].nullable)
    others = ((name, bool(table.c[name].nullable)) for name in names if name not in texts)
    return _Look(
        texts=texts,
        indexed=tuple(name for name in texts if _is_indexed(table.c[name])),
        others=tuple((name, may_lack, _check(table.c[name])) for name, may_lack in others),
    )


def surely_fits(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether columns hold all values of a row, as a cheap look finds; if not, `misfits` decides.

    All texts are looked at in one piece: value by value, this took a twentieth of storing an article.

    >>> from unioncrawl.archive.schema import image
    >>> surely_fits(image, {"position": 0, "url": "http://a.cn/1.jpg", "caption": "会议现场"})
    True
    >>> surely_fits(image, {"position": 0, "url": "http://a.cn/1.jpg", "caption": None})
    False
    """
    look = _look(table, tuple(row))
    try:
        together = "".join([row[name] for name in look.texts])
    except TypeError:
        return False
    if not _is_keepable(together) or len(together) * _BYTES_OF_A_CHARACTER > MAX_TEXT_BYTES:
        return False
    for name in look.indexed:
        if len(row[name]) * _BYTES_OF_A_CHARACTER > MAX_INDEXED_BYTES:
            return False
    for name, may_lack, check in look.others:
        value = row[name]
        if (not may_lack) if value is None else check(value):
            return False
    return True


def misfits(table: Table, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the values of a row that their columns can't hold: the column's full name, and why."""
    for name, value in row.items():
        why = misfit(table.c[name], value)
        if why:
            yield f"{table.name}.{name}", why


def misfit(column: Column[Any], value: object) -> str:
    """Return why a column can't hold a value; empty when it can.

    >>> from unioncrawl.archive.schema import observation
    >>> misfit(observation.c.hits, 10**30)
    'an integer of 100 bits; the column holds 64'
    >>> misfit(observation.c.hits, 1024)
    ''
    """
    if value is None:
        return "" if column.nullable else "no value"
    return _check(column)(value)


@lru_cache(maxsize=256)
def _check(column: Column[Any]) -> Callable[[Any], str]:
    """Return what decides whether the column holds a value, by its type."""
    match column.type:
        case UtcTime():
            return _time_misfit
        case JSON():
            return _json_misfit
        case Boolean():
            return _truth_misfit
        case BigInteger():
            return partial(_integer_misfit, bits=64)
        case Integer():
            return partial(_integer_misfit, bits=32)
        case Float():
            return _float_misfit
    return partial(_text_misfit, max_bytes=MAX_INDEXED_BYTES if _is_indexed(column) else MAX_TEXT_BYTES)


def _is_keepable(text: str) -> bool:
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _time_misfit(value: object) -> str:
    if not isinstance(value, datetime):
        return f"no time: {value!r:.40}"
    if value.tzinfo is None:
        return f"a time without a zone: {value.isoformat()}"
    try:
        year = value.astimezone(UTC).year
    except OverflowError:
        return f"a time beyond the calendar: {value.isoformat()}"
    return "" if _FIRST_YEAR <= year <= _LAST_YEAR else f"a time at the calendar's end: {value.isoformat()}"


def _truth_misfit(value: object) -> str:
    return "" if isinstance(value, bool) else f"not a truth value: {value!r:.40}"


def _integer_misfit(value: object, bits: int) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return f"no integer: {value!r:.40}"
    needed = (value if value >= 0 else ~value).bit_length() + 1
    return "" if needed <= bits else f"an integer of {needed - 1} bits; the column holds {bits}"


def _float_misfit(value: object) -> str:
    if not isinstance(value, float | int) or not math.isfinite(value):
        return f"not a finite number: {value!r:.40}"
    return ""


def _text_misfit(value: object, max_bytes: int) -> str:
    if not isinstance(value, str):
        return f"no text: {value!r:.40}"
    found = unkeepable(value)
    if found:
        return f"characters that no archive can hold: {found}"
    # A character has at most four bytes, so that most texts need not be encoded to be counted.
    length = len(value.encode()) if len(value) * _BYTES_OF_A_CHARACTER > max_bytes else 0
    return "" if length <= max_bytes else f"{length} bytes; the column holds {max_bytes}"


def _json_misfit(value: object) -> str:
    """Look at the value as one text; only where that leaves a doubt, at all that it holds."""
    try:
        text = value if isinstance(value, JsonText) else json_text(value)
    except (TypeError, ValueError, RecursionError):
        return _nested_misfit(value)
    is_sound = _is_keepable(text) and len(text) * _BYTES_OF_A_CHARACTER <= MAX_TEXT_BYTES
    if is_sound and not _DOUBTFUL_JSON.search(text):
        return ""
    return _nested_misfit(json.loads(value) if isinstance(value, JsonText) else value)


def _nested_misfit(value: object) -> str:
    match value:
        case str():
            return _text_misfit(value, MAX_TEXT_BYTES)
        case None | bool():
            return ""
        case int():
            return _integer_misfit(value, 64)
        case float():
            return _float_misfit(value)
        case dict():
            return next(filter(None, map(_nested_misfit, (*value, *value.values()))), "")
        case list() | tuple():
            return next(filter(None, map(_nested_misfit, value)), "")
    return f"a {type(value).__name__}, which JSON lacks"


@lru_cache(maxsize=256)
def _is_indexed(column: Column[Any]) -> bool:
    uniques = [one for one in column.table.constraints if isinstance(one, UniqueConstraint)]
    indexed = {one.name for each in uniques for one in each.columns}
    indexed |= {one.name for index in column.table.indexes for one in index.columns}
    return column.primary_key or column.name in indexed
