r"""Whether a column can hold a value, on SQLite and PostgreSQL alike; the column's type decides.

A value that one of the two refuses is written to neither, so that an archive can move
from one to the other: PostgreSQL takes no NUL in a text, neither takes a lone surrogate
(a character cut in half, from JSON like ``"\ud83d"``), and SQLite takes no
integer beyond 64 bits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Integer, Table, UniqueConstraint

from unioncrawl.archive.column_types import UtcTime

# A time of the year 1 or 9999 leaves the calendar in some time zone.
_FIRST_YEAR, _LAST_YEAR = 2, 9998
# SQLite's own limit on a text is 1,000,000,000 bytes, PostgreSQL's 1 GiB; both for a whole row.
MAX_TEXT_BYTES = 1 << 28
# PostgreSQL refuses index rows of more than 2,704 bytes (a third of a page of 8 kB).
MAX_INDEXED_BYTES = 2_600
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
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
    match column.type:
        case UtcTime():
            return _time_misfit(value)
        case JSON():
            return _json_misfit(value)
        case Boolean():
            return "" if isinstance(value, bool) else f"not a truth value: {value!r:.40}"
        case BigInteger():
            return _integer_misfit(value, 64)
        case Integer():
            return _integer_misfit(value, 32)
        case Float():
            return _float_misfit(value)
    return _text_misfit(value, MAX_INDEXED_BYTES if _is_indexed(column) else MAX_TEXT_BYTES)


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
    length = len(value.encode()) if len(value) * 4 > max_bytes else 0
    return "" if length <= max_bytes else f"{length} bytes; the column holds {max_bytes}"


def _json_misfit(value: object) -> str:
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
            return next(filter(None, map(_json_misfit, (*value, *value.values()))), "")
        case list() | tuple():
            return next(filter(None, map(_json_misfit, value)), "")
    return f"a {type(value).__name__}, which JSON lacks"


@lru_cache(maxsize=256)
def _is_indexed(column: Column[Any]) -> bool:
    uniques = [one for one in column.table.constraints if isinstance(one, UniqueConstraint)]
    indexed = {one.name for each in uniques for one in each.columns}
    indexed |= {one.name for index in column.table.indexes for one in index.columns}
    return column.primary_key or column.name in indexed
