"""What else to ask where a query finds nothing: its parts alone, or a long word in pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import Connection

from unioncrawl.archive.search.query import Not, Term, parse_query, query_parts
from unioncrawl.reader.reading import Reader

_MOST_PARTS = 6
_PIECE = 2
_LONG_WORD = re.compile(r"[\u3400-\u9fff]{4,12}")


@dataclass(frozen=True, slots=True)
class OtherQuery:
    """A query that is less than what was asked, and how many articles it finds."""

    query: str
    number: int


def other_queries(reader: Reader, connection: Connection, query: str) -> list[OtherQuery]:
    """Return what finds something; of a query of several parts each part, whatever it finds.

    Which of the parts finds nothing is what a reader wants to know.
    """
    parts = query_parts(query)[:_MOST_PARTS]
    asked = list(parts) if len(parts) > 1 else [in_pieces(query)]
    nodes = {one: parse_query(one) for one in asked if one}
    found = [
        OtherQuery(one, reader.total(connection, node))
        for one, node in nodes.items()
        if not isinstance(node, Not)
    ]
    return found if len(parts) > 1 else [one for one in found if one.number]


def in_pieces(query: str) -> str:
    """Write one long word as its pairs of characters, which need not stand together; empty for another query.

    >>> in_pieces("职工技能比武"), in_pieces('"送清凉活动"'), in_pieces("工会"), in_pieces("site:linxi")
    ('职工 技能 比武', '送清 凉活 动', '', '')
    """
    node = parse_query(query)
    if not isinstance(node, Term) or not _LONG_WORD.fullmatch(query.strip('"“” ')):
        return ""
    word = query.strip('"“” ')
    return " ".join(word[place : place + _PIECE] for place in range(0, len(word), _PIECE))
