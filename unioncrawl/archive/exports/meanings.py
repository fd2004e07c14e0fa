"""What fields and columns mean, in English and Chinese, and the example queries: for every codebook."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from unioncrawl.model import article_fields


@dataclass(frozen=True, slots=True)
class Meaning:
    """The same sentence in both languages."""

    english: str
    chinese: str

    def __str__(self) -> str:
        return f"{self.english} {self.chinese}"


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A query of the views that runs on either database as it stands."""

    name: str
    title: Meaning
    sql: str


def field_meanings() -> dict[str, Meaning]:
    """Return what each field of rows means, in the order of rows.

    >>> field_meanings()["photographer"].chinese
    '摄影、供图：拍摄或提供图片的人，以空格分隔。'
    """
    chinese = _read("meanings.toml")["fields"]
    return {one.name: Meaning(one.meaning, chinese[one.name]) for one in article_fields.FIELDS}


def about_view(view: str) -> Meaning:
    """Return what a row of a view is."""
    return Meaning(*_read("meanings.toml")["views"][view]["about"])


def about_table() -> dict[str, Meaning]:
    """Return what a row of each table is."""
    return {name: Meaning(*both) for name, both in _read("meanings.toml")["tables"].items()}


def column_meaning(view: str, column: str) -> Meaning:
    """Return what a column of a view means; raises KeyError for a column of neither view nor row.

    >>> column_meaning("site_days", "articles").english
    'Articles published on that day, without withdrawn ones.'
    """
    own = _read("meanings.toml")["views"][view]["columns"]
    return Meaning(*own[column]) if column in own else field_meanings()[column]


def example_queries() -> list[ExampleQuery]:
    """Return the example queries, in the order of docs/fields.md."""
    found = _read("example_queries.toml").items()
    return [ExampleQuery(name, Meaning(*one["title"]), one["sql"].strip()) for name, one in found]


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))
