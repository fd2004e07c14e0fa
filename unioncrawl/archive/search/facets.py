"""Count how matches spread over sites, years and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from unioncrawl.archive.search.found_numbers import find_numbers
from unioncrawl.archive.search.query import Node
from unioncrawl.archive.search.spreads import Spreads

_MAX_FACET_VALUES = 20


@dataclass(frozen=True, slots=True)
class Facets:
    """How matches spread, the most frequent values first."""

    counts: dict[str, list[tuple[str, int]]] = field(default_factory=dict)


def count_with_facets(
    connection: Connection, node: Node, spreads: Spreads | None = None
) -> tuple[int, Facets]:
    """Count the articles that match, and how they spread over sites, years (in China) and sources.

    ``spreads`` of a process that counts again and again spare it reading what is known.
    """
    numbers = find_numbers(connection, node)
    return len(numbers), _facets((spreads or Spreads()).count(connection, numbers))


def count_facets(connection: Connection, node: Node) -> Facets:
    """Count how the matches spread, the most frequent values first."""
    return count_with_facets(connection, node)[1]


def _facets(counted: Mapping[str, Counter[str]]) -> Facets:
    most_first = {
        name: sorted(counter.items(), key=lambda value: (-value[1], value[0]))[:_MAX_FACET_VALUES]
        for name, counter in counted.items()
    }
    return Facets(most_first)
