"""How columns of the archive store values: times in UTC, JSON as one text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, TypeDecorator
from sqlalchemy.dialects.sqlite import DATETIME
from sqlalchemy.types import TypeEngine


class UtcTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC to the second (text that sorts, on SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime]:
        """Return the type: text without microseconds on SQLite, ``timestamptz`` elsewhere."""
        if dialect.name != "sqlite":
            return dialect.type_descriptor(DateTime(timezone=True))
        form = "%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d"
        return dialect.type_descriptor(DATETIME(storage_format=form))  # type: ignore[no-untyped-call]

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; a naive time is a programming error."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value.isoformat()}")
        value = value.astimezone(UTC).replace(microsecond=0)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Add the time zone again."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(str):
    """The JSON text of a value of a JSON column, as it will stand there: checked, digested and written."""

    __slots__ = ()


# Made once: `json.dumps` makes an encoder for each call with settings of its own.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def json_text(value: Any) -> str:  # noqa: ANN401 - whatever a JSON column holds
    """Return the one JSON text of a value, Chinese readable.

    >>> json_text({"题": ["工会", 1.0]})
    '{"题":["工会",1.0]}'
    """
    return _ENCODER.encode(value)
