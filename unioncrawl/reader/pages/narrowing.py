"""The values that matches spread over, each with the query that asks for it alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unioncrawl.archive.search.query import narrowed, query_parts

# What a value in a query may not hold without quotation marks, and what not even within them.
_TO_QUOTE = re.compile(r"[\s()（）]|^$")
_UNSAYABLE = re.compile(r"[\"“”]")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value, how many matches have it, and the query for these; no query where none can be written."""

    label: str
    number: int
    query: str
    is_taken: bool


def filter_text(field: str, value: str) -> str:
    """Write a filter as a query has it; empty for a value that no query can have.

    >>> filter_text("source", "工人日报"), filter_text("source", "东河 日报"), filter_text("source", "“东”报")
    ('source:工人日报', 'source:"东河 日报"', '')
    """
    if _UNSAYABLE.search(value):
        return ""
    return f'{field}:"{value}"' if _TO_QUOTE.search(value) else f"{field}:{value}"


def make_choices(
    query: str, facets: Mapping[str, Sequence[tuple[str, int]]], names: Mapping[str, str]
) -> dict[str, list[Choice]]:
    """Return the choices by facet; ``names``: what sites are called."""
    parts = set(query_parts(query))
    return {
        facet: [_choice(query, parts, facet, (value, number), names) for value, number in counted]
        for facet, counted in facets.items()
    }


def _choice(
    query: str, parts: set[str], facet: str, counted: tuple[str, int], names: Mapping[str, str]
) -> Choice:
    value, number = counted
    written = "" if not value else _asked(facet, value)
    is_taken = bool(written) and set(query_parts(written)) <= parts
    label = names.get(value, value) if facet == "site" else value
    return Choice(label, number, narrowed(query, written) if written else "", is_taken)


def _asked(facet: str, value: str) -> str:
    if facet == "year":
        return f"since:{value} until:{value}"
    return filter_text(facet, value)
