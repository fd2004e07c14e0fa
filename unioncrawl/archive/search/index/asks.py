"""What an index is asked, and the question in the language of FTS5."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Index words, which stand side by side.

    ``prefix``: the one word is a beginning.
    """

    words: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """Candidates of every part."""

    parts: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Candidates of at least one part."""

    parts: tuple[Ask, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Candidates of ``base`` that are not candidates of ``rest``."""

    base: Ask
    rest: Ask


Ask = Words | Both | Either | Without


def fts5_query(ask: Ask) -> str:
    """Return the question in FTS5's language; words side by side are one quoted string.

    >>> fts5_query(Without(Words(("总工", "工会")), Words(("劳",), prefix=True)))
    '(("总工 工会") NOT ("劳" *))'
    """
    match ask:
        case Words(words, prefix):
            return f'("{" ".join(words)}"{" *" if prefix else ""})'
        case Both(parts):
            return "(" + " AND ".join(map(fts5_query, parts)) + ")"
        case Either(parts):
            return "(" + " OR ".join(map(fts5_query, parts)) + ")"
        case Without(base, rest):
            return f"({fts5_query(base)} NOT {fts5_query(rest)})"
